"""Webhooks: what is subscribed, and what an event says."""
