"""Reads and writes sla_differences; never commits."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, insert, select

from sync.sla.clocks import Source
from sync.sla.verdict.causes import PASSING, Cause
from sync.sla.verdict.findings import Finding
from sync.sla.verdict.lenses import LATE_S
from sync.warehouse.bulk import among
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.sla import sla_clocks, sla_differences

_KEY = [sla_differences.c[name] for name in ("ticket_id", "metric", "instance", "field")]


def replace_findings(
    connection: Connection,
    ticket_ids: Collection[int],
    findings: Iterable[tuple[int, Finding]],
    *,
    now: datetime,
) -> int:
    """Put these in the place of all differences the tickets had; return how many there are.

    A difference that was known keeps the time at which it was found.
    """
    mine = among(connection, sla_differences.c.ticket_id, ticket_ids)
    known = {
        tuple(row[:-1]): row.found_at
        for row in connection.execute(select(*_KEY, sla_differences.c.found_at).where(mine))
    }
    if known:
        connection.execute(delete(sla_differences).where(mine))
    rows = [
        {
            "ticket_id": ticket_id,
            "metric": finding.disagreement.metric,
            "instance": finding.disagreement.instance,
            "field": finding.disagreement.field,
            "ours": finding.disagreement.ours,
            "zendesk": finding.disagreement.zendesk,
            "seconds_apart": finding.disagreement.seconds_apart,
            "cause": finding.cause.value,
            "detail": finding.detail,
            "found_at": known.get((ticket_id, *finding.disagreement.key), now),
            "checked_at": now,
        }
        for ticket_id, finding in findings
    ]
    if rows:
        connection.execute(insert(sla_differences), rows)
    return len(rows)


def to_compare_again(*, now: datetime) -> Select[int]:
    """Select the tickets with a difference that may have passed since it was found."""
    noted = sla_differences.c
    return select(noted.ticket_id).where(
        noted.cause.in_([cause.value for cause in PASSING]),
        noted.checked_at <= now - timedelta(seconds=LATE_S),
    )


def tickets_by_choice(connection: Connection, besides: Collection[int]) -> Counter[str]:
    """Return how many other tickets Zendesk answers otherwise than we chose, by what is told."""
    noted = sla_differences.c
    query = (
        select(noted.detail, func.count(noted.ticket_id.distinct()).label("tickets"))
        .where(noted.cause == Cause.UNSETTLED_RULE.value)
        .where(~among(connection, noted.ticket_id, besides))
        .group_by(noted.detail)
    )
    return Counter({row.detail: row.tickets for row in connection.execute(query)})


def count_by_cause(connection: Connection) -> dict[Cause, int]:
    """Return how many differences each cause has, the most frequent first."""
    number = func.count().label("number")
    query = select(sla_differences.c.cause, number).group_by(sla_differences.c.cause)
    found = connection.execute(query.order_by(number.desc(), sla_differences.c.cause))
    return {Cause(row.cause): row.number for row in found}


def count_compared(connection: Connection) -> int:
    """Return how many of our clocks have Zendesk's own events beside them."""
    events = ticket_metric_events.c
    told = exists().where(events.ticket_id == sla_clocks.c.ticket_id)
    query = select(func.count()).where(sla_clocks.c.source == Source.ZENDESK.value, told)
    return int(connection.scalar(query) or 0)


def list_differences(
    connection: Connection, *, cause: Cause | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return differences, those that nobody can explain first, then the newest."""
    query = select(sla_differences)
    if cause is not None:
        query = query.where(sla_differences.c.cause == cause.value)
    known = sla_differences.c.cause != Cause.UNEXPLAINED.value
    order = (known, sla_differences.c.found_at.desc(), *_KEY)
    found = connection.execute(query.order_by(*order).limit(limit))
    return [dict(row) for row in found.mappings()]
