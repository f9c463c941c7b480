"""SLA clocks of one ticket, computed from its timeline and the rules alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sync.sla.clocks import Clock, Phase
from sync.sla.life import Life, walk
from sync.sla.meter import measure
from sync.sla.metrics import BY_NAME, METRICS, Metric
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import to_second
from sync.sla.timeline import Timeline

__all__ = ["Rulebook", "compute"]


def compute(
    timeline: Timeline,
    rules: Rulebook,
    *,
    now: datetime,
    metrics: Iterable[Metric] = METRICS,
) -> list[Clock]:
    """Return every clock of a ticket as it stands at `now`, by metric and instance."""
    life = walk(timeline, rules, to_second(now))
    if life is None:
        return []
    clocks: list[Clock] = []
    for metric in metrics:
        reason = _flags_in_doubt(life, metric)
        if reason is not None:
            clocks.append(_unknown(metric.name, reason))
            continue
        for instance, spell in enumerate(metric.rule(life), start=1):
            clocks.append(measure(life, metric, instance, spell))
    clocks += _strange_metrics(life)
    return clocks


def _flags_in_doubt(life: Life, metric: Metric) -> str | None:
    """Return why nobody can tell how many instances a metric has."""
    unsure = [stand.policy for stand in life.stands if stand.policy.flag_doubts]
    reasons = (policy.flag_doubt(name) for policy in unsure for name in metric.flags_of)
    return next((reason for reason in reasons if reason), None) if unsure else None


def _strange_metrics(life: Life) -> Iterator[Clock]:
    """Yield a clock for each metric that the newest policy promises and nobody knows."""
    for _, policy, priority in (life.stands[-1], life.group_stands[-1]):
        for metric in sorted(policy.metrics - BY_NAME.keys()):
            if (metric, priority) in policy.targets:
                yield _unknown(metric, f"the metric {metric[:40]!r} is unknown")


def _unknown(metric: str, reason: str) -> Clock:
    return Clock(
        metric=metric,
        instance=1,
        business_hours=None,
        started_at=None,
        elapsed_seconds=None,
        breached=None,
        state=Phase.UNKNOWN,
        unknown_reason=reason,
    )
