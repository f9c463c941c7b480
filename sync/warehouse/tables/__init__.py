"""Every table of the warehouse; importing this package registers them all."""

from sync.warehouse.tables import (
    configuration,
    cursors,
    history,
    people,
    policies,
    quarantine,
    rereads,
    sla,
    tickets,
)

__all__ = [
    "configuration",
    "cursors",
    "history",
    "people",
    "policies",
    "quarantine",
    "rereads",
    "sla",
    "tickets",
]
