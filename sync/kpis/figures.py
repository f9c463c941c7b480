"""Reads the key figures of a span of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select, true

from sync.warehouse.views.kpis import BACKLOG, KPIS, TICKETS, Kpi, kpis_per_day


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its value, and of how many tickets or clocks; None: there were none."""

    kpi: Kpi
    value: float | None
    of: int


def figures(
    connection: Connection, *, since: date | None = None, until: date | None = None
) -> Sequence[Figure]:
    """Return every key figure of the days from `since` on and before `until`, in their order.

    The backlog is what waits now, whenever it was created.
    """
    view = kpis_per_day.table
    of_the_days = and_(
        true() if since is None else view.c.day >= since,
        true() if until is None else view.c.day < until,
    )
    query = (
        select(view.c.kpi, func.sum(view.c.part), func.sum(view.c.whole))
        .where(or_(view.c.kpi == BACKLOG, of_the_days))
        .group_by(view.c.kpi)
    )
    found = {name: (int(part), int(whole)) for name, part, whole in connection.execute(query)}
    return [_figure(kpi, *found.get(kpi.name, (0, 0))) for kpi in KPIS]


def _figure(kpi: Kpi, part: int, whole: int) -> Figure:
    if kpi.unit == TICKETS:
        return Figure(kpi, part, whole)
    return Figure(kpi, part / whole if whole else None, whole)
