"""What Zendesk deleted for good is gone here too: a tombstone stays, and nothing revives it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, or_, select, update

from integrations.runtime.database import insert_into
from sync.mirror.redactions import note_rereads
from sync.warehouse.bulk import among
from sync.warehouse.tables.aftermath import satisfaction_ratings
from sync.warehouse.tables.conversations import side_conversation_events, side_conversations
from sync.warehouse.tables.history import (
    comment_redactions,
    ticket_audits,
    ticket_comments,
    ticket_field_history,
)
from sync.warehouse.tables.people import users
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.rereads import pending_erasures, ticket_rereads
from sync.warehouse.tables.tickets import ticket_field_values, ticket_tags, tickets
from sync.warehouse.tombstones import SCRUBBED, emptied, is_scrubbed_ticket, raw_tombstone
from sync.warehouse.traces import useful

# Tables that hold what was said and filled in on a ticket; rows of a tombstone are deleted.
CONTENTS: tuple[Table, ...] = (
    *(ticket_comments, ticket_audits, ticket_field_history, ticket_field_values, ticket_tags),
    *(side_conversation_events, side_conversations, satisfaction_ratings),
    *(comment_redactions, ticket_rereads, quarantined_records),
)


def any_erased(connection: Connection, table: Table) -> bool:
    """Tell whether a table holds tombstones at all: the usual answer, no, costs next to nothing."""
    query = select(table.c.id).where(table.c.erased_at.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def erased_among(connection: Connection, table: Table, ids: Collection[int]) -> set[int]:
    """Return which of these tickets or users are tombstones."""
    if not ids or not any_erased(connection, table):
        return set()
    query = select(table.c.id).where(
        table.c.erased_at.is_not(None), among(connection, table.c.id, ids)
    )
    return set(connection.scalars(query))


def of_living(connection: Connection, rows: Sequence[Any]) -> list[Any]:
    """Return those of the rows whose ticket is no tombstone."""
    erased = erased_among(connection, tickets, {row.ticket_id for row in rows})
    return [row for row in rows if row.ticket_id not in erased]


def settle_tickets(connection: Connection, rows: Sequence[Any], *, now: datetime) -> None:
    """Put the tickets that were just stored in order: bury those that Zendesk scrubbed.

    A scrubbed ticket that comes alive was none: a customer wrote that word, and somebody deleted
    and restored the ticket. What was taken from it is read anew.
    """
    scrubbed = [row.id for row in rows if is_scrubbed_ticket(row)]
    if scrubbed:
        bury_tickets(connection, _still_scrubbed(connection, scrubbed), now=now)
    ids = {row.id for row in rows}
    alive = tickets.c.erased_at.is_not(None), tickets.c.deleted_at.is_(None)
    if any_erased(connection, tickets):
        back = set(
            connection.scalars(
                select(tickets.c.id).where(among(connection, tickets.c.id, ids), *alive)
            )
        )
        if back:
            restored = update(tickets).where(among(connection, tickets.c.id, back))
            connection.execute(restored.values(erased_at=None))
            note_rereads(connection, back, reason="restored", now=now)


def bury_tickets(connection: Connection, ids: Collection[int], *, now: datetime) -> None:
    """Leave tombstones of these tickets, and nothing of what was in them."""
    if not ids:
        return
    tombstone = (
        update(tickets)
        .where(tickets.c.id == bindparam("ticket"))
        .values(
            emptied(tickets)
            | {"raw": bindparam("kept"), "erased_at": func.coalesce(tickets.c.erased_at, now)}
        )
    )
    connection.execute(
        tombstone, [{"ticket": number, "kept": raw_tombstone(number)} for number in sorted(ids)]
    )
    forget_contents(connection, ids)


def forget_contents(connection: Connection, ids: Collection[int]) -> None:
    """Delete what was said and filled in on these tickets."""
    for table in CONTENTS:
        connection.execute(delete(table).where(among(connection, table.c.ticket_id, ids)))


def note_erased_people(connection: Connection, ids: Collection[int], *, now: datetime) -> None:
    """Remember by what copies of these people are found, before their rows lose it."""
    if not ids:
        return
    told = users.c
    query = select(told.id, told.email, told.phone, told.erased_at, told.raw)
    stored = {
        row.id: row for row in connection.execute(query.where(among(connection, told.id, ids)))
    }
    rows = [
        {"user_id": id_, "traces": _traces(stored.get(id_)), "noted_at": now}
        for id_ in sorted(ids)
        if id_ not in stored or stored[id_].erased_at is None
    ]
    if rows:
        statement = insert_into(connection, pending_erasures)
        connection.execute(statement.on_conflict_do_nothing(), rows)


def bury_people(connection: Connection, ids: Collection[int], *, now: datetime) -> None:
    """Leave tombstones of these people."""
    if not ids:
        return
    tombstone = (
        update(users)
        .where(users.c.id == bindparam("person"), users.c.erased_at.is_(None))
        .values(emptied(users) | {"raw": bindparam("kept"), "erased_at": now})
    )
    rows = [{"person": number, "kept": raw_tombstone(number)} for number in sorted(ids)]
    connection.execute(tombstone, rows)
    kept = quarantined_records.c
    of_people = kept.stream == "users", kept.record_id.in_([str(number) for number in ids])
    connection.execute(delete(quarantined_records).where(and_(*of_people)))


def _still_scrubbed(connection: Connection, ids: Collection[int]) -> set[int]:
    """Return which of these tickets are stored as scrubbed; a newer state may be there."""
    stored = tickets.c
    scrubbed = and_(stored.subject == SCRUBBED, stored.description == SCRUBBED)
    query = select(stored.id).where(
        among(connection, stored.id, ids),
        stored.deleted_at.is_not(None),
        or_(scrubbed, stored.erased_at.is_not(None)),
    )
    return set(connection.scalars(query))


def _traces(row: Any) -> list[str] | None:
    if row is None:
        return None
    raw = row.raw if isinstance(row.raw, dict) else {}
    return sorted(useful([row.email, row.phone, raw.get("email"), raw.get("phone")]))
