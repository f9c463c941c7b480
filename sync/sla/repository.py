"""Writes sla_clocks and the history of their targets; never commits."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Raw
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
)

from sync.sla.clocks import INSTANTS, Clock
from sync.sla.explain import explain
from sync.sla.moments import written
from sync.warehouse.bulk import Columns, Newer, Target, among, put
from sync.warehouse.tables.sla import sla_clock_targets, sla_clocks

LOCK, LOCKS = 7_061_990, 64  # our own number among a database's advisory locks; how many


def _tells_otherwise(table: Table) -> Newer:
    """Leave rows alone that say the same: of a ticket's clocks most are finished."""
    names = [
        column.name
        for column in table.columns
        if not column.primary_key and column.name != "computed_at"
    ]

    def differs(stored: Columns, new: Columns) -> ColumnElement[bool]:
        return or_(*(new[name].is_distinct_from(stored[name]) for name in names))

    return differs


_CLOCKS = Target(
    sla_clocks,
    (
        *("ticket_id", "metric", "instance", "state", *INSTANTS, "elapsed_seconds", "breached"),
        *("policy_id", "policy_title", "priority", "target_seconds", "business_hours"),
        *("schedule_id", "schedule_version", "paused_spells", "source", "unknown_reason"),
        *("remaining_seconds", "explanation"),
    ),
    ("computed_at",),
    _tells_otherwise(sla_clocks),
    frozenset(INSTANTS),
)
_TARGETS = Target(
    sla_clock_targets,
    (
        *("ticket_id", "metric", "instance", "position", "applied_at", "policy_id"),
        *("policy_title", "priority", "target_seconds", "business_hours", "schedule_id"),
        "schedule_version",
    ),
    (),
    _tells_otherwise(sla_clock_targets),
    frozenset({"applied_at"}),
)
_NO_PAUSES = Raw(b"[]")


def replace_clocks(
    connection: Connection,
    ticket_ids: Collection[int],
    clocks: Iterable[tuple[int, Clock]],
    *,
    now: datetime,
) -> int:
    """Put these clocks in the place of all that the tickets had; return how many there are.

    A row that would say the same again is left as it is, with the time when it was written.
    """
    found = list(clocks)
    rows = [_row(ticket_id, clock) for ticket_id, clock in found]
    targets = [row for ticket_id, clock in found for row in _target_rows(ticket_id, clock)]
    _put_in_place(connection, _CLOCKS, ticket_ids, rows, {"computed_at": now})
    _put_in_place(connection, _TARGETS, ticket_ids, targets, {})
    return len(rows)


def _put_in_place(
    connection: Connection,
    target: Target,
    ticket_ids: Collection[int],
    rows: Sequence[tuple[Any, ...]],
    given: Mapping[str, Any],
) -> None:
    """Delete what the tickets have no more, write what is new or changed."""
    table, keys = target.table, list(target.table.primary_key.columns)
    of_these = among(connection, table.c.ticket_id, ticket_ids)
    stored = connection.execute(select(*keys).where(of_these))
    gone = set(map(tuple, stored)) - {row[: len(keys)] for row in rows}
    if gone:
        is_gone = and_(*(key == bindparam(f"gone_{key.name}") for key in keys))
        names = [f"gone_{key.name}" for key in keys]
        connection.execute(
            delete(table).where(is_gone), [dict(zip(names, each, strict=True)) for each in gone]
        )
    if rows:
        put(connection, target, rows, given)


def lock_tickets(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Let nobody else compute the clocks of these tickets before this transaction ends.

    Two who do so at once would both find no clock of a new ticket and both put one in. The rows of
    the tickets are not locked: that would write every one of them. SQLite has only one writer.
    """
    if connection.dialect.name == "postgresql":
        numbers = sorted({ticket_id % LOCKS for ticket_id in ticket_ids})
        locks = [func.pg_advisory_xact_lock(LOCK, literal(number)) for number in numbers]
        if locks:
            connection.execute(select(*locks))


def lock_rules(connection: Connection) -> None:
    """Let nobody else compare the rules with those that clocks were computed with."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK, literal(LOCKS))))


def _row(ticket_id: int, clock: Clock) -> tuple[Any, ...]:
    paused = clock.paused_spells
    return (
        ticket_id,
        clock.metric,
        clock.instance,
        clock.state.value,
        clock.started_at,
        clock.breach_at,
        clock.due_at,
        clock.fulfilled_at,
        clock.elapsed_seconds,
        clock.breached,
        _text(clock.policy_id),
        clock.policy_title,
        clock.priority,
        clock.target_seconds,
        clock.business_hours,
        clock.schedule_id,
        clock.schedule_version,
        [[written(since), until and written(until)] for since, until in paused]
        if paused
        else _NO_PAUSES,
        clock.source.value,
        clock.unknown_reason,
        clock.remaining_seconds,
        explain(clock),
    )


def _target_rows(ticket_id: int, clock: Clock) -> Iterator[tuple[Any, ...]]:
    for position, target in enumerate(clock.targets, start=1):
        yield (
            ticket_id,
            clock.metric,
            clock.instance,
            position,
            target.applied_at,
            _text(target.policy_id),
            target.policy_title,
            target.priority,
            target.target_seconds,
            target.business_hours,
            target.schedule_id,
            target.schedule_version,
        )


def _text(policy_id: int | str | None) -> str | None:
    return None if policy_id is None else str(policy_id)
