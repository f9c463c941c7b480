"""What the list of deleted tickets says about tickets: since when they are in the bin."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, update

from sync.warehouse.stale import note_stale
from sync.warehouse.tables.tickets import tickets

DELETED = "deleted"


def mark_deleted(
    connection: Connection, deletions: Collection[tuple[int, datetime]], *, read_at: datetime
) -> None:
    """Mark tickets as deleted that were deleted then, unless a newer state of them is stored.

    Zendesk lets the deletion be the newest update of a ticket.
    """
    rows = [{"ticket": number, "moment": moment} for number, moment in sorted(deletions)]
    if not rows:
        return
    mark = (
        update(tickets)
        .where(
            tickets.c.id == bindparam("ticket"),
            or_(tickets.c.deleted_at.is_(None), tickets.c.deleted_at < bindparam("moment")),
            tickets.c.updated_at <= bindparam("moment"),
            tickets.c["_synced_at"] <= read_at,
        )
        .values(
            status=DELETED,
            deleted_at=bindparam("moment"),
            updated_at=bindparam("moment"),
            _synced_at=read_at,
        )
    )
    connection.execute(mark, rows)
    note_stale(connection, [number for number, _ in deletions])
