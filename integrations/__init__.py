"""Ground floor: everything that touches the outside world."""
