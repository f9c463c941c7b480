"""Reads recent clocks: how long they ran, for the forecast, and their times, for the replay."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from integrations.runtime.clock import parse_instant
from sync.reports.forecast import Kind, Run
from sync.reports.replay import RECENT_SECONDS, OpenHours, PastClock
from sync.warehouse.tables.sla import schedule_openings, sla_clocks
from sync.warehouse.tables.tickets import tickets

FOR_FORECAST, FOR_REPLAY = 40_000, 8_000  # clocks; of more, those of every n-th ticket are taken
ACHIEVED, ACTIVE, UNKNOWN = "achieved", "active", "unknown"
ELAPSED = ("elapsed_seconds", "state", "computed_at", "schedule_id", "schedule_version")

NEVER_OPEN = OpenHours(())

_clocks = sla_clocks
_KIND = (_clocks.c.metric, _clocks.c.business_hours, tickets.c.group_id, _clocks.c.priority)
Hours = Mapping[tuple[int, int], OpenHours]


def recent_runs(connection: Connection, hours: Hours, *, now: datetime) -> list[Run]:
    """Return how long clocks with a target ran by now that began in the last four weeks."""
    since = now - timedelta(seconds=RECENT_SECONDS)
    columns = (*_KIND, *(_clocks.c[name] for name in ELAPSED))
    found = connection.execute(_sampled(connection, columns, since, now, most=FOR_FORECAST))
    return [
        Run(_kind(row), elapsed_by(row, hours, now), row["state"] == ACHIEVED)
        for row in map(dict, found.mappings())
    ]


def _kind(row: Mapping[str, Any]) -> Kind:
    return Kind(row["metric"], bool(row["business_hours"]), row["group_id"], row["priority"])


def elapsed_by(row: Mapping[str, Any], hours: Hours, now: datetime) -> int:
    """Return how long a clock ran until now: stored is what it had when it was computed last."""
    elapsed = int(row["elapsed_seconds"])
    if row["state"] != ACTIVE:
        return elapsed
    start, end = _second(row["computed_at"]), _second(now)
    counted = hours_of(row, hours)
    return elapsed + (max(end - start, 0) if counted is None else counted.seconds(start, end))


def past_clocks(connection: Connection, hours: Hours, *, now: datetime) -> list[PastClock]:
    """Return clocks with their times: of the last four weeks, and of four weeks before them."""
    since = now - timedelta(seconds=2 * RECENT_SECONDS)
    names = ("started_at", "fulfilled_at", "breach_at", "target_seconds", "elapsed_seconds")
    more = ("paused_spells", "schedule_id", "schedule_version", "computed_at")
    columns = (*_KIND, *(_clocks.c[name] for name in (*names, *more)))
    query = _sampled(connection, columns, since, now, most=FOR_REPLAY)
    return [_past(row, hours) for row in connection.execute(query)]


def opening_hours(connection: Connection) -> Hours:
    """Return when each version of each schedule is open."""
    found: defaultdict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    query = select(schedule_openings).order_by(schedule_openings.c.opens_at)
    for row in connection.execute(query).mappings():
        stretch = (_second(row["opens_at"]), _second(row["closes_at"]), row["open_seconds_before"])
        found[row["schedule_id"], row["schedule_version"]].append(stretch)
    return {key: OpenHours(stretches) for key, stretches in found.items()}


def hours_of(row: Mapping[str, Any], hours: Hours) -> OpenHours | None:
    """Return the hours a clock counts in; None for calendar time, none at all if nobody knows."""
    if not row["business_hours"]:
        return None
    key = (row["schedule_id"] or 0, row["schedule_version"] or 0)
    return hours.get(key, NEVER_OPEN)


def _sampled(
    connection: Connection,
    columns: Sequence[Any],
    since: datetime,
    now: datetime,
    *,
    most: int,
) -> Select[Any]:
    """Select clocks with a target that began in a span; of too many, a fair part."""
    wanted = [
        _clocks.c.started_at >= since,
        _clocks.c.started_at <= now,
        _clocks.c.target_seconds.is_not(None),
        _clocks.c.elapsed_seconds.is_not(None),
        _clocks.c.state != UNKNOWN,
        tickets.c.deleted_at.is_(None),
    ]
    joined = _clocks.join(tickets, tickets.c.id == _clocks.c.ticket_id)
    count = connection.execute(select(func.count()).select_from(joined).where(*wanted)).scalar_one()
    every = -(-count // most)
    if every > 1:
        wanted.append(_clocks.c.ticket_id % every == 0)
    order = (_clocks.c.ticket_id, _clocks.c.metric, _clocks.c.instance)
    return select(*columns).select_from(joined).where(*wanted).order_by(*order)


def _past(row: Any, hours: Hours) -> PastClock:
    told = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name
    return PastClock(
        kind=_kind(told),
        started=_second(told["started_at"]),
        ended=_second_or_none(told["fulfilled_at"]),
        breached=_second_or_none(told["breach_at"]),
        target=told["target_seconds"],
        elapsed=told["elapsed_seconds"],
        known_at=_second(told["computed_at"]),
        pauses=list(_pauses(told["paused_spells"])),
        hours=hours_of(told, hours),
    )


def _pauses(spells: Sequence[Sequence[str | None]]) -> Iterator[tuple[int, int | None]]:
    for since, until in spells:
        if since is not None:
            yield _second(parse_instant(since)), _second(parse_instant(until)) if until else None


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def _second_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else _second(moment)
