"""SQL over the outbox; never commits."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, RowMapping, Select, Text, cast, func, select, update

from automations.actions.plan import OPEN_STATES, Action, Kind, State
from automations.actions.tables import actions
from integrations.runtime.database import insert_into

NOTHING_TO_SAY = "{}"  # how both databases write an empty object


def plan(connection: Connection, planned: Iterable[Action], *, state: State, now: datetime) -> None:
    """Insert actions; one whose key is already there is left as it is."""
    rows = [
        {
            "ticket_id": action.ticket_id,
            "key": action.key,
            "kind": action.kind.value,
            "changes": msgspec.to_builtins(action.changes),
            "state": state.value,
            "due_at": now,
            "planned_at": now,
            "finished_at": None if state in OPEN_STATES else now,
        }
        for action in planned
    ]
    if rows:
        insert = insert_into(connection, actions)
        connection.execute(insert.on_conflict_do_nothing(index_elements=["key"]), rows)


def keys_of(connection: Connection, ticket_id: int) -> set[str]:
    """Return the keys of every action ever planned for a ticket."""
    return set(connection.scalars(select(actions.c.key).where(actions.c.ticket_id == ticket_id)))


def known_keys(connection: Connection, keys: Collection[str]) -> set[str]:
    """Return which of these keys some action bears."""
    return set(connection.scalars(select(actions.c.key).where(actions.c.key.in_(keys))))


def has_effect(connection: Connection, ticket_id: int, kind: Kind) -> bool:
    """Tell whether an action of this kind was planned for the ticket and not skipped."""
    query = select(actions.c.id).where(
        actions.c.ticket_id == ticket_id,
        actions.c.kind == kind.value,
        actions.c.state != State.SKIPPED.value,
    )
    return connection.execute(query).first() is not None


def first_open(connection: Connection, ticket_id: int) -> RowMapping | None:
    """Return the ticket's oldest unfinished action: later ones wait for it."""
    query = (
        select(actions)
        .where(actions.c.ticket_id == ticket_id, actions.c.state.in_(OPEN_STATES))
        .order_by(actions.c.id)
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def tickets_due(connection: Connection, *, now: datetime, limit: int) -> list[int]:
    """Return tickets whose first unfinished action is due: later ones wait for it."""
    first = (
        select(func.min(actions.c.id))
        .where(actions.c.state.in_(OPEN_STATES))
        .group_by(actions.c.ticket_id)
    )
    query = (
        select(actions.c.ticket_id)
        .where(actions.c.id.in_(first), actions.c.due_at <= now)
        .order_by(actions.c.id)
        .limit(limit)
    )
    return [int(ticket_id) for ticket_id in connection.scalars(query)]


def with_words(connection: Connection, among: Select[int]) -> set[int]:
    """Return those of these tickets of which the outbox still says what was to be written."""
    says = cast(actions.c.changes, Text) != NOTHING_TO_SAY
    return set(
        connection.scalars(select(actions.c.ticket_id).where(actions.c.ticket_id.in_(among), says))
    )


def forget_words(connection: Connection, ticket_id: int, *, now: datetime) -> None:
    """Forget what was to be written on an erased ticket; what was still to be done is skipped.

    That there were actions, and what became of them, stays.
    """
    of_ticket = actions.c.ticket_id == ticket_id
    is_open = actions.c.state.in_(OPEN_STATES)
    connection.execute(
        update(actions)
        .where(of_ticket, is_open)
        .values(state=State.SKIPPED.value, finished_at=now, result="The ticket is erased.")
    )
    connection.execute(update(actions).where(of_ticket).values(changes={}))


def mark_sending(connection: Connection, action_id: int) -> None:
    """Record, before the request leaves, that it may take effect from now on."""
    connection.execute(
        update(actions)
        .where(actions.c.id == action_id)
        .values(state=State.SENDING.value, attempts=actions.c.attempts + 1)
    )


def postpone(
    connection: Connection, action_id: int, *, until: datetime, attempts: int, result: str
) -> None:
    """Try the action again later; `attempts` is how many count so far."""
    connection.execute(
        update(actions)
        .where(actions.c.id == action_id)
        .values(due_at=until, attempts=attempts, result=result)
    )


def finish(
    connection: Connection,
    action_id: int,
    *,
    state: State,
    now: datetime,
    result: str | None = None,
    audit_id: int | None = None,
) -> None:
    """Close an action."""
    connection.execute(
        update(actions)
        .where(actions.c.id == action_id)
        .values(state=state.value, finished_at=now, result=result, audit_id=audit_id)
    )


def drop_open(connection: Connection, ticket_id: int, *, result: str, now: datetime) -> None:
    """Skip every unfinished action of a ticket that vanished."""
    connection.execute(
        update(actions)
        .where(actions.c.ticket_id == ticket_id, actions.c.state.in_(OPEN_STATES))
        .values(state=State.SKIPPED.value, finished_at=now, result=result)
    )


def listing(
    connection: Connection, *, states: Collection[str], limit: int = 200
) -> Sequence[RowMapping]:
    """Return actions in these states, newest first."""
    query = select(actions).where(actions.c.state.in_(states)).order_by(actions.c.id.desc())
    return connection.execute(query.limit(limit)).mappings().all()


def revive(connection: Connection, ids: Collection[int], *, now: datetime) -> list[int]:
    """Make dead actions wait again (all of them when no ids are given); return their tickets.

    They come back as `sending`: an attempt was made, so the ticket is looked at first.
    """
    dead = actions.c.state == State.DEAD.value
    chosen = dead & actions.c.id.in_(ids) if ids else dead
    tickets = list(connection.scalars(select(actions.c.ticket_id).where(chosen).distinct()))
    connection.execute(
        update(actions)
        .where(chosen)
        .values(state=State.SENDING.value, attempts=0, due_at=now, finished_at=None)
    )
    return [int(ticket_id) for ticket_id in tickets]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many actions there are in each state."""
    query = select(actions.c.state, func.count()).group_by(actions.c.state)
    return {str(state): int(number) for state, number in connection.execute(query)}
