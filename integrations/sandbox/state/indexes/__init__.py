"""The orders and indexes in which lists, exports and searches read the account."""
