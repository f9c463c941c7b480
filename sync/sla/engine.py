"""SLA clocks of tickets, computed from their timelines and the rules alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sync.sla.clocks import Clock, Phase
from sync.sla.life import Life
from sync.sla.meter import Meter
from sync.sla.metrics import Metric
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import to_second
from sync.sla.timeline import Timeline
from sync.sla.walk import walk

__all__ = ["Rulebook", "compute", "compute_all"]

# Tickets that take turns, metric by metric: code that is run again at once is still in the
# processor's caches, which makes it a fifth faster.
ROUND = 16


def compute(timeline: Timeline, rules: Rulebook, *, now: datetime) -> list[Clock]:
    """Return every clock of a ticket as it stands at `now`, by metric and instance."""
    ((_, clocks),) = compute_all([timeline], rules, now=now)
    return clocks


def compute_all(
    timelines: Iterable[Timeline], rules: Rulebook, *, now: datetime
) -> Iterator[tuple[int, list[Clock]]]:
    """Yield each ticket, in the order given, with every clock of it as it stands at `now`.

    A ticket that is not there yet has none. Never holds more than a few tickets at once.
    """
    at, coming = to_second(now), iter(timelines)
    while members := list(islice(coming, ROUND)):
        lives = [walk(timeline, rules, at) for timeline in members]
        found: list[list[Clock]] = [[] for _ in lives]
        born = [(life, clocks) for life, clocks in zip(lives, found, strict=True) if life]
        for meter in rules.meters:
            for life, clocks in born:
                clocks.extend(_read(life, meter))
        for life, clocks in born:
            clocks.extend(_strange_metrics(life))
        yield from zip([timeline.ticket_id for timeline in members], found, strict=True)


def _read(life: Life, meter: Meter) -> Iterable[Clock]:
    reason = _flags_in_doubt(life, meter.metric) if life.is_unsure else None
    if reason is not None:
        return [_unknown(meter.metric.name, reason)]
    return meter.read(life, meter.metric.rule(life))


def _flags_in_doubt(life: Life, metric: Metric) -> str | None:
    """Return why nobody can tell how many instances a metric has."""
    reasons = (stand.policy.flag_doubt(each) for stand in life.stands for each in metric.flags_of)
    return next((reason for reason in reasons if reason), None)


def _strange_metrics(life: Life) -> Sequence[Clock]:
    """Return a clock for each metric that the newest policy promises and nobody knows."""
    return [
        _unknown(metric, f"the metric {metric[:40]!r} is unknown")
        for _, policy, priority in (life.stands[-1], life.group_stands[-1])
        for metric in policy.strange_metrics
        if (metric, priority) in policy.targets
    ]


def _unknown(metric: str, reason: str) -> Clock:
    return Clock(metric=metric, instance=1, state=Phase.UNKNOWN, unknown_reason=reason)
