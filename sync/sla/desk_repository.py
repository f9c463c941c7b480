"""Writes ticket_marks; never commits."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import asdict
from sqlalchemy import Connection, delete, insert

from sync.sla.marks import TicketMarks
from sync.warehouse.tables.marks import ticket_marks


def replace_marks(
    connection: Connection,
    ticket_ids: Collection[int],
    marks: Mapping[int, TicketMarks],
    *,
    now: datetime,
) -> None:
    """Put these marks in the place of all that the tickets had."""
    connection.execute(delete(ticket_marks).where(ticket_marks.c.ticket_id.in_(ticket_ids)))
    rows = [
        asdict(its) | {"ticket_id": ticket_id, "read_at": now} for ticket_id, its in marks.items()
    ]
    if rows:
        connection.execute(insert(ticket_marks), rows)
