"""Keeps the openings of schedules that clocks count in, so that SQL can count them; never commits.

Openings begin before the first clock that counts in them and end a year from now; they are written
anew before they run out.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, true

from sync.sla.clocks import Clock
from sync.sla.schedules import DAY, BusinessTime, WorkingTime, to_second
from sync.warehouse.bulk import Target, put
from sync.warehouse.tables.sla import schedule_openings

AHEAD, LEAST_AHEAD = timedelta(days=400), timedelta(days=200)
BEFORE_S = 30 * DAY  # so that a somewhat older clock does not write them anew
Version = tuple[int, int]  # a schedule and its version
_OPENINGS = Target(
    schedule_openings,
    ("schedule_id", "schedule_version", "opens_at", "closes_at", "open_seconds_before"),
    (),
    lambda _stored, _new: true(),
    frozenset({"opens_at", "closes_at"}),
)


def keep_openings(
    connection: Connection,
    clocks: Collection[Clock],
    hours: Mapping[tuple[int | None, int | None], WorkingTime],
    *,
    now: datetime,
) -> None:
    """Let there be openings for all that these clocks count in business hours."""
    started: dict[Version, int] = {}
    for clock in clocks:
        if clock.schedule_id is not None and clock.started_at is not None:
            version = clock.schedule_id, clock.schedule_version or 0
            started[version] = min(clock.started_at, started.get(version, clock.started_at))
    if not started:
        return
    known = _known(connection)
    for version, first in sorted(started.items()):
        begins, ends = known.get(version, (first + 1, now))
        time = hours.get(version)
        is_enough = begins <= first and ends >= now + LEAST_AHEAD
        if not is_enough and isinstance(time, BusinessTime):
            _write(
                connection,
                version,
                time,
                min(first, begins) - BEFORE_S,
                to_second(now + AHEAD),
            )


def _known(connection: Connection) -> dict[Version, tuple[int, datetime]]:
    """Return from when to when openings are kept."""
    kept = schedule_openings.c
    query = select(
        kept.schedule_id, kept.schedule_version, func.min(kept.opens_at), func.max(kept.closes_at)
    ).group_by(kept.schedule_id, kept.schedule_version)
    return {
        (schedule_id, version): (to_second(begins), ends)
        for schedule_id, version, begins, ends in connection.execute(query)
    }


def _write(
    connection: Connection, version: Version, time: BusinessTime, since: int, until: int
) -> None:
    kept = schedule_openings.c
    this = kept.schedule_id == version[0], kept.schedule_version == version[1]
    connection.execute(delete(schedule_openings).where(*this))
    rows = list(_rows(version, time, since, until))
    if rows:
        put(connection, _OPENINGS, rows, {})


def _rows(
    version: Version, time: BusinessTime, since: int, until: int
) -> Iterator[tuple[int, ...]]:
    before = 0
    for opens, closes in time.openings(since, until):
        yield *version, opens, closes, before
        before += closes - opens
