"""Tickets that name the same hard indicator belong together; they form a case."""
