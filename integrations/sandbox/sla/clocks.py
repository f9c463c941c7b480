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
    WORDS,
    event_at,
)
from integrations.sandbox.state.ticket_case import TicketCase


@dataclass(slots=True)
class Clock:
    """One instance of one metric: the spans in which it ran, its target and its breach."""

    metric: int
    instance: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    runs_since: int | None = None
    is_done: bool = False
    target: int = 0  # number of the applied target, 0 for none
    breach: int | None = None  # place of the breach that counts
    breach_at: int = 0
    broken_target: int = 0  # number of the target that the breach is about
    group: int = 0  # the group whose ownership is measured

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
    for place in range(0, len(case.metric_events), WORDS):
        event = event_at(case, place)
        if event.type == MEASURE:
            continue
        clock = clocks.get(event.metric)
        if clock is None or clock.instance != event.instance:
            clock = clocks[event.metric] = Clock(event.metric, event.instance)
        if event.type == ACTIVATE:
            clock.runs_since, clock.is_done = event.time, False
            clock.group = event.detail if event.metric == GROUP else 0
        elif event.type in (PAUSE, FULFILL):
            clock.stop(event.time)
            clock.is_done = event.type == FULFILL
        elif event.type in (APPLY, APPLY_GROUP):
            clock.target = event.detail
        elif event.type == BREACH and not event.is_deleted:
            clock.breach, clock.breach_at = place, event.time
            clock.broken_target = clock.target
    return clocks
