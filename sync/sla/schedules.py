"""Business hours: a weekly schedule compiled to real open spans, and time measured in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from integrations.runtime.errors import BadRecord
from sync.sla.zones import find_zone

DAY = 86_400
WEEK_MINUTES = 10_080
YEAR = 366 * DAY
# Offsets are sampled this often: no zone ever changed its clocks twice within half a day.
OFFSET_STEP = DAY // 2
# A target that is not used up after two centuries is treated as one that never will be.
NEVER = 200 * YEAR
_FIRST_SECOND = int(datetime(1901, 1, 1, tzinfo=UTC).timestamp())
_LAST_SECOND = int(datetime(9990, 1, 1, tzinfo=UTC).timestamp())
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class WorkingTime(Protocol):
    """A way to count time; instants are whole seconds since 1970, UTC."""

    def seconds(self, start: int, end: int) -> int:
        """Return how many counted seconds lie between two instants."""

    def due(self, start: int, seconds: int) -> int | None:
        """Return the earliest instant at which so many seconds are used up; None: never."""


class CalendarTime:
    """Every second counts."""

    def seconds(self, start: int, end: int) -> int:
        """Return the real seconds between two instants."""
        return max(0, end - start)

    def due(self, start: int, seconds: int) -> int | None:
        """Return the instant so many real seconds later."""
        due = start + max(0, seconds)
        return due if due < _LAST_SECOND else None


CALENDAR = CalendarTime()


@dataclass(frozen=True, slots=True)
class _OpenSpans:
    """Open spans of a bounded time, sorted and disjoint, with the seconds open before each."""

    since: int
    until: int
    starts: Sequence[int]
    before: Sequence[int]  # one longer than starts: the last entry is the sum of all

    def position(self, at: int) -> int:
        """Return the open seconds between the beginning of the bounds and this instant."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return min(self.before[index] + at - self.starts[index], self.before[index + 1])


class BusinessTime:
    """Counts only the seconds in which a Zendesk schedule is open."""

    def __init__(self, schedule: Mapping[str, Any]) -> None:
        self.schedule_id: int | None = schedule.get("id")
        self._zone = find_zone(str(schedule.get("time_zone") or "UTC"))
        self._pieces = _day_pieces(schedule.get("intervals") or ())
        self._holidays = _holiday_ranges(schedule.get("holidays") or ())
        self._open = _OpenSpans(0, 0, (), (0,))

    def seconds(self, start: int, end: int) -> int:
        """Return the open seconds between two instants."""
        if end <= start:
            return 0
        spans = self._spans(start, end)
        return spans.position(end) - spans.position(start)

    def due(self, start: int, seconds: int) -> int | None:
        """Return when so many open seconds are used up: at closing time, not the next opening."""
        if seconds <= 0:
            return start
        if not any(self._pieces):
            return None
        horizon = start + min(seconds * 8 + YEAR, NEVER)  # a week is rarely open less than 1/8
        while True:
            spans = self._spans(start, horizon)
            wanted = spans.position(start) + seconds
            if wanted <= spans.before[-1]:
                index = bisect_left(spans.before, wanted) - 1
                return spans.starts[index] + wanted - spans.before[index]
            if horizon >= min(start + NEVER, _LAST_SECOND):
                return None
            horizon += horizon - start

    def business_seconds(self, start: datetime, end: datetime) -> int:
        """Return the open seconds between two instants."""
        return self.seconds(to_second(start), to_second(end))

    def due_at(self, start: datetime, seconds: int) -> datetime | None:
        """Return the earliest instant at which so many open seconds are used up; None: never."""
        due = self.due(to_second(start), seconds)
        return None if due is None else to_instant(due)

    def _spans(self, start: int, end: int) -> _OpenSpans:
        """Return compiled spans that cover both instants; recompiles twice as wide if needed."""
        known = self._open
        if known.since <= start and end <= known.until:
            return known
        if known.since < known.until:
            start, end = min(start, known.since), max(end, known.until)
        margin = max(YEAR, (end - start) // 2)
        since = max(start - YEAR, _FIRST_SECOND)
        self._open = self._compile(since, min(end + margin, _LAST_SECOND))
        return self._open

    def _compile(self, since: int, until: int) -> _OpenSpans:
        starts: list[int] = []
        before = [0]
        closes = None
        for opens, next_closes in self._local_spans(since, until):
            if opens == closes:  # touching spans are one
                before[-1] += next_closes - opens
            else:
                starts.append(opens)
                before.append(before[-1] + next_closes - opens)
            closes = next_closes
        return _OpenSpans(since, until, starts, before)

    def _local_spans(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """Yield open spans in order; within one UTC offset a wall clock is plain arithmetic."""
        for begin, end, offset in _offset_segments(self._zone, since, until):
            first, last = (begin + offset) // DAY, (end + offset - 1) // DAY
            closed = self._holidays_between(first, last)
            for day in range(first, last + 1):
                if day in closed:
                    continue
                midnight = day * DAY - offset
                for opens, closes in self._pieces[(day + 4) % 7]:  # 1970-01-01 was a Thursday
                    lower, upper = max(midnight + opens, begin), min(midnight + closes, end)
                    if lower < upper:
                        yield lower, upper

    def _holidays_between(self, first: int, last: int) -> set[int]:
        return {
            day
            for start, end in self._holidays
            for day in range(max(start, first), min(end, last) + 1)
        }


def to_second(moment: datetime) -> int:
    """Return an instant as whole seconds since 1970, UTC; fractions are cut."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def to_instant(second: int) -> datetime:
    """Return the instant of a second since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)


def _offset_segments(zone: ZoneInfo, since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """Yield (begin, end, UTC offset) for each stretch in which the zone's offset stays the same."""
    begin, offset = since, _offset(zone, since)
    marks = [*range(since, until, OFFSET_STEP), until]
    for left, right in pairwise(marks):
        later = _offset(zone, right)
        if later == offset:
            continue
        change = _change_between(zone, left, right)
        yield begin, change, offset
        begin, offset = change, later
    yield begin, until, offset


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return 0 if offset is None else offset // timedelta(seconds=1)


def _change_between(zone: ZoneInfo, left: int, right: int) -> int:
    """Return the first second with the new offset."""
    old = _offset(zone, left)
    later = range(left + 1, right)
    return left + 1 + bisect_left(later, 1, key=lambda second: int(_offset(zone, second) != old))


def _day_pieces(intervals: Iterable[Mapping[str, Any]]) -> list[list[tuple[int, int]]]:
    """Cut weekly intervals at midnights: per weekday (Sunday first) open seconds of the day."""
    pieces: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for start, end in _merged(intervals):
        for day in range(start // 1440, -(-end // 1440)):
            opens, closes = max(start - day * 1440, 0), min(end - day * 1440, 1440)
            pieces[day].append((opens * 60, closes * 60))
    return pieces


def _merged(intervals: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Check the intervals and unite those that overlap, so that no minute counts twice."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_bounds(interval) for interval in intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _bounds(interval: Mapping[str, Any]) -> tuple[int, int]:
    start, end = interval.get("start_time"), interval.get("end_time")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= WEEK_MINUTES:
        return start, end
    raise BadRecord(
        "A schedule has an interval outside its week.",
        hint="intervals are minutes since Sunday 00:00, 0 to 10080, start before end.",
    )


def _holiday_ranges(holidays: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return holidays as ranges of days since 1970, both ends included."""
    return [(_day(h.get("start_date")), _day(h.get("end_date"))) for h in holidays]


def _day(value: object) -> int:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise BadRecord(
            "A schedule has a holiday without a usable date.",
            hint="write start_date and end_date as YYYY-MM-DD.",
        ) from None
    return day.toordinal() - _EPOCH_DAY
