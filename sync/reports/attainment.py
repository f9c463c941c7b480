"""Reads how clocks went, grouped as asked; open and unknown clocks are counted apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from sync.reports.dimensions import COLUMNS, By
from sync.warehouse.tables.sla import sla_differences
from sync.warehouse.views.outcomes import ACHIEVED, BREACHED, OPEN, UNKNOWN, sla_outcomes

Value = str | date | None
OF_ZENDESK, NONE = "zendesk", "none"  # a source of clocks; a clock that one side does not have

_outcomes = sla_outcomes.table
_breached = sla_differences.alias("differs_breached")
_state = sla_differences.alias("differs_state")
_clock = sla_differences.alias("differs_clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    """How many clocks of a group met their target; those still open in time are left out.

    Zendesk's own verdict is of the clocks of its policies only: `of_policies` are those decided.
    """

    group: Mapping[By, Value]
    achieved: int
    breached: int
    open: int
    unknown: int
    of_policies: int = 0
    zendesk_achieved: int = 0
    zendesk_breached: int = 0

    @property
    def decided(self) -> int:
        """Return how many clocks the share is of."""
        return self.achieved + self.breached

    @property
    def share(self) -> float | None:
        """Return achieved / (achieved + breached); None when nothing is decided yet."""
        return self.achieved / self.decided if self.decided else None

    @property
    def zendesk_share(self) -> float | None:
        """Return the share as Zendesk's own metric events have it.

        None when they have none, or when other clocks are here, of which Zendesk knows nothing.
        """
        told = self.zendesk_achieved + self.zendesk_breached
        return self.zendesk_achieved / told if told and self.of_policies == self.decided else None


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
    columns = [_outcomes.c[COLUMNS[one]] for one in by]
    counts = [
        func.count().filter(_outcomes.c.outcome == outcome).label(outcome)
        for outcome in (ACHIEVED, BREACHED, OPEN, UNKNOWN)
    ]
    late, ended = _zendesk_breached(), _zendesk_state() == ACHIEVED
    told = (_outcomes.c.source == OF_ZENDESK) & (_outcomes.c.outcome != UNKNOWN) & _is_told()
    decided = _outcomes.c.outcome.in_((ACHIEVED, BREACHED))
    counts += [
        func.count().filter((_outcomes.c.source == OF_ZENDESK) & decided).label("of_policies"),
        func.count().filter(told & ~late & ended).label("zendesk_achieved"),
        func.count().filter(told & late).label("zendesk_breached"),
    ]
    query = select(*columns, *counts).select_from(_joined()).group_by(*columns).order_by(*columns)
    rows = connection.execute(span.limit(query, _outcomes.c.counted_at)).all()
    return [_attainment(by, row) for row in rows]


def _joined() -> FromClause:
    """Join to each clock what Zendesk says otherwise: whether it breached, its state, itself."""
    joined: FromClause = _outcomes
    for table, field in ((_breached, "breached"), (_state, "state"), (_clock, "clock")):
        joined = joined.outerjoin(
            table,
            and_(
                table.c.ticket_id == _outcomes.c.ticket_id,
                table.c.metric == _outcomes.c.metric,
                table.c.instance == _outcomes.c.instance,
                table.c.field == field,
            ),
        )
    return joined


def _zendesk_breached() -> ColumnElement[bool]:
    """Whether Zendesk says it breached: as we do, unless that is among the differences."""
    ours = _outcomes.c.outcome == BREACHED
    return case((_breached.c.field.is_(None), ours), else_=~ours)


def _zendesk_state() -> ColumnElement[str]:
    return func.coalesce(_state.c.zendesk, _outcomes.c.state)


def _is_told() -> ColumnElement[bool]:
    return or_(_clock.c.field.is_(None), _clock.c.zendesk != NONE)


def read_unknown(connection: Connection, span: Span) -> list[tuple[str, int]]:
    """Return why clocks are unknown, and how many are, the most frequent reason first."""
    clocks = _outcomes
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
        of_policies=sum(row.of_policies for row in rows),
        zendesk_achieved=sum(row.zendesk_achieved for row in rows),
        zendesk_breached=sum(row.zendesk_breached for row in rows),
    )


def _attainment(by: Sequence[By], row: Any) -> Attainment:
    counts = dict(list(row._mapping.items())[len(by) :])  # noqa: SLF001 - SQLAlchemy's own name
    return Attainment(group=dict(zip(by, row, strict=False)), **counts)
