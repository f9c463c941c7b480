"""Third floor: what the desk decides and does."""
