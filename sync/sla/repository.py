"""Reads and writes sla_clocks; never commits."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Connection, and_, case, delete, exists, func, insert, or_, select

from integrations.runtime.clock import format_instant
from sync.sla.clocks import INSTANTS, Clock, Phase
from sync.sla.explain import explain
from sync.sla.schedules import to_instant
from sync.sla.verdict.repository import to_compare_again
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.sla import sla_clock_targets, sla_clocks
from sync.warehouse.tables.tickets import tickets


def replace_clocks(
    connection: Connection,
    ticket_ids: Collection[int],
    clocks: Iterable[tuple[int, Clock]],
    *,
    now: datetime,
) -> int:
    """Put these clocks in the place of all that the tickets had; return how many there are."""
    for table in (sla_clocks, sla_clock_targets):
        connection.execute(delete(table).where(table.c.ticket_id.in_(ticket_ids)))
    found = list(clocks)
    rows = [_row(ticket_id, clock, now) for ticket_id, clock in found]
    targets = [row for ticket_id, clock in found for row in _target_rows(ticket_id, clock)]
    for table, its_rows in ((sla_clocks, rows), (sla_clock_targets, targets)):
        if its_rows:
            connection.execute(insert(table), its_rows)
    return len(rows)


def lock_tickets(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Let nobody else compute the clocks of these tickets before this transaction ends.

    Two who do so at once would both find no clock of a new ticket and both put one in.
    """
    mine = select(tickets.c.id).where(tickets.c.id.in_(ticket_ids)).order_by(tickets.c.id)
    connection.execute(mine.with_for_update())


def all_ticket_ids(connection: Connection) -> Sequence[int]:
    """Return every ticket of the warehouse."""
    return connection.scalars(select(tickets.c.id).order_by(tickets.c.id)).all()


def stale_ticket_ids(connection: Connection, *, now: datetime) -> Sequence[int]:
    """Return tickets that changed since their clocks were computed, or whose clocks run.

    Zendesk may also have told more of them, or rules came to light that they follow.
    """
    computed = (
        select(
            sla_clocks.c.ticket_id,
            func.min(sla_clocks.c.computed_at).label("computed_at"),
            func.sum(case((sla_clocks.c.state == Phase.ACTIVE.value, 1), else_=0)).label("active"),
        )
        .group_by(sla_clocks.c.ticket_id)
        .subquery()
    )
    unknown = computed.c.ticket_id.is_(None)
    query = (
        select(tickets.c.id)
        .outerjoin(computed, computed.c.ticket_id == tickets.c.id)
        .where(
            or_(
                and_(unknown, tickets.c.deleted_at.is_(None)),
                and_(unknown.is_(False), tickets.c.deleted_at.is_not(None)),
                tickets.c["_synced_at"] >= computed.c.computed_at,
                exists().where(
                    ticket_audits.c.ticket_id == tickets.c.id,
                    ticket_audits.c["_synced_at"] >= computed.c.computed_at,
                ),
                computed.c.active > 0,
                *to_compare_again(tickets.c.id, computed.c.computed_at, now=now),
            )
        )
        .order_by(tickets.c.id)
    )
    return connection.scalars(query).all()


def _row(ticket_id: int, clock: Clock, now: datetime) -> dict[str, Any]:
    row = {name: getattr(clock, name) for name in Clock.__struct_fields__ if name != "targets"}
    return row | {
        **{name: _instant(row[name]) for name in INSTANTS},
        "ticket_id": ticket_id,
        "source": clock.source.value,
        "policy_id": _text(clock.policy_id),
        "state": clock.state.value,
        "paused_spells": [
            [format_instant(to_instant(since)), until and format_instant(to_instant(until))]
            for since, until in clock.paused_spells
        ],
        "remaining_seconds": clock.remaining_seconds,
        "explanation": explain(clock),
        "computed_at": now,
    }


def _target_rows(ticket_id: int, clock: Clock) -> Iterator[dict[str, Any]]:
    for position, target in enumerate(clock.targets, start=1):
        yield asdict(target) | {
            "ticket_id": ticket_id,
            "metric": clock.metric,
            "instance": clock.instance,
            "position": position,
            "policy_id": _text(target.policy_id),
            "applied_at": to_instant(target.applied_at),
        }


def _instant(second: int | None) -> datetime | None:
    return None if second is None else to_instant(second)


def _text(policy_id: int | str | None) -> str | None:
    return None if policy_id is None else str(policy_id)


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
