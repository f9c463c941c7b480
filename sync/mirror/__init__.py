"""Moves pages from Zendesk into the warehouse and proves that both agree."""
