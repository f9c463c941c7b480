"""The `riskdesk` command: one module a command group."""

from riskdesk.commands.root import main

__all__ = ["main"]
