"""Webhook deliveries: queued, signed, sent, retried and logged."""
