"""Finds tickets whose newest state no worker has read: webhooks are a hint, the mirror knows."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from sync.warehouse.tables.tickets import tickets


class Uncovered(NamedTuple):
    """A ticket that still has to be worked on; `updated_at` names the state."""

    ticket_id: int
    updated_at: datetime
    created_at: datetime
    status: str


def uncovered(
    connection: Connection,
    ticket_ids: Collection[int] | None = None,
    *,
    changed_since: datetime | None = None,
) -> list[Uncovered]:
    """Return tickets that changed after the desk last read them, oldest change first.

    `changed_since` leaves the past out, so that a first copy of an old account starts no work.
    Whether a delivery is already waiting for a ticket, the inbox knows.
    """
    table, handled = tickets.c, tickets.c.handled_version
    query = (
        select(table.id, table.updated_at, table.created_at, table.status)
        .where(or_(handled.is_(None), handled < table.updated_at))
        .order_by(table.updated_at, table.id)
    )
    if ticket_ids is not None:
        query = query.where(table.id.in_(ticket_ids))
    if changed_since is not None:
        query = query.where(table.updated_at >= changed_since)
    return [Uncovered(*row) for row in connection.execute(query)]
