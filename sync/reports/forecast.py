"""How likely a running clock breaches, judged by how fast clocks like it ended lately.

Of the recent clocks that still ran after as much time as this one has used, some ended before the
target and some did not. Clocks that still run count as long as they are known to have run, as
Kaplan and Meier (1958) do it. Too few alike: the circle is widened.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

ENOUGH = 20  # clocks that stood where this one stands; fewer say too little
PRIOR = 0.5  # half a clock that ended each way: twenty of twenty are no certainty


class Kind(NamedTuple):
    """What makes clocks alike; seconds of different units are never compared."""

    metric: str
    business_hours: bool
    group_id: int | None
    priority: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """How long a clock ran, in seconds of its unit; `ended` is False while it still runs."""

    kind: Kind
    seconds: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """The probability of a breach, from how many clocks, and which clocks these were."""

    probability: float
    based_on: int
    alike: str


class Speed:
    """How fast the clocks of one circle ended: a curve of the share that still runs."""

    def __init__(self, runs: Iterable[Run]) -> None:
        found = list(runs)
        self._durations = sorted(run.seconds for run in found)
        self._ends = sorted(run.seconds for run in found if run.ended)
        self._times = sorted(set(self._ends))
        steps = (1 - self._ended_at(at) / self.still_ran(at) for at in self._times)
        self._shares = list(accumulate(steps, lambda before, step: before * step, initial=1.0))

    def still_ran(self, seconds: int) -> int:
        """Return how many clocks ran for so long, or longer."""
        return len(self._durations) - bisect_left(self._durations, seconds)

    def outlasts(self, target: int, *, elapsed: int) -> float | None:
        """Return the share of clocks that ran past the target, of those that ran past `elapsed`.

        None when that cannot be known: no clock is known to have run so long.
        """
        after = self._share(elapsed)
        return self._share(target) / after if after > 0 else None

    def _share(self, seconds: int) -> float:
        return self._shares[bisect_right(self._times, seconds)]

    def _ended_at(self, seconds: int) -> int:
        return bisect_right(self._ends, seconds) - bisect_left(self._ends, seconds)


class Forecaster:
    """Recent clocks in circles, the narrowest first; asked about one running clock at a time."""

    def __init__(self, runs: Sequence[Run], *, enough: int = ENOUGH) -> None:
        circles: defaultdict[tuple[str, Kind], list[Run]] = defaultdict(list)
        for run in runs:
            for alike, kind in _circles(run.kind):
                circles[alike, kind].append(run)
        self._speeds = {key: Speed(members) for key, members in circles.items()}
        self._enough = enough

    def forecast(self, kind: Kind, *, elapsed: int, target: int) -> Forecast | None:
        """Return how likely it is that the target passes first; None when nothing is like it.

        `elapsed` and `target` are seconds of the clock's unit. What is used up is breached.
        """
        if elapsed > target:
            return Forecast(1.0, 0, "the target has passed")
        best = None
        for alike, circle in _circles(kind):
            speed = self._speeds.get((alike, circle))
            share = speed.outlasts(target, elapsed=elapsed) if speed else None
            if speed is None or share is None:
                continue
            based_on = speed.still_ran(elapsed + 1)
            if based_on and (best is None or based_on > best.based_on):
                best = Forecast(_tempered(share, based_on), based_on, alike)
            if based_on >= self._enough:
                break
        return best


def _circles(kind: Kind) -> Iterable[tuple[str, Kind]]:
    """Yield the circles a clock belongs to, from its own queue to all clocks of its metric."""
    yield "same group and priority", kind
    yield "same priority", kind._replace(group_id=None)
    yield "same metric", kind._replace(group_id=None, priority=None)


def _tempered(share: float, based_on: int) -> float:
    return (share * based_on + PRIOR) / (based_on + 2 * PRIOR)
