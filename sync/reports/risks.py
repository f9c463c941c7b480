"""Running clocks with the probability that each breaches, the next deadline first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.reports.forecast import Forecast, Forecaster, Kind
from sync.reports.recent import Hours, hours_of
from sync.warehouse.views.clocks import sla_at_risk


@dataclass(frozen=True, slots=True)
class Risk:
    """A running clock with a deadline: its row of sla_at_risk, and how likely it breaches."""

    clock: Mapping[str, Any]
    forecast: Forecast | None

    @property
    def breached(self) -> bool:
        """Tell whether the deadline has passed."""
        return bool(self.clock["breached"])


def read_risks(
    connection: Connection, forecaster: Forecaster, hours: Hours, *, now: datetime
) -> list[Risk]:
    """Return all running clocks that have a deadline, in its order; a breach is no forecast."""
    clocks = sla_at_risk.table
    query = select(clocks).order_by(clocks.c.due_at, clocks.c.ticket_id, clocks.c.metric)
    found = connection.execute(query).mappings()
    rows = [dict(row) for row in found]
    return [Risk(row, _forecast(row, forecaster, hours, now)) for row in rows]


def expected_breaches(risks: Sequence[Risk]) -> float:
    """Return how many of the clocks that run in time are expected to breach."""
    return sum(risk.forecast.probability for risk in risks if risk.forecast)


def _forecast(
    row: Mapping[str, Any], forecaster: Forecaster, hours: Hours, now: datetime
) -> Forecast | None:
    if row["breached"] or row["elapsed_seconds"] is None:
        return None
    start, end = (int(moment.timestamp()) for moment in (row["computed_at"], now))
    counted = hours_of(row, hours)
    since_then = max(end - start, 0) if counted is None else counted.seconds(start, end)
    kind = Kind(row["metric"], bool(row["business_hours"]), row["group_id"], row["policy_priority"])
    elapsed = row["elapsed_seconds"] + since_then
    return forecaster.forecast(kind, elapsed=elapsed, target=row["target_seconds"])
