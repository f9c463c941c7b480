"""Proves that the warehouse equals Zendesk, says where not and why, and puts it right."""
