"""A clock under targets that change and pauses that come: how far it is, when it breached."""

from collections.abc import Sequence

from sync.sla.clocks import AppliedTarget
from sync.sla.schedules import CALENDAR, WorkingTime


class Stopwatch:
    """Runs from a start; every target counts from there, in calendar or business time.

    A breach never moves once it came. Instants must be told in order.
    """

    __slots__ = (
        *("started", "used", "time", "target", "breach_at", "finished_at", "pauses", "targets"),
        *("_since", "_ran"),
    )

    def __init__(self, started: int) -> None:
        self.started = started
        self.used = 0
        self.time: WorkingTime = CALENDAR
        self.target: int | None = None
        self.breach_at: int | None = None
        self.finished_at: int | None = None
        self.pauses: list[tuple[int, int | None]] = []
        self.targets: list[AppliedTarget] = []
        self._since: int | None = started
        self._ran: list[tuple[int, int]] = []

    @property
    def is_running(self) -> bool:
        """Whether time is being used up."""
        return self._since is not None

    def aim(self, applied: AppliedTarget, time: WorkingTime) -> None:
        """Take over a target; breach at once when it is used up already, also while paused."""
        self._move(applied.applied_at)
        self.targets.append(applied)
        self.target = applied.target_seconds
        if time is not self.time:
            self.time = time
            self.used = sum(time.seconds(since, until) for since, until in self._ran)
        if self.breach_at is None and self.target is not None and self.used >= self.target:
            self.breach_at = applied.applied_at

    def pause(self, at: int) -> None:
        """Stop using up time."""
        if self.is_running:
            self._move(at)
            self._since = None
            self.pauses.append((at, None))

    def go_on(self, at: int) -> None:
        """Use up time again after a pause."""
        if not self.is_running and self.finished_at is None:
            self.pauses[-1] = (self.pauses[-1][0], at)
            self._since = at

    def finish(self, at: int) -> None:
        """End; what ends in the very second of the deadline is in time."""
        self._move(at, finishing=True)
        if not self.is_running and self.pauses:
            self.pauses[-1] = (self.pauses[-1][0], at)
        self._since, self.finished_at = None, at

    def due(self, now: int) -> int | None:
        """Let time pass up to now; return the deadline, of a breached clock the breach."""
        self._move(now)
        if self._since is None or self.target is None:
            return None
        if self.breach_at is not None:
            return self.breach_at
        return self.time.due(self._since, self.target - self.used)

    def _move(self, at: int, *, finishing: bool = False) -> None:
        if self._since is None:
            return
        since, self._since = self._since, at
        before, self.used = self.used, self.used + self.time.seconds(since, at)
        self._ran.append((since, at))
        if self.target is None or self.breach_at is not None:
            return
        late = self.used - self.target
        if late > 0 or (late == 0 and not finishing):
            self.breach_at = self.time.due(since, self.target - before)


def spells_within(
    toggles: Sequence[tuple[int, bool]], start: int, end: int
) -> list[tuple[int, bool]]:
    """Return the toggles of a state within a span; one that stands at its start comes first."""
    standing = [on for at, on in toggles if at <= start]
    first = [(start, True)] if standing and standing[-1] else []
    return first + [(at, on) for at, on in toggles if start < at <= end]
