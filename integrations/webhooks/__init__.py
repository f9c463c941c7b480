"""Receives signed Zendesk deliveries and stores them in the inbox before answering."""
