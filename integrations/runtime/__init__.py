"""What the process itself is plugged into: settings, errors, database, broker, clock, logs."""
