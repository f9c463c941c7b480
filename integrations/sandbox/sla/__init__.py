"""SLA clocks of the sandbox: which policy promises what, and the metric events that follow."""
