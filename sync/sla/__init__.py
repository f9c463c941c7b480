"""SLA clocks: schedules, policies, timeline and engine, all pure; storage beside them."""
