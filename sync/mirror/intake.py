"""Stores one ticket that was just read from Zendesk, as the pipeline does for every delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from integrations.runtime.clock import parse_instant
from sync.mirror import unconfirmed
from sync.mirror.erasure import bury_tickets
from sync.mirror.landing import Arrival, land
from sync.warehouse.records import as_raw
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.tickets import tickets


def store_ticket(
    connection: Connection,
    ticket: dict[str, Any],
    audits: Sequence[dict[str, Any]],
    *,
    source: str,
    now: datetime,
) -> None:
    """Bring a ticket with its audits into the mirror and note that the desk has seen this state.

    `now` is when Zendesk was asked, by its own clock: exports tell that time too. Never goes back
    in time; what cannot be read goes to quarantined_records.
    """
    way = Source(source)
    if land(connection, tickets, [as_raw(ticket)], Arrival("tickets", way, now)).rows:
        _note_handled(connection, ticket)
    land(connection, ticket_audits, map(as_raw, audits), Arrival("ticket_events", way, now))


def mark_vanished(connection: Connection, ticket_id: int, *, now: datetime) -> None:
    """Mark a ticket that Zendesk does not have any more as deleted; its last state stays.

    `now` is when Zendesk said so, by its own clock: a state that was read later stays alive. An
    answer may tell of a moment before it was sent, so Zendesk is asked once more later.
    """
    gone = (
        tickets.c.id == ticket_id,
        tickets.c.deleted_at.is_(None),
        tickets.c["_synced_at"] <= now,
    )
    values = {"status": "deleted", "deleted_at": now, "_synced_at": now}
    if connection.execute(update(tickets).where(*gone).values(values)).rowcount:
        unconfirmed.note(connection, ticket_id, now=now)
        note_stale(connection, [ticket_id])


def mark_erased(connection: Connection, ticket_id: int, *, now: datetime) -> None:
    """Leave only a tombstone of a ticket that Zendesk deleted for good and has no more."""
    mark_vanished(connection, ticket_id, now=now)
    gone = tickets.c.id == ticket_id, tickets.c.deleted_at.is_not(None)
    bury_tickets(connection, connection.scalars(select(tickets.c.id).where(*gone)).all(), now=now)


def handled_version(connection: Connection, ticket_id: int) -> datetime | None:
    """Return `updated_at` of the newest state of the ticket that the desk worked on."""
    query = select(tickets.c.handled_version).where(tickets.c.id == ticket_id)
    return connection.scalar(query)


def _note_handled(connection: Connection, ticket: dict[str, Any]) -> None:
    seen = parse_instant(ticket["updated_at"])
    handled = tickets.c.handled_version
    connection.execute(
        update(tickets)
        .where(tickets.c.id == int(ticket["id"]), or_(handled.is_(None), handled < seen))
        .values(handled_version=seen)
    )
