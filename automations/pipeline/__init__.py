"""The way of a ticket through the desk: lease, read, assess, decide, record, act."""
