"""Zendesk's own account of its clocks beside ours: where they differ, and why."""
