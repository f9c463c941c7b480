"""Days of a place: which are business days, and when each of them ends in real time."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.runtime.errors import BadRecord
from sync.sla.desk_clocks.limits import Limit, Unit

# Holidays are told for these years; nobody promises an answer farther away.
FIRST_YEAR, LAST_YEAR = 2000, 2060
_FIRST_DAY = date(FIRST_YEAR, 1, 1).toordinal()
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal()
_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKEND = frozenset({5, 6})  # Monday is 0


class Calendar:
    """Counts days as one place does; days are ordinals (date.toordinal), instants seconds.

    `holidays` is a country of the package of that name, with a part of it after a hyphen; without
    it the place counts calendar days only, unless there are `no_holidays`.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        holidays: str | None = None,
        *,
        kinds: Collection[str] = (),
        weekend: Collection[int] = WEEKEND,
        closed: Collection[date] = (),
        opened: Collection[date] = (),
        no_holidays: bool = False,
    ) -> None:
        self.zone = zone
        self.counts_business_days = holidays is not None or no_holidays
        self.holidays, self._kinds = holidays, tuple(kinds)
        self._weekend = frozenset(weekend)
        self._closed = frozenset(day.toordinal() for day in closed)
        self._opened = frozenset(day.toordinal() for day in opened)
        self._days: list[int] = []  # business days in order, counted out when first needed
        self._ends: dict[int, int] = {}

    def day_of(self, second: int) -> int:
        """Return the local day of an instant."""
        return datetime.fromtimestamp(second, self.zone).toordinal()

    def time_of(self, second: int) -> time:
        """Return the local wall clock of an instant."""
        return datetime.fromtimestamp(second, self.zone).time()

    def end_of(self, day: int) -> int:
        """Return the last second of a local day, whatever its length."""
        known = self._ends.get(day)
        if known is None:
            tomorrow = date.fromordinal(day + 1)
            midnight = datetime.combine(tomorrow, time(), tzinfo=self.zone)
            known = self._ends[day] = (midnight - _EPOCH) // _SECOND - 1
        return known

    def is_business_day(self, day: int) -> bool:
        """Tell whether a day is neither weekend nor holiday."""
        return self.next_business_day(day) == day

    def next_business_day(self, day: int) -> int:
        """Return the day itself if it is a business day, else the next one."""
        return self.add(day - 1, 1)

    def add(self, day: int, business_days: int) -> int:
        """Return the n-th business day after a day; zero or less goes back, the day included.

        Raises BadRecord outside the years whose holidays are known.
        """
        days = self._known(day)
        index = bisect_right(days, day) + business_days - 1
        if not 0 <= index < len(days):
            raise _out_of_reach(day)
        return days[index]

    def count(self, day: int, until: int) -> int:
        """Return how many business days come after a day, up to another one, that one included."""
        self._known(until)
        days = self._known(day)
        return bisect_right(days, until) - bisect_right(days, day)

    def last_day(self, limit: Limit, received: int) -> int:
        """Return the last day of a limit that began with a day of receipt."""
        if limit.unit is Unit.BUSINESS_DAYS:
            return self.add(received, limit.amount)
        return limit.last_day(received)

    def _known(self, day: int) -> list[int]:
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise _out_of_reach(day)
        if not self._days:
            self._days = list(self._business_days())
        return self._days

    def _business_days(self) -> Iterator[int]:
        closed, made_up = public_holidays(self.holidays, self._kinds)
        closed |= self._closed
        for day in range(_FIRST_DAY, _LAST_DAY + 1):
            rests = day in closed or ((day - 1) % 7 in self._weekend and day not in made_up)
            if not rests or day in self._opened:
                yield day


def knows_holidays(place: str, kinds: Collection[str] = ()) -> bool:
    """Tell whether there are holidays, of these kinds, for a place such as GB-ENG."""
    try:
        _holidays_of(place, kinds, years=())
    except (NotImplementedError, ValueError):
        return False
    return True


def public_holidays(place: str | None, kinds: Collection[str] = ()) -> tuple[set[int], set[int]]:
    """Return a place's holidays, and the weekend days on which it works instead.

    `kinds` are categories of the package; its `public` ones when none are named.
    """
    if place is None:
        return set(), set()
    known = _holidays_of(place, kinds, years=range(FIRST_YEAR, LAST_YEAR + 1))
    worked = getattr(known, "weekend_workdays", ())
    return {day.toordinal() for day in known}, {day.toordinal() for day in worked}


def _holidays_of(place: str, kinds: Collection[str], *, years: Iterable[int]) -> Any:
    import holidays  # noqa: PLC0415 - a fifth of a second that most commands need not wait

    country, _, part = place.partition("-")
    return holidays.country_holidays(
        country,
        subdiv=part or None,
        years=years,
        expand=False,
        categories=tuple(kinds) or None,
    )


def _out_of_reach(day: int) -> BadRecord:
    where = date.fromordinal(day) if day > 0 else "that day"
    return BadRecord(
        f"Business days around {where} are not known.",
        hint=f"holidays are told for the years {FIRST_YEAR} to {LAST_YEAR}.",
    )
