"""The lanes of a stream: one that follows what changes now, others that work off the past."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from msgspec import Raw
from sqlalchemy import Connection

from integrations.runtime.clock import parse_instant
from integrations.zendesk.answers import read_json
from integrations.zendesk.export import NEWEST_LEFT_OUT_S, Page
from sync.mirror import cursors
from sync.mirror.cursors import LIVE, Position
from sync.streams.stream import Paging, Stream

BACKFILL = "backfill"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# Exports leave the newest minute out and do not begin within it; the rest is for unequal clocks.
NEWEST_LEFT_OUT = timedelta(seconds=NEWEST_LEFT_OUT_S)
MARGIN = timedelta(minutes=5)
LONGEST_STEP_S = 600.0  # between two pages; longer ones are pauses and say nothing about the pace
NEWEST_STEP = 0.1  # weight of the newest step in the pace


def first_lanes(
    stream: Stream, *, start: datetime, now: datetime, expected: int | None
) -> list[Position]:
    """Return the lanes of a stream that was never copied; `now` is Zendesk's clock.

    What changes from a moment ago on goes to the live lane; the backfill ends where that begins.
    A ticket that changes meanwhile moves out of the backfill's way into the live lane.
    """
    begin = now - stream.lookback - MARGIN
    if start >= begin:
        return [Position(stream.name, LIVE, start_at=min(start, now - MARGIN))]
    past = Position(stream.name, BACKFILL, start_at=start, until_at=begin, expected=expected)
    return [Position(stream.name, LIVE, start_at=begin), past]


def range_lane(stream: Stream, since: datetime, until: datetime) -> Position:
    """Return a lane for a part of the past, so that several machines can share the work."""
    name = f"{BACKFILL} {_short(since)}..{_short(until)}"
    return Position(stream.name, name, start_at=since, until_at=until)


def _short(moment: datetime) -> str:
    text = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}"
    return text.removesuffix("T00:00")


def lag(stream: Stream, position: Position, now: datetime) -> timedelta | None:
    """Return how old the newest complete state is; None before there is one.

    Exports leave their newest minute out, so they are never newer than that.
    """
    if position.caught_up_at is None:
        return None
    exports = {Paging.CHANGES_BY_CURSOR, Paging.CHANGES_BY_TIME}
    left_out = NEWEST_LEFT_OUT if stream.paging in exports else timedelta()
    return max(now - position.caught_up_at, timedelta()) + left_out


def is_done(position: Position) -> bool:
    """Tell whether a backfill has reached its end; a live lane never has."""
    return position.lane != LIVE and position.caught_up_at is not None


def resume(stream: Stream, position: Position) -> tuple[str | None, datetime]:
    """Return where the next pull of a lane begins: a cursor, or else a time.

    Without a cursor (Zendesk refused it, or there was none yet) it is the last good time. A live
    lane with a look-back begins that much earlier, for records that turn up late.
    """
    since = position.position_at or position.caught_up_at
    fallback = position.start_at or BEGINNING
    if position.cursor is None:
        return None, max(fallback, since - MARGIN) if since else fallback
    if not stream.lookback or position.lane != LIVE:
        return position.cursor, fallback
    if stream.paging is Paging.CHANGES_BY_TIME and position.cursor.isdecimal():
        back = int(position.cursor) - int(stream.lookback.total_seconds())
        return str(max(back, 0)), fallback
    return (None, since - stream.lookback) if since else (position.cursor, fallback)


def advanced(
    before: Position,
    stream: Stream,
    page: Page,
    *,
    stored: int,
    requests: int,
    notice: str | None,
    now: datetime,
) -> Position:
    """Return the position after a page; `now` is this machine's clock, `notice` what to tell.

    A full list always starts again from its beginning, and only its end, which the caller knows,
    makes it complete. A cursor never goes back, also while a look-back reads the past again.
    """
    is_list = stream.paging is Paging.FULL_LIST
    first, newest = _change_times(stream, page)
    is_over = page.end or _is_past(newest, before.until_at)
    looks_back = not page.end and bool(stream.lookback) and _is_before(newest, before.position_at)
    cursor = before.cursor if looks_back else page.cursor or before.cursor
    return replace(
        before,
        cursor=None if is_list else cursor,
        first_at=before.first_at or first,
        position_at=_latest(before.position_at, newest),
        rows=before.rows + stored,
        pages=before.pages + 1,
        requests=before.requests + requests,
        page_seconds=_pace(before, now),
        started_at=before.started_at or page.server_time,
        asked_at=now,
        stored_at=page.server_time,
        caught_up_at=page.server_time if is_over and not is_list else before.caught_up_at,
        failed_at=before.failed_at if notice else None,
        error=notice,
    )


def _pace(before: Position, now: datetime) -> float | None:
    """Return the seconds from page to page, newer steps counting more; pauses do not count."""
    if before.asked_at is None:
        return None
    step = (now - before.asked_at).total_seconds()
    if not 0 <= step <= LONGEST_STEP_S:
        return before.page_seconds
    known = before.page_seconds
    return step if known is None else known + NEWEST_STEP * (step - known)


def _change_times(stream: Stream, page: Page) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last record of a page changed, by the stream's clock.

    What is dated ahead, as breaches are, counts as now: everything before it has been read.
    """
    if stream.change_clock is None:
        return None, None
    first = next(filter(None, (_change_time(stream, each) for each in page.records)), None)
    if stream.paging is Paging.CHANGES_BY_TIME and page.cursor and page.cursor.isdecimal():
        # The second a page ends at, because a breach is dated ahead of when it was written.
        return first, datetime.fromtimestamp(int(page.cursor), UTC)
    last = next(filter(None, (_change_time(stream, each) for each in page.records[::-1])), None)
    return first, min(last, page.server_time) if last else None


def _change_time(stream: Stream, raw: Raw) -> datetime | None:
    """Read the change clock of a record, epoch seconds or ISO text; None when it has none."""
    record = read_json(raw)
    value = record.get(stream.change_clock) if isinstance(record, Mapping) else None
    try:
        if isinstance(value, str):
            return parse_instant(value)
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


def _is_past(moment: datetime | None, until: datetime | None) -> bool:
    return moment is not None and until is not None and moment > until


def _is_before(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and other is not None and moment < other


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def refused(before: Position, *, why: str, now: datetime, requests: int) -> Position:
    """Return the position of a lane whose cursor Zendesk refused: the last good time is left."""
    return replace(
        before,
        cursor=None,
        requests=before.requests + requests,
        errors=before.errors + 1,
        asked_at=now,
        failed_at=now,
        error=why,
    )


def open_range(connection: Connection, stream: Stream, since: datetime, until: datetime) -> str:
    """Make the lane of a part of the past, if it is not there yet; return its name."""
    lane = range_lane(stream, since, until)
    cursors.create(connection, [lane])
    return lane.lane
