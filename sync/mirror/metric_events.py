"""Writes what Zendesk tells of its own SLA clocks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from sync.mirror.arrival import Arrival
from sync.warehouse.bulk import among
from sync.warehouse.decoding import decoder_of
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.upsert import upsert


def write_metric_events(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store metric events; our own clocks are compared once more with those that are news.

    Breaches that lie ahead are read again each time, and mostly as they were.
    """
    columns = decoder_of(ticket_metric_events).columns
    upsert(connection, ticket_metric_events, rows, arrival.stamp(), columns=columns)
    stored = ticket_metric_events.c
    news = select(stored.ticket_id).where(
        among(connection, stored.id, [row.id for row in rows]),
        stored["_synced_at"] == arrival.read_at,
    )
    note_stale(connection, set(connection.scalars(news)))
