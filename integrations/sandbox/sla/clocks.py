"""The clocks of a ticket as its metric events tell them: when each ran and where it stands."""

from dataclasses import dataclass, field

from integrations.sandbox.state.metric_events import (
    ACTIVATE,
    APPLY,
    APPLY_GROUP,
    BREACH,
    FULFILL,
    GROUP,
    MEASURE,
    PAUSE,
    turns_of,
)
from integrations.sandbox.state.ticketing.ticket_case import TicketCase


@dataclass(slots=True)
class Clock:
    """One instance of one metric: the spans in which it ran, its target and its breach."""

    metric: int
    instance: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    runs_since: int | None = None
    is_done: bool = False
    fulfilled: set[int] = field(default_factory=set)  # the seconds at which it was fulfilled
    promises: list[tuple[int, int]] = field(default_factory=list)  # second, number of the target
    breach: int | None = None  # place of the breach that counts
    breach_at: int = 0
    group: int = 0  # the group whose ownership is measured

    @property
    def target(self) -> int:
        """The number of the applied target, 0 for none."""
        return self.promises[-1][1] if self.promises else 0

    @property
    def is_live(self) -> bool:
        """Whether the clock runs or is paused."""
        return not self.is_done

    def ran(self, now: int) -> list[tuple[int, int]]:
        """Return every span in which the clock ran until now."""
        running = [] if self.runs_since is None else [(self.runs_since, now)]
        return self.spans + running

    def stop(self, now: int) -> None:
        """End the span that runs."""
        if self.runs_since is not None:
            self.spans.append((self.runs_since, now))
            self.runs_since = None


def clocks_of(case: TicketCase) -> dict[int, Clock]:
    """Return the latest clock of each metric that was ever started."""
    clocks: dict[int, Clock] = {}
    for place, time, metric, instance, kind, detail in turns_of(case):
        if kind == MEASURE:
            continue
        clock = clocks.get(metric)
        if clock is None or clock.instance != instance:
            clock = clocks[metric] = Clock(metric, instance)
        if kind == ACTIVATE:
            clock.runs_since, clock.is_done = time, False
            clock.group = detail if metric == GROUP else 0
        elif kind in (PAUSE, FULFILL):
            clock.stop(time)
            clock.is_done = kind == FULFILL
            if clock.is_done:
                clock.fulfilled.add(time)
        elif kind in (APPLY, APPLY_GROUP):
            clock.promises.append((time, detail))
        elif kind == BREACH:
            clock.breach, clock.breach_at = place, time
    return clocks
