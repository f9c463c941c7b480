"""Tickets: how they begin, change and end, what is said on them, and files, mergers, the bin."""
