"""Puts a report together: attainment, what is unknown, what comes next, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from sync.kpis.figures import Figure, figures
from sync.reports.attainment import Attainment, Span, read_attainment, read_unknown
from sync.reports.calibration import Calibration, calibrate
from sync.reports.dimensions import By
from sync.reports.forecast import Forecaster
from sync.reports.recent import Hours, opening_hours, past_clocks, recent_runs
from sync.reports.replay import RECENT_SECONDS, adds_up, instants_between, replay
from sync.reports.risks import Risk, read_risks
from sync.sla.verdict.service import Verdict
from sync.sla.verdict.service import verdict as read_verdict
from sync.warehouse.tables.sla import sla_clocks

A_DAY = 86_400
DEFAULT_BY = (By.METRIC, By.PRIORITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `riskdesk sla report` shows; `as_of` is when clocks were computed last.

    `verdict` tells how they agree with Zendesk's own account of them.
    """

    by: Sequence[By]
    span: Span
    as_of: datetime | None
    rows: Sequence[Attainment]
    unknown: Sequence[tuple[str, int]]
    risks: Sequence[Risk]
    calibration: Calibration | None
    figures: Sequence[Figure]
    verdict: Verdict | None = None


def build_report(
    connection: Connection, *, now: datetime, by: Sequence[By] = (), span: Span | None = None
) -> Report:
    """Read everything a report shows, as of `now`."""
    chosen, limits = by or DEFAULT_BY, span or Span()
    hours = opening_hours(connection)
    forecaster = Forecaster(recent_runs(connection, hours, now=now))
    return Report(
        by=chosen,
        span=limits,
        as_of=connection.execute(select(func.max(sla_clocks.c.computed_at))).scalar_one(),
        rows=read_attainment(connection, chosen, limits),
        unknown=read_unknown(connection, limits),
        risks=read_risks(connection, forecaster, hours, now=now),
        calibration=_calibration(connection, hours, now),
        figures=figures(
            connection, since=_day(limits.since), until=_day(limits.until, rounded_up=True)
        ),
        verdict=read_verdict(connection),
    )


def _calibration(connection: Connection, hours: Hours, now: datetime) -> Calibration | None:
    """Replay the last weeks but the newest day: too much of what ran then is still undecided."""
    at = int(now.timestamp())
    clocks = [one for one in past_clocks(connection, hours, now=now) if adds_up(one)]
    return calibrate(replay(clocks, instants_between(at - RECENT_SECONDS, at - A_DAY)))


def _day(moment: datetime | None, *, rounded_up: bool = False) -> date | None:
    """Return the day of an instant; figures are kept by day, so a span grows to whole days."""
    if moment is None:
        return None
    late = rounded_up and moment.time() != time()
    return (moment + timedelta(days=1 if late else 0)).date()
