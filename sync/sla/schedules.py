"""Business hours: a weekly schedule compiled to real open spans, and time measured in them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, repeat
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from integrations.runtime.errors import BadRecord
from sync.sla.zones import find_zone

DAY = 86_400
WEEK_MINUTES = 10_080
YEAR = 366 * DAY
# Offsets are sampled this often: no zone ever changed its clocks twice within half a day.
OFFSET_STEP = DAY // 2
# A target that is not used up after two centuries is treated as one that never will be.
NEVER = 200 * YEAR
FIRST_SECOND = int(datetime(1901, 1, 1, tzinfo=UTC).timestamp())
_LAST_SECOND = int(datetime(2500, 1, 1, tzinfo=UTC).timestamp())
BEFORE_ALL = -(2**62)  # the lag before the first span: only what is full counts there
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Interval(msgspec.Struct, frozen=True):
    """An open stretch of the week, in minutes since Sunday 00:00 local time."""

    start_time: int
    end_time: int


class Holiday(msgspec.Struct, frozen=True):
    """Local days on which nothing is open, both included."""

    start_date: date
    end_date: date


class ScheduleRecord(msgspec.Struct, frozen=True):
    """A schedule as Zendesk sends it, with its holidays."""

    time_zone: str
    intervals: list[Interval] | None = None
    holidays: list[Holiday] | None = None
    id: int | None = None


class WorkingTime(Protocol):
    """A way to count time; instants are whole seconds since 1970, UTC."""

    @property
    def schedule_id(self) -> int | None:
        """The schedule that counts."""

    @property
    def version(self) -> int | None:
        """The second from which this version of the schedule holds; 0: its first one."""

    @property
    def doubt(self) -> str | None:
        """Why nobody can tell how time counts."""

    def seconds(self, start: int, end: int) -> int:
        """Return how many counted seconds lie between two instants."""

    def due(self, start: int, seconds: int) -> int | None:
        """Return the earliest instant at which so many seconds are used up; None: never."""

    def readings(self, instants: Sequence[int]) -> Sequence[int]:
        """Return what a clock that never stops reads at these instants, which are in order."""

    def moment(self, reading: int) -> int | None:
        """Return the earliest instant at which that clock has this reading; None: never."""


class CalendarTime:
    """Every second counts."""

    schedule_id = version = doubt = None

    def seconds(self, start: int, end: int) -> int:
        """Return the real seconds between two instants."""
        return max(0, end - start)

    def due(self, start: int, seconds: int) -> int | None:
        """Return the instant so many real seconds later."""
        return start + max(0, seconds)

    def readings(self, instants: Sequence[int]) -> Sequence[int]:
        """Return the instants."""
        return instants

    def moment(self, reading: int) -> int | None:
        """Return the instant, which is the reading."""
        return reading


class UnknownTime(CalendarTime):
    """Business hours that nobody can tell, and why; what is counted with it must not be shown."""

    def __init__(self, doubt: str, schedule_id: int | None = None) -> None:
        self.doubt = doubt  # type: ignore[assignment]
        self.schedule_id = schedule_id  # type: ignore[assignment]


CALENDAR = CalendarTime()


@dataclass(frozen=True, slots=True)
class _OpenSpans:
    """Open spans of a bounded time, and what a clock reads that runs only in them.

    `lags` and `full` have one entry for the time before the first span, then one for each.
    """

    since: int
    until: int
    starts: Sequence[int]
    lags: Sequence[int]  # how far the clock is behind real time while the span is open
    full: Sequence[int]  # what it reads when the span has closed

    def reading(self, at: int) -> int:
        """Return the open seconds up to this instant."""
        index = bisect_right(self.starts, at)
        return min(at - self.lags[index], self.full[index])

    def moment(self, reading: int) -> int | None:
        """Return the earliest instant with this reading; None: it is not within the bounds."""
        index = bisect_left(self.full, reading)
        return reading + self.lags[index] if 0 < index < len(self.full) else None


NOTHING_COMPILED = _OpenSpans(0, 0, (), (0,), (0,))


class BusinessTime:
    """Counts only the seconds in which a Zendesk schedule is open."""

    doubt = None

    def __init__(self, schedule: Mapping[str, Any], *, version: int = 0) -> None:
        record = _read_schedule(schedule)
        self.schedule_id = record.id
        self.version = version
        self._zone = find_zone(record.time_zone)
        self._pieces = _day_pieces(record.intervals or ())
        # Days since 1970, both ends included.
        self._holidays = [
            (h.start_date.toordinal() - _EPOCH_DAY, h.end_date.toordinal() - _EPOCH_DAY)
            for h in record.holidays or ()
        ]
        self._open = NOTHING_COMPILED
        self._zero: int | None = None  # where readings begin, however much is compiled later

    def seconds(self, start: int, end: int) -> int:
        """Return the open seconds between two instants."""
        if end <= start:
            return 0
        spans = self._spans(start, end)
        return spans.reading(end) - spans.reading(start)

    def due(self, start: int, seconds: int) -> int | None:
        """Return when so many open seconds are used up: at closing time, not the next opening."""
        if seconds <= 0:
            return start
        if not any(self._pieces):
            return None
        known = self._open
        if known.since <= start < known.until:
            moment = known.moment(known.reading(start) + seconds)
            if moment is not None:
                return moment
        horizon = start + min(seconds * 8 + YEAR, NEVER)  # a week is rarely open less than 1/8
        while True:
            spans = self._spans(start, horizon)
            moment = spans.moment(spans.reading(start) + seconds)
            if moment is not None:
                return moment
            if horizon >= min(start + NEVER, _LAST_SECOND):
                return None
            horizon += horizon - start

    def readings(self, instants: Sequence[int]) -> Sequence[int]:
        """Return the open seconds up to each of these instants, which are in order."""
        spans = self._spans(instants[0], instants[-1])
        lags, full = spans.lags, spans.full
        places = map(bisect_right, repeat(spans.starts), instants)
        return [min(at - lags[i], full[i]) for at, i in zip(instants, places, strict=False)]

    def moment(self, reading: int) -> int | None:
        """Return the earliest instant at which so many seconds were open; None: never."""
        known = self._open
        index = bisect_left(known.full, reading)
        if 0 < index < len(known.full):
            return reading + known.lags[index]
        return None if self._zero is None else self.due(self._zero, reading)

    def openings(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """Yield when it opens and closes, as far as that lies between two instants."""
        spans = self._spans(since, until)
        first = max(0, bisect_right(spans.starts, since) - 1)
        for place in range(first, bisect_left(spans.starts, until)):
            opens, lag = spans.starts[place], spans.lags[place + 1]
            closes = min(spans.full[place + 1] + lag, until)
            if closes > since:
                yield max(opens, since), closes

    def business_seconds(self, start: datetime, end: datetime) -> int:
        """Return the open seconds between two instants."""
        return self.seconds(to_second(start), to_second(end))

    def due_at(self, start: datetime, seconds: int) -> datetime | None:
        """Return the earliest instant at which so many open seconds are used up; None: never."""
        return instant_or_none(self.due(to_second(start), seconds))

    def _spans(self, start: int, end: int) -> _OpenSpans:
        """Return compiled spans that cover both instants; recompiles twice as wide if needed."""
        known = self._open
        if known.since <= start and end <= known.until:
            return known
        if known.since < known.until:
            start, end = min(start, known.since), max(end, known.until)
        margin = max(YEAR, (end - start) // 2)
        since = max(start - YEAR, FIRST_SECOND)
        self._open = self._compile(since, min(end + margin, _LAST_SECOND))
        return self._open

    def _compile(self, since: int, until: int) -> _OpenSpans:
        starts: list[int] = []
        lags, full = [BEFORE_ALL], [0]
        closes = None
        for opens, next_closes in self._local_spans(since, until):
            if opens == closes:  # touching spans are one
                full[-1] += next_closes - opens
            else:
                starts.append(opens)
                lags.append(opens - full[-1])
                full.append(full[-1] + next_closes - opens)
            closes = next_closes
        spans = _OpenSpans(since, until, starts, lags, full)
        if self._zero is None:
            self._zero = since
        shift = spans.reading(self._zero)
        if not shift:
            return spans
        lags = [BEFORE_ALL, *(lag + shift for lag in lags[1:])]
        return _OpenSpans(since, until, starts, lags, [each - shift for each in full])

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


def read_schedule(schedule: Mapping[str, Any], *, version: int = 0) -> WorkingTime:
    """Return the business hours of a schedule, or, when it cannot be read, why nobody knows."""
    try:
        return BusinessTime(schedule, version=version)
    except BadRecord as error:
        number = schedule.get("id")
        return UnknownTime(error.message, number if isinstance(number, int) else None)


def to_second(moment: datetime) -> int:
    """Return an instant as whole seconds since 1970, UTC; fractions are cut.

    Raises BadRecord for an instant at which no ticket can have been alive.
    """
    second = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    if FIRST_SECOND <= second < _LAST_SECOND:
        return second
    raise BadRecord(
        "An instant lies outside the years 1901 to 2499.", hint="correct the year of the instant."
    )


def to_instant(second: int) -> datetime:
    """Return the instant of a second since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)


def known_second(second: int | None) -> int | None:
    """Return the second; None for none, and for one that nobody will see."""
    return None if second is None or second >= _LAST_SECOND else second


def instant_or_none(second: int | None) -> datetime | None:
    """Return the instant; None for none, and for one that nobody will see."""
    known = known_second(second)
    return None if known is None else to_instant(known)


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


def _day_pieces(intervals: Iterable[Interval]) -> list[list[tuple[int, int]]]:
    """Cut weekly intervals at midnights: per weekday (Sunday first) open seconds of the day."""
    pieces: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for start, end in _merged(intervals):
        for day in range(start // 1440, -(-end // 1440)):
            opens, closes = max(start - day * 1440, 0), min(end - day * 1440, 1440)
            pieces[day].append((opens * 60, closes * 60))
    return pieces


def _merged(intervals: Iterable[Interval]) -> list[tuple[int, int]]:
    """Check the intervals and unite those that overlap, so that no minute counts twice."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((i.start_time, i.end_time) for i in intervals):
        if not 0 <= start <= end <= WEEK_MINUTES:
            raise _unreadable("an interval lies outside its week")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _read_schedule(schedule: Mapping[str, Any]) -> ScheduleRecord:
    try:
        return msgspec.convert(schedule, ScheduleRecord)
    except msgspec.ValidationError as error:
        raise _unreadable(str(error)) from None


def _unreadable(reason: str) -> BadRecord:
    return BadRecord(
        f"A schedule cannot be read: {reason}.",
        hint="intervals are minutes since Sunday 00:00, 0 to 10080, start before end;"
        " holidays have a start_date and an end_date, YYYY-MM-DD.",
    )
