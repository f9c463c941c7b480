"""SQL over the inbox; never commits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, update

from integrations.redaction.keys import redactor_of
from integrations.runtime.database import insert_into
from integrations.webhooks.events import Delivery
from integrations.webhooks.tables import deliveries

REPLAYED = "replayed"  # while waiting again: the ticket is read even if nothing seems new


def store(
    connection: Connection, arrived: Sequence[Delivery], *, source: str, now: datetime
) -> None:
    """Insert deliveries, without secrets; one that is there only counts one copy more."""
    if not arrived:
        return
    insert = insert_into(connection, deliveries)
    statement = insert.on_conflict_do_update(
        index_elements=["dedupe_key"], set_={"copies": deliveries.c.copies + 1}
    )
    redactor = redactor_of(connection)
    rows = [_row(one, body=redactor.json_text(one.body), source=source, now=now) for one in arrived]
    connection.execute(statement, rows)


def _row(delivery: Delivery, *, body: str, source: str, now: datetime) -> dict[str, Any]:
    work = delivery.mark == "event"
    return {
        "dedupe_key": delivery.dedupe_key,
        "source": source,
        "mark": delivery.mark.value,
        "event_type": delivery.event_type,
        "ticket_id": delivery.ticket_id,
        "actor_id": delivery.actor_id,
        "happened_at": delivery.happened_at,
        "body": body,
        "received_at": now,
        "due_at": now,
        "handled_at": None if work else now,
        "outcome": None if work else "recorded",
    }


def waiting(connection: Connection, ticket_id: int, *, now: datetime) -> Sequence[RowMapping]:
    """Return the ticket's deliveries that are due and not handled, oldest first."""
    query = (
        select(
            deliveries.c.id,
            deliveries.c.event_type,
            deliveries.c.attempts,
            deliveries.c.actor_id,
            deliveries.c.happened_at,
            deliveries.c.outcome,
        )
        .where(deliveries.c.ticket_id == ticket_id, deliveries.c.handled_at.is_(None))
        .where(deliveries.c.due_at <= now)
        .order_by(deliveries.c.id)
    )
    return connection.execute(query).mappings().all()


def tickets_waiting(
    connection: Connection, *, now: datetime, received_before: datetime | None = None, limit: int
) -> list[int]:
    """Return tickets with deliveries that are due and that nobody has handled yet."""
    query = (
        select(deliveries.c.ticket_id)
        .where(deliveries.c.handled_at.is_(None), deliveries.c.due_at <= now)
        .where(deliveries.c.ticket_id.is_not(None))
        .group_by(deliveries.c.ticket_id)
        .order_by(func.min(deliveries.c.id))
        .limit(limit)
    )
    if received_before is not None:
        query = query.where(deliveries.c.received_at <= received_before)
    return [int(ticket_id) for ticket_id in connection.scalars(query)]


def covered_tickets(connection: Connection, ticket_ids: Collection[int]) -> set[int]:
    """Return those of the tickets that have a delivery waiting."""
    query = select(deliveries.c.ticket_id).where(
        deliveries.c.ticket_id.in_(ticket_ids), deliveries.c.handled_at.is_(None)
    )
    return {int(ticket_id) for ticket_id in connection.scalars(query)}


def mark_handled(
    connection: Connection, ids: Collection[int], *, outcome: str, now: datetime
) -> None:
    """Close deliveries with what became of them."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids), deliveries.c.handled_at.is_(None))
        .values(handled_at=now, outcome=outcome, attempts=deliveries.c.attempts + 1)
    )


def postpone(connection: Connection, ids: Collection[int], *, until: datetime) -> None:
    """Count a failed attempt and set when to try again."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids), deliveries.c.handled_at.is_(None))
        .values(due_at=until, attempts=deliveries.c.attempts + 1)
    )


def reopen(connection: Connection, ids: Collection[int], *, now: datetime) -> int:
    """Make handled ticket events wait again (replay); returns how many."""
    result = connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids), deliveries.c.ticket_id.is_not(None))
        .values(handled_at=None, outcome=REPLAYED, attempts=0, due_at=now)
    )
    return int(result.rowcount)


def select_for_replay(
    connection: Connection,
    *,
    ids: Collection[int] = (),
    outcome: str | None = None,
    since: datetime | None = None,
) -> list[int]:
    """Return ids of ticket events that were handled and match every given filter."""
    query = select(deliveries.c.id).where(
        deliveries.c.ticket_id.is_not(None), deliveries.c.handled_at.is_not(None)
    )
    if ids:
        query = query.where(deliveries.c.id.in_(ids))
    if outcome is not None:
        query = query.where(deliveries.c.outcome == outcome)
    if since is not None:
        query = query.where(deliveries.c.received_at >= since)
    return [int(one) for one in connection.scalars(query)]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many deliveries wait, failed, came by sync, came twice, and came in all."""
    waiting_now = deliveries.c.handled_at.is_(None)
    row = (
        connection.execute(
            select(
                func.count().label("stored"),
                func.count().filter(waiting_now).label("waiting"),
                func.count().filter(deliveries.c.outcome == "failed").label("failed"),
                func.count().filter(deliveries.c.source == "sync").label("caught_up"),
                func.count().filter(deliveries.c.mark != "event").label("marked"),
                func.coalesce(func.sum(deliveries.c.copies - 1), 0).label("duplicates"),
            )
        )
        .mappings()
        .one()
    )
    return {name: int(value) for name, value in row.items()}
