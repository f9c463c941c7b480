"""The `riskdesk` command: one module a command group."""
