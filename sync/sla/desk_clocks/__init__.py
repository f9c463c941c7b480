"""The clocks of the desk and of its regulators: rules as data, dates by calendar, no database."""
