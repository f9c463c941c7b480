"""Reports on SLA clocks: attainment, forecast of breaches, and files for people."""
