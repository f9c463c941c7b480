"""When people work: time zones, opening hours, holidays."""
