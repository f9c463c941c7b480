"""One ticket as both sides know it: its updates and rules here, Zendesk's metric events there."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.sla.clocks import Clock
from sync.sla.engine import compute
from sync.sla.metric_events import (
    APPLIES,
    MetricEvent,
    ReportedClock,
    Stream,
    fold_stream,
    streams_of,
)
from sync.sla.rulebook import SCHEDULE_FIELD, Rulebook
from sync.sla.schedules import WorkingTime, to_instant
from sync.sla.timeline import Timeline
from sync.sla.verdict.comparison import ClockKey, policy_metric
from sync.sla.verdict.doubts import Doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the clocks of one ticket follow from on both sides.

    `known_until` is the second until which Zendesk's events were read; `by_ids` takes the events
    of one second in the order of their ids instead of that of their types.
    """

    timeline: Timeline
    rules: Rulebook
    events: Sequence[MetricEvent]
    now: int
    known_until: int
    doubts: Doubts = field(default_factory=Doubts)
    by_ids: bool = False

    def ours(self) -> dict[ClockKey, Clock]:
        """Return our clocks as they stand now."""
        clocks = compute(self.timeline, self.rules, now=to_instant(self.now))
        return {(clock.metric, clock.instance): clock for clock in clocks}

    def zendesks(self) -> dict[ClockKey, ReportedClock]:
        """Return the clocks that Zendesk's events tell of, by the names that policies use."""
        found = {}
        hours = Hours(self.timeline, self.rules)
        for key, stream in streams_of(self.events, now=self.now).items():
            if self.by_ids:
                stream.past.sort(key=lambda told: (told[0], told[2]))
            in_hours = any(
                event.type in APPLIES and (event.sla or event.group_sla)
                for _, _, _, event in stream.past
            )
            schedule = hours.at(_last_reached(stream, self.now)) if in_hours else None
            clock = fold_stream(key, stream, now=self.now, schedule=schedule)
            found[policy_metric(clock.metric, clock.instance)] = clock
        return found

    def states(self, at: int) -> list[dict[str, Any]]:
        """Return the fields of the ticket after each of its updates in a second.

        Without one, that is as the last update before left them.
        """
        state = dict(self.timeline.opening.fields)
        found = [dict(state)]
        for event in self.timeline.events:
            if event.at > at:
                break
            state.update(event.changes)
            found = [*found, dict(state)] if event.at == at else [dict(state)]
        return found

    def updates(self) -> list[int]:
        """Return the seconds of all updates until now, the creation first."""
        later = (event.at for event in self.timeline.events if event.at <= self.now)
        return [self.timeline.opening.at, *later]


def _last_reached(stream: Stream, now: int) -> int:
    """Return until when updates reach a clock: its end, if it has not been reopened."""
    for at, _, _, event in reversed(stream.past):
        if event.type in {"activate", "fulfill"}:
            return at if event.type == "fulfill" else now
    return now


class Hours:
    """The schedule that reached a ticket with its last update before any moment."""

    def __init__(self, timeline: Timeline, rules: Rulebook) -> None:
        self._timeline, self._rules = timeline, rules
        self._updates: list[tuple[int, int | None]] = []

    def at(self, second: int) -> WorkingTime | None:
        """Return the schedule as it was known to the ticket at a second."""
        if not self._updates:
            self._read()
        index = bisect_right(self._updates, second, key=lambda update: update[0]) - 1
        at, assigned = self._updates[max(index, 0)]
        return self._rules.schedule(assigned, at)

    def _read(self) -> None:
        opening = self._timeline.opening
        assigned = opening.fields.get(SCHEDULE_FIELD)
        self._updates.append((opening.at, assigned))
        for event in self._timeline.events:
            assigned = event.changes.get(SCHEDULE_FIELD, assigned)
            self._updates.append((event.at, assigned))
