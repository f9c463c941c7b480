"""What is going to happen in the believable past, in the order of time."""

import heapq
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from integrations.sandbox.state.clock import RecordClock

SPREAD = 0.9  # of the logarithm: most waits are short, some are very long

Step = Callable[[], None]


class Timetable:
    """Keeps the steps that are planned and does each at its time; after `end` nothing happens.

    `move` sets the clock; without it time is only written into the past and nobody notices it.
    """

    def __init__(
        self,
        clock: RecordClock,
        random: Random,
        end: datetime,
        move: Callable[[datetime], None] | None = None,
    ) -> None:
        self.random = random
        self._clock = clock
        self._move = move or clock.rewind_for_history
        self.end = end
        self._order = count()
        self._steps: list[tuple[datetime, int, Step]] = []

    @property
    def now(self) -> datetime:
        """The present of the past."""
        return self._clock.now()

    def at(self, moment: datetime, step: Step) -> None:
        """Plan a step."""
        if moment <= self.end:
            heapq.heappush(self._steps, (moment, next(self._order), step))

    def play(self, until: datetime | None = None) -> None:
        """Do every step, or those that are planned until a moment."""
        while self._steps and (until is None or self._steps[0][0] <= until):
            moment, _, step = heapq.heappop(self._steps)
            self._move(moment)
            step()

    def within(self, low: float, high: float) -> datetime:
        """Return an instant some minutes from now."""
        return self.now + timedelta(minutes=self.random.uniform(low, high))

    def around(self, minutes: float) -> datetime:
        """Return an instant about so many minutes from now: half of them are earlier."""
        drawn = self.random.lognormvariate(math.log(minutes), SPREAD)
        return self.now + timedelta(minutes=drawn)

    def chance(self, share: float) -> bool:
        """Return True in this share of all cases."""
        return self.random.random() < share
