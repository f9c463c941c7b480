"""Running clocks with the probability that each breaches, the next deadline first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.reports.forecast import Forecast, Forecaster, Kind
from sync.reports.recent import Hours, elapsed_by
from sync.warehouse.views.clocks import sla_at_risk


@dataclass(frozen=True, slots=True)
class Risk:
    """A running clock with a deadline: its row of sla_at_risk, and how likely it breaches.

    `breached` tells whether the deadline has passed; then there is nothing to forecast.
    """

    clock: Mapping[str, Any]
    breached: bool
    forecast: Forecast | None


def read_risks(
    connection: Connection, forecaster: Forecaster, hours: Hours, *, now: datetime
) -> list[Risk]:
    """Return all running clocks that have a deadline, in its order; a breach is no forecast."""
    clocks = sla_at_risk.table
    query = select(clocks).order_by(clocks.c.due_at, clocks.c.ticket_id, clocks.c.metric)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [_risk(row, forecaster, hours, now) for row in rows]


def expected_breaches(risks: Sequence[Risk]) -> float:
    """Return how many of the clocks that run in time are expected to breach."""
    return sum(risk.forecast.probability for risk in risks if risk.forecast)


def _risk(row: Mapping[str, Any], forecaster: Forecaster, hours: Hours, now: datetime) -> Risk:
    if row["breached"] or row["due_at"] <= now:
        return Risk(row, breached=True, forecast=None)
    kind = Kind(row["metric"], bool(row["business_hours"]), row["group_id"], row["policy_priority"])
    elapsed = elapsed_by(row, hours, now)
    told = forecaster.forecast(kind, elapsed=elapsed, target=row["target_seconds"])
    return Risk(row, breached=False, forecast=told)
