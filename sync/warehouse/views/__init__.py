"""Views that answer the everyday questions of the desk's operations."""
