"""Second floor: the warehouse that mirrors Zendesk, and the SLA clocks read from it."""
