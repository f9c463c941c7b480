"""The demo: one working day of a risk-control desk, played against the sandbox."""
