"""Tickets that lists no longer tell of: asked for by their ids, a hundred in one request.

A sweep lists every ticket but those in the archive, so one that it leaves out was deleted, or was
archived while the mirror stood still. One that left the bin was restored, or deleted for good.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, delete, select, update

from integrations.runtime.database import insert_into, reading, transaction
from integrations.zendesk.export import Page
from sync.mirror.arrival import Arrival
from sync.mirror.intake import mark_erased, mark_vanished
from sync.mirror.landing import land
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.rereads import ticket_rereads
from sync.warehouse.tables.tickets import ticket_metrics, tickets

NOT_LISTED = "a list left it out"
CLOSED = "closed"  # only closed tickets are archived
AT_ONCE = 100
STREAM = "ticket_sweep"

Show = Callable[[Sequence[int]], Page]  # the tickets with these ids, without those that are gone


def note_unlisted(
    connection: Connection, span: tuple[int, int], listed: Collection[int], *, now: datetime
) -> None:
    """Note living tickets that a page, which should hold all of this span, did not list."""
    above, until = span
    alive = select(tickets.c.id).where(
        tickets.c.id > above,
        tickets.c.id <= until,
        tickets.c.deleted_at.is_(None),
        tickets.c.status != CLOSED,
        tickets.c["_synced_at"] <= now,  # what was read after the page may not have been there
    )
    missing = [number for number in connection.scalars(alive) if number not in listed]
    note(connection, missing, reason=NOT_LISTED, now=now)


def note(
    connection: Connection, ticket_ids: Collection[int], *, reason: str, now: datetime
) -> None:
    """Note tickets that have to be read by themselves; one that is noted already will be."""
    if not ticket_ids:
        return
    statement = insert_into(connection, ticket_rereads)
    connection.execute(
        statement.on_conflict_do_nothing(),
        [{"ticket_id": id_, "reason": reason, "noted_at": now} for id_ in sorted(ticket_ids)],
    )


def settle(engine: Engine, show: Show) -> int:
    """Find out what became of tickets that lists left out and of those that left the bin.

    Returns how many were asked for; each of them is alive, deleted or erased afterwards.
    """
    with reading(engine) as connection:
        unlisted = list(connection.scalars(_noted()))
        unbinned = list(connection.scalars(_out_of_the_bin()))
    for ids, is_binned in ((unlisted, False), (unbinned, True)):
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            _settle(engine, some, show(some), is_binned=is_binned)
    return len(unlisted) + len(unbinned)


def _settle(engine: Engine, ids: Sequence[int], page: Page, *, is_binned: bool) -> None:
    arrival = Arrival(STREAM, Source.EXPORT, page.server_time)
    with transaction(engine) as connection:
        shown = land(connection, tickets, page.records, arrival).keys
        land(connection, ticket_metrics, page.sideloads.get("metric_sets", ()), arrival)
        for number in ids:
            if number not in shown:
                mark = mark_erased if is_binned else mark_vanished
                mark(connection, number, now=page.server_time)
        noted = ticket_rereads.c
        settled = noted.ticket_id.in_(ids), noted.reason == NOT_LISTED
        connection.execute(delete(ticket_rereads).where(*settled))


def _noted() -> Select[int]:
    noted = ticket_rereads.c
    return select(noted.ticket_id).where(noted.reason == NOT_LISTED).order_by(noted.ticket_id)


def _out_of_the_bin() -> Select[int]:
    """Select the deleted tickets that the bin holds no longer, until it is known why."""
    is_out = ticket_deletions.c.deleted_at.is_not(None)
    query = select(tickets.c.id).join(ticket_deletions, ticket_deletions.c.id == tickets.c.id)
    still = tickets.c.deleted_at.is_not(None), tickets.c.erased_at.is_(None)
    return query.where(is_out, *still).order_by(tickets.c.id)


def compare_span(
    connection: Connection,
    table: Table,
    span: tuple[int, int],
    listed: Collection[Any],
    *,
    now: datetime,
) -> None:
    """Notice what a page of a sweep, which should hold all of this span, did not list."""
    if table is tickets:
        note_unlisted(connection, span, listed, now=now)
    elif table is ticket_deletions:
        _leave_bin(connection, span, listed, now=now)


def _leave_bin(
    connection: Connection, span: tuple[int, int], listed: Collection[Any], *, now: datetime
) -> None:
    """Mark deletions that the bin holds no longer."""
    deletion, (above, until) = ticket_deletions.c, span
    kept = select(deletion.id).where(
        deletion.id > above,
        deletion.id <= until,
        deletion.deleted_at.is_(None),
        deletion["_synced_at"] <= now,
    )
    gone = [number for number in connection.scalars(kept) if number not in listed]
    if gone:
        left = update(ticket_deletions).where(deletion.id.in_(gone))
        connection.execute(left.values(deleted_at=now))
