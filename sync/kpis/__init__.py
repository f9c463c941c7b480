"""The desk's key figures: read from their view, and explained on their page."""
