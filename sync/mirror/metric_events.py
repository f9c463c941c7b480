"""Writes what Zendesk tells of its own SLA clocks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from sync.mirror.arrival import Arrival
from sync.warehouse.decoding import decoder_of
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.upsert import upsert


def write_metric_events(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store metric events; our own clocks are compared with them once more."""
    columns = decoder_of(ticket_metric_events).columns
    upsert(connection, ticket_metric_events, rows, arrival.stamp(), columns=columns)
    note_stale(connection, {row.ticket_id for row in rows})
