"""Which department owns a complaint, and whether it has answered."""
