"""Reads how clocks went, grouped as asked; open and unknown clocks are counted apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from sync.reports.dimensions import COLUMNS, By
from sync.warehouse.views.outcomes import ACHIEVED, BREACHED, OPEN, UNKNOWN, sla_outcomes

Value = str | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    """How many clocks of a group met their target; those still open in time are left out."""

    group: Mapping[By, Value]
    achieved: int
    breached: int
    open: int
    unknown: int

    @property
    def decided(self) -> int:
        """Return how many clocks the share is of."""
        return self.achieved + self.breached

    @property
    def share(self) -> float | None:
        """Return achieved / (achieved + breached); None when nothing is decided yet."""
        return self.achieved / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Span:
    """The time a report is about: from an instant on, and before another one."""

    since: datetime | None = None
    until: datetime | None = None

    def limit(self, query: Select[Any], moment: Any) -> Select[Any]:
        """Return the query for rows of this span only."""
        if self.since is not None:
            query = query.where(moment >= self.since)
        if self.until is not None:
            query = query.where(moment < self.until)
        return query


def read_attainment(connection: Connection, by: Sequence[By], span: Span) -> list[Attainment]:
    """Return clocks with a target, and unknown ones, by how they went."""
    clocks = sla_outcomes.table
    columns = [clocks.c[COLUMNS[one]] for one in by]
    counts = [
        func.count().filter(clocks.c.outcome == outcome).label(outcome)
        for outcome in (ACHIEVED, BREACHED, OPEN, UNKNOWN)
    ]
    query = select(*columns, *counts).group_by(*columns).order_by(*columns)
    rows = connection.execute(span.limit(query, clocks.c.counted_at)).all()
    return [_attainment(by, row) for row in rows]


def read_unknown(connection: Connection, span: Span) -> list[tuple[str, int]]:
    """Return why clocks are unknown, and how many are, the most frequent reason first."""
    clocks = sla_outcomes.table
    many = func.count()
    query = (
        select(clocks.c.unknown_reason, many)
        .where(clocks.c.outcome == UNKNOWN)
        .group_by(clocks.c.unknown_reason)
        .order_by(many.desc(), clocks.c.unknown_reason)
    )
    rows = connection.execute(span.limit(query, clocks.c.counted_at))
    return [(reason or "no reason is told", count) for reason, count in rows]


def total(rows: Sequence[Attainment]) -> Attainment:
    """Return all rows together."""
    return Attainment(
        group={},
        achieved=sum(row.achieved for row in rows),
        breached=sum(row.breached for row in rows),
        open=sum(row.open for row in rows),
        unknown=sum(row.unknown for row in rows),
    )


def _attainment(by: Sequence[By], row: Sequence[Any]) -> Attainment:
    achieved, breached, still_open, unknown = row[len(by) :]
    return Attainment(
        group=dict(zip(by, row, strict=False)),
        achieved=achieved,
        breached=breached,
        open=still_open,
        unknown=unknown,
    )
