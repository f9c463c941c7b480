"""What customers, agents and departments write in the believable past."""
