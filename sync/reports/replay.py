"""Replays the past: what the forecast would have said at instants gone by, and what came.

Each prediction knows only what was known then: clocks that had begun, as far as they had run.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.reports.calibration import Outcome
from sync.reports.forecast import Forecaster, Kind, Run

RECENT_SECONDS = 28 * 86_400  # how far back clocks tell of a queue's speed
INSTANTS = 60
# Multiples of this share of a span lie evenly and hit every hour of the day.
GOLDEN = 0.618_033_988_749_895


class OpenHours:
    """Stretches in which a schedule is open, in order: (opens, closes, open seconds before)."""

    def __init__(self, stretches: Sequence[tuple[int, int, int]]) -> None:
        self._stretches = stretches
        self._opens = [opens for opens, _, _ in stretches]

    def seconds(self, start: int, end: int) -> int:
        """Return the open seconds between two instants."""
        return self._until(end) - self._until(start) if end > start else 0

    def _until(self, at: int) -> int:
        place = bisect_right(self._opens, at) - 1
        if place < 0:
            return 0
        opens, closes, before = self._stretches[place]
        return before + min(at, closes) - opens


@dataclass(frozen=True, slots=True, kw_only=True)
class PastClock:
    """A clock with its times, in seconds since 1970; `hours` is None for calendar time."""

    kind: Kind
    started: int
    ended: int | None
    breached: int | None
    target: int
    elapsed: int  # in the clock's unit, by `known_at`
    known_at: int
    pauses: Sequence[tuple[int, int | None]] = ()
    hours: OpenHours | None = None

    def run_by(self, at: int) -> int:
        """Return the seconds of its unit that it had run by an instant."""
        end = at if self.ended is None else min(at, self.ended)
        gone = self._seconds(self.started, end)
        return gone - sum(
            self._seconds(since, end if until is None else min(until, end))
            for since, until in self.pauses
            if since < end
        )

    def is_running(self, at: int) -> bool:
        """Tell whether it ran in time at an instant: begun, not ended, paused or breached."""
        begun = self.started <= at and (self.ended is None or self.ended > at)
        if not begun or (self.breached is not None and self.breached <= at):
            return False
        return not any(
            since <= at and (until is None or at < until) for since, until in self.pauses
        )

    @property
    def is_decided(self) -> bool:
        """Tell whether it is known how it went."""
        return self.ended is not None or self.breached is not None

    def _seconds(self, start: int, end: int) -> int:
        if self.hours is not None:
            return self.hours.seconds(start, end)
        return max(end - start, 0)


def adds_up(clock: PastClock) -> bool:
    """Tell whether its times explain how long it ran: those of a reopened clock do not."""
    return abs(clock.run_by(clock.known_at) - clock.elapsed) <= 1


def instants_between(start: int, end: int, count: int = INSTANTS) -> list[int]:
    """Return instants spread over a span, the same for the same span."""
    return sorted(start + int((number * GOLDEN % 1) * (end - start)) for number in range(count))


def replay(clocks: Sequence[PastClock], instants: Sequence[int]) -> Iterator[Outcome]:
    """Yield what was predicted at these instants for every clock that ran then, and what came.

    Clocks of which nobody knows yet how they go are left out.
    """
    for at in instants:
        known = [clock for clock in clocks if at - RECENT_SECONDS <= clock.started < at]
        past = Forecaster([_run(clock, at) for clock in known])
        for clock in known:
            if clock.is_running(at) and clock.is_decided:
                told = past.forecast(clock.kind, elapsed=clock.run_by(at), target=clock.target)
                if told is not None:
                    yield Outcome(told.probability, clock.breached is not None)


def _run(clock: PastClock, at: int) -> Run:
    ended = clock.ended is not None and clock.ended <= at
    return Run(clock.kind, clock.run_by(at), ended)
