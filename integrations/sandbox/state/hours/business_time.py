"""Time between two instants, by the calendar and by a schedule, exact to the second."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from integrations.sandbox.state.hours.time_zones import zone_of
from integrations.sandbox.state.store import Record

HOUR_S, DAY_S, DAY_MINUTES = 3600, 86_400, 1440
EPOCH_DAY = date(1970, 1, 1).toordinal()
# from the first to the last instant that is a given local day anywhere on earth
EARLIEST_S, LATEST_S = -15 * HOUR_S, DAY_S + 13 * HOUR_S
LONGEST_WAIT_DAYS = 3660  # a deadline further away than ten years is none

Spans = tuple[tuple[int, int], ...]


def business_minutes(schedule: Record, start: datetime, end: datetime) -> int:
    """Return the whole minutes between two instants that lie inside the schedule."""
    return open_hours(schedule).seconds(int(start.timestamp()), int(end.timestamp())) // 60


def open_hours(schedule: Record) -> "OpenHours":
    """Return the open hours of a schedule as it is now."""
    return _open_hours(
        schedule["time_zone"],
        tuple((one["start_time"], one["end_time"]) for one in schedule["intervals"]),
        tuple((one["start_date"], one["end_date"]) for one in schedule["holidays"]),
    )


@lru_cache(maxsize=64)
def _open_hours(zone: str, intervals: Spans, holidays: tuple[tuple[str, str], ...]) -> "OpenHours":
    return OpenHours(zone, intervals, holidays)


class OpenHours:
    """Knows when a schedule is open, in epoch seconds; each local day is worked out once.

    A second counts if its local wall clock lies inside an interval and its local date is no
    holiday: an hour that is skipped in spring counts nothing, one repeated in autumn counts twice.
    """

    def __init__(self, zone: str, intervals: Spans, holidays: tuple[tuple[str, str], ...]) -> None:
        self._zone = zone_of(zone)
        self._week = [_wall_spans(intervals, weekday) for weekday in range(7)]
        self._holidays = [
            (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())
            for first, last in holidays
        ]
        self._days: dict[int, Spans] = {}

    def seconds(self, start: int, end: int) -> int:
        """Return how many open seconds lie between two instants."""
        if end <= start:
            return 0
        total = 0
        for day in range(self._local_day(start), self._local_day(end) + 1):
            for opens, closes in self._open_on(day):
                if opens < end and closes > start:
                    total += min(closes, end) - max(opens, start)
        return total

    def due(self, start: int, target: int) -> int | None:
        """Return the earliest instant at which so many open seconds are used up, if any."""
        if target <= 0:
            return start
        if not any(self._week):
            return None
        first = self._local_day(start)
        for day in range(first, first + LONGEST_WAIT_DAYS):
            for opens, closes in self._open_on(day):
                begins = max(opens, start)
                if closes - begins >= target:
                    return begins + target
                target -= max(0, closes - begins)
        return None

    def _local_day(self, instant: int) -> int:
        return datetime.fromtimestamp(instant, self._zone).toordinal()

    def _open_on(self, day: int) -> Spans:
        spans = self._days.get(day)
        if spans is None:
            spans = self._days[day] = self._worked_out(day)
        return spans

    def _worked_out(self, day: int) -> Spans:
        wall = self._week[day % 7]  # day 7 of the calendar is a Sunday
        if not wall or any(first <= day <= last for first, last in self._holidays):
            return ()
        midnight = (day - EPOCH_DAY) * DAY_S
        return tuple(
            (max(midnight + opens - offset, begins), min(midnight + closes - offset, ends))
            for begins, ends, offset in self._offsets(midnight)
            for opens, closes in wall
            if midnight + opens - offset < ends and midnight + closes - offset > begins
        )

    def _offsets(self, midnight: int) -> list[tuple[int, int, int]]:
        """Return the spans of constant offset to UTC around a local day, in order."""
        first, last = midnight + EARLIEST_S, midnight + LATEST_S
        marks = [first, midnight, midnight + DAY_S, last]
        if len({self._offset(mark) for mark in marks}) > 1:
            marks = [*range(first, last, HOUR_S), last]
        pieces: list[tuple[int, int, int]] = []
        begins = first
        for before, after in pairwise(marks):
            if self._offset(before) != self._offset(after):
                turn = self._turn(before, after)
                pieces.append((begins, turn, self._offset(before)))
                begins = turn
        return [*pieces, (begins, last, self._offset(last))]

    def _turn(self, before: int, after: int) -> int:
        """Return the first second with the offset of `after`."""
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == self._offset(before):
                before = middle
            else:
                after = middle
        return after

    def _offset(self, instant: int) -> int:
        shift = datetime.fromtimestamp(instant, self._zone).utcoffset() or timedelta()
        return int(shift.total_seconds())


class EveryHour:
    """Counts every second, as a calendar does."""

    def seconds(self, start: int, end: int) -> int:
        """Return how many seconds lie between two instants."""
        return end - start

    def due(self, start: int, target: int) -> int | None:
        """Return the instant so many seconds later, if it is not too far away."""
        return start + target if target <= LONGEST_WAIT_DAYS * DAY_S else None


EVERY_HOUR = EveryHour()


def _wall_spans(intervals: Spans, weekday: int) -> Spans:
    """Return the open seconds of one day of the week, as its wall clock shows them."""
    offset = weekday * DAY_MINUTES
    clipped = sorted(
        (max(start - offset, 0), min(end - offset, DAY_MINUTES)) for start, end in intervals
    )
    merged: list[tuple[int, int]] = []
    for opens, closes in clipped:
        if opens >= closes:
            continue
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return tuple((opens * 60, closes * 60) for opens, closes in merged)
