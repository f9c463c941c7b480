"""Table definitions of the mirror, one module a group."""
