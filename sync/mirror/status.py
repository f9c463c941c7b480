"""How far every lane is, what it cost, what went wrong, and when a backfill will be done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from sync.mirror import cursors, lanes
from sync.mirror.cursors import LIVE, Position
from sync.streams.stream import Stream
from sync.warehouse.tables.quarantine import quarantined_records, unknown_fields

IN_TIME = timedelta(seconds=75)  # the minute that exports leave out, and a moment to read a page


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStatus:
    """One lane as people want to see it.

    `lag` is the age of the newest complete state and empty for the past; `is_late` says that it
    should be smaller. `share` is the part of the past that is done, between 0 and 1, and
    `finishes_at` when it will be done at the pace of the newest pages. What was set aside and the
    fields that this version does not know are counted once a stream, at its first lane.
    """

    stream: str
    lane: str
    lag: timedelta | None
    is_late: bool
    rows: int
    requests: int
    errors: int
    set_aside: int
    unknown_fields: int
    position_at: datetime | None
    caught_up_at: datetime | None
    share: float | None
    finishes_at: datetime | None
    error: str | None


def status(connection: Connection, streams: Iterable[Stream], *, now: datetime) -> list[LaneStatus]:
    """Return the lanes of the streams in their order, the live one first."""
    set_aside, unknown = _set_aside(connection), _unknown(connection)
    found = []
    for stream in streams:
        positions = cursors.lanes_of(connection, stream.name) or [Position(stream.name)]
        for number, position in enumerate(positions):
            first = number == 0
            found.append(
                _status(
                    stream,
                    position,
                    now=now,
                    set_aside=set_aside[stream.name] if first else 0,
                    unknown=sum(unknown[name] for name in _tables(stream)) if first else 0,
                )
            )
    return found


def _status(
    stream: Stream, position: Position, *, now: datetime, set_aside: int, unknown: int
) -> LaneStatus:
    is_live = position.lane == LIVE
    lag = lanes.lag(stream, position, now) if is_live else None
    share = None if is_live else share_done(position)
    return LaneStatus(
        stream=stream.name,
        lane=position.lane if stream.tells_changes else "list",
        lag=lag,
        is_late=is_live and (lag is None or lag > stream.freshness + IN_TIME),
        rows=position.rows,
        requests=position.requests,
        errors=position.errors,
        set_aside=set_aside,
        unknown_fields=unknown,
        position_at=position.position_at,
        caught_up_at=position.caught_up_at,
        share=share,
        finishes_at=None if share is None else finishes_at(position, share, now),
        error=position.error,
    )


def share_done(position: Position) -> float:
    """Return which part of the past is done: by number where Zendesk counted, else by time."""
    if lanes.is_done(position):
        return 1.0
    if position.expected and position.rows <= position.expected:
        return position.rows / position.expected
    if not (position.first_at and position.position_at and position.until_at):
        return 0.0
    whole = (position.until_at - position.first_at).total_seconds()
    so_far = (position.position_at - position.first_at).total_seconds()
    return min(max(so_far / whole, 0.0), 1.0) if whole > 0 else 0.0


def finishes_at(position: Position, share: float, now: datetime) -> datetime | None:
    """Return when a backfill will be done if it goes on as lately; None while nobody can know."""
    if not share or share >= 1 or position.page_seconds is None:
        return None
    pages_left = position.pages * (1 - share) / share
    return now + timedelta(seconds=pages_left * position.page_seconds)


def _set_aside(connection: Connection) -> Counter[str]:
    table = quarantined_records.c
    query = select(table.stream, func.count()).where(table.resolved_at.is_(None))
    return Counter(dict(connection.execute(query.group_by(table.stream)).tuples().all()))


def _unknown(connection: Connection) -> Counter[str]:
    table = unknown_fields.c.table_name
    query = select(table, func.count()).group_by(table)
    return Counter(dict(connection.execute(query).tuples().all()))


def _tables(stream: Stream) -> set[str]:
    return {stream.table.name, *(table.name for _, table in stream.sideloads)}
