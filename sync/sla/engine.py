"""SLA clocks of one ticket, computed from its timeline and the rules alone."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.clocks import Clock
from sync.sla.meter import read_clock
from sync.sla.metrics import METRICS, Metric
from sync.sla.policies import PolicyBook
from sync.sla.schedules import WorkingTime, to_second
from sync.sla.spells import Life, Step
from sync.sla.timeline import Timeline, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What an account asks of its tickets: policies, group policies and business hours."""

    policies: PolicyBook = field(default_factory=PolicyBook)
    group_policies: PolicyBook = field(default_factory=PolicyBook)
    # (second from which it holds, schedule), in order; the first also holds before.
    schedules: Sequence[tuple[int, WorkingTime]] = ()

    def step(self, update: Update) -> Step:
        """Return an update with the rules that reach the ticket with it."""
        return Step(
            update=update,
            policy=self.policies.applied(update.state, update.at),
            group_policy=self.group_policies.applied(update.state, update.at),
            schedule=self._schedule(update.at),
        )

    def _schedule(self, at: int) -> WorkingTime | None:
        if not self.schedules:
            return None
        index = bisect_right(self.schedules, at, key=lambda entry: entry[0]) - 1
        return self.schedules[max(index, 0)][1]


def compute(
    timeline: Timeline,
    rules: Rulebook,
    *,
    now: datetime,
    metrics: Iterable[Metric] = METRICS,
    choices: Choices = DEFAULT_CHOICES,
) -> list[Clock]:
    """Return every clock of a ticket as it stands at `now`, by metric and instance."""
    at = to_second(now)
    life = Life(
        timeline=timeline,
        steps=[rules.step(update) for update in timeline.updates if update.at <= at],
        choices=choices,
    )
    if not life.steps:
        return []  # the ticket is not yet there
    count: Counter[str] = Counter()
    clocks = []
    for metric in metrics:
        for spell in metric.rule(life, metric.runs_in):
            count[metric.name] += 1
            clocks.append(
                read_clock(metric, count[metric.name], spell, life.steps, now=at, choices=choices)
            )
    return clocks
