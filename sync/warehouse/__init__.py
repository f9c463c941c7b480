"""Tables of the mirror and how rows are written."""
