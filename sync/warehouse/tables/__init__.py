"""Every table of the warehouse; importing this package registers them all."""

from sync.warehouse.tables import (
    aftermath,
    configuration,
    conversations,
    cursors,
    history,
    marks,
    metric_events,
    people,
    policies,
    quarantine,
    rereads,
    rules,
    sla,
    tickets,
    versions,
)

__all__ = [
    "aftermath",
    "configuration",
    "conversations",
    "cursors",
    "history",
    "marks",
    "metric_events",
    "people",
    "policies",
    "quarantine",
    "rereads",
    "rules",
    "sla",
    "tickets",
    "versions",
]
