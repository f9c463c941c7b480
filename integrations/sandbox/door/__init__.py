"""The way in: who may ask, what it costs, the API itself, and a page to look at."""
