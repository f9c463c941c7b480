"""A believable past for a new sandbox."""
