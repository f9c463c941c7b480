"""The desk's key figures: each with its one sentence, what it is made of, and a view of them all.

Every figure is a sum divided by a count, so that rows of any days and groups may be added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
    union_all,
)

from sync.warehouse.views.counted import LEFT_OUT
from sync.warehouse.views.kpi_tickets import flag, kpi_tickets
from sync.warehouse.views.outcomes import ACHIEVED, BREACHED, sla_outcomes
from sync.warehouse.views.view import View

ONE_TOUCH_REPLIES = 1
SECONDS, SHARE, TICKETS = "seconds", "share", "tickets"  # units
BACKLOG = "backlog"

_each = kpi_tickets.query.subquery("each_ticket")
_clock = sla_outcomes.query.subquery("each_clock")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a view that figures are made of, and the day on which a row counts."""

    view: View
    rows: FromClause
    day: ColumnElement[Any]
    told: str


_created = Rows(kpi_tickets, _each, _each.c.created_day, "the ticket was created")
_solved = Rows(kpi_tickets, _each, _each.c.solved_day, "the ticket was solved last")
_rated = Rows(kpi_tickets, _each, _each.c.rated_day, "the rating was given")
_decided = Rows(sla_outcomes, _clock, _clock.c.day, "the clock was breached, or else ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A key figure: the sum of `part` divided by how many rows there are `where` it counts.

    `sentence` is its definition, `left_out` what the reader might expect in it and it has not.
    """

    name: str
    title: str
    sentence: str
    left_out: str
    unit: str  # TICKETS: the figure is the sum alone
    of: Rows
    part: ColumnElement[Any]
    where: ColumnElement[bool] | None = None


KPIS: Sequence[Kpi] = (
    Kpi(
        name="first_reply",
        title="First reply",
        sentence=(
            "The average calendar time from a ticket's creation to the first public reply of staff."
        ),
        left_out="tickets without a reply so far, and those that Zendesk counts no reply time for",
        unit=SECONDS,
        of=_created,
        part=_each.c.first_reply_seconds,
        where=_each.c.first_reply_seconds.is_not(None),
    ),
    Kpi(
        name="lead_time",
        title="Lead time",
        sentence="The average calendar time from a ticket's creation to its newest solution.",
        left_out="tickets that are not solved now",
        unit=SECONDS,
        of=_solved,
        part=_each.c.lead_seconds,
        where=_each.c.lead_seconds.is_not(None),
    ),
    Kpi(
        name="handling_time",
        title="Handling time",
        sentence=(
            "The average calendar time that a solved ticket was new or open, so that it was the "
            "desk's turn."
        ),
        left_out="time in pending and on hold, and tickets that are not solved now",
        unit=SECONDS,
        of=_solved,
        part=_each.c.handling_seconds,
        where=_each.c.handling_seconds.is_not(None),
    ),
    Kpi(
        name="resolution_rate",
        title="Resolution rate",
        sentence="The share of the created tickets that are solved or closed now.",
        left_out="nothing more; a ticket that was reopened and waits is in it as not solved",
        unit=SHARE,
        of=_created,
        part=_each.c.solved,
    ),
    Kpi(
        name="reopen_rate",
        title="Reopen rate",
        sentence="The share of the solved tickets that had been reopened at least once.",
        left_out="tickets that were reopened and are not solved again yet",
        unit=SHARE,
        of=_solved,
        part=flag(_each.c.reopens > 0),
        where=_each.c.solved == 1,
    ),
    Kpi(
        name="one_touch",
        title="One touch",
        sentence=(
            "The share of the solved tickets that needed at most one public reply of staff and "
            "were never reopened."
        ),
        left_out="tickets that are not solved now",
        unit=SHARE,
        of=_solved,
        part=flag(and_(_each.c.replies <= ONE_TOUCH_REPLIES, _each.c.reopens == 0)),
        where=_each.c.solved == 1,
    ),
    Kpi(
        name="csat",
        title="CSAT",
        sentence="The share of the rated tickets whose newest rating is good.",
        left_out="tickets that nobody rated, and ratings that were offered only",
        unit=SHARE,
        of=_rated,
        part=flag(_each.c.satisfaction == "good"),
        where=_each.c.satisfaction.is_not(None),
    ),
    Kpi(
        name=BACKLOG,
        title="Backlog",
        sentence="How many tickets wait now: new, open, pending or on hold.",
        left_out="solved and closed tickets",
        unit=TICKETS,
        of=_created,
        part=_each.c.waits,
        where=_each.c.waits == 1,
    ),
    Kpi(
        name="escalation_rate",
        title="Escalation rate",
        sentence="The share of the created tickets about which a department was asked.",
        left_out="nothing more; a ticket counts once, however many departments were asked",
        unit=SHARE,
        of=_created,
        part=_each.c.escalated,
    ),
    Kpi(
        name="sla_attainment",
        title="SLA attainment",
        sentence=(
            "Achieved clocks divided by achieved and breached clocks, of all clocks with a target."
        ),
        left_out="clocks that are still open in time, and those that nobody can know",
        unit=SHARE,
        of=_decided,
        part=flag(_clock.c.outcome == ACHIEVED),
        where=_clock.c.outcome.in_((ACHIEVED, BREACHED)),
    ),
)
KPI_DIMENSIONS = ("priority", "group_id", "group_name", "family", "severity", "language", "channel")


def _sums(of: Rows) -> CTE:
    """Return the parts and wholes of all figures of these rows, by day and dimension, at once."""
    by = [of.rows.c[name] for name in KPI_DIMENSIONS]
    sums = [each for kpi in KPIS if kpi.of is of for each in _sums_of(kpi)]
    return (
        select(of.day.label("day"), *by, *sums)
        .where(of.day.is_not(None))
        .group_by(of.day, *by)
        .cte(f"by_{of.day.key}")
    )


def _sums_of(kpi: Kpi) -> Sequence[ColumnElement[Any]]:
    counts = true() if kpi.where is None else kpi.where
    part = func.sum(case((counts, kpi.part), else_=0))
    return (
        cast(part, BigInteger).label(f"{kpi.name}_part"),
        cast(func.sum(flag(counts)), BigInteger).label(f"{kpi.name}_whole"),
    )


def _rows_of(kpi: Kpi, sums: CTE) -> Select[Any]:
    part, whole = sums.c[f"{kpi.name}_part"], sums.c[f"{kpi.name}_whole"]
    by = [sums.c[name] for name in ("day", *KPI_DIMENSIONS)]
    return select(
        literal(kpi.name).label("kpi"), *by, part.label("part"), whole.label("whole")
    ).where(whole > 0)


_sums_by_rows = {of.told: _sums(of) for of in (_created, _solved, _rated, _decided)}
kpis_per_day = View(
    name="kpis_per_day",
    comment=(
        "One row per key figure, day and group, family ... that it is made of: add up parts and "
        f"wholes, then divide; {LEFT_OUT}."
    ),
    query=union_all(*(_rows_of(kpi, _sums_by_rows[kpi.of.told]) for kpi in KPIS)),
    meanings={
        "kpi": ", ".join(kpi.name for kpi in KPIS),
        "day": "UTC; which day counts is told in docs/kpis.md",
        "part": "seconds, or how many of them",
        "whole": "of how many; backlog: the figure is the sum of the parts alone",
        "channel": "ticket_marks.channel, else where the ticket came in",
        "group_id": "groups.id",
        "group_name": "groups.name",
    },
    harmless=frozenset({"group_id"}),
)

KPI_VIEWS = (kpi_tickets, kpis_per_day)
