"""What was promised to a clock, on both sides, and when the two promised different things."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sync.sla.clocks import Clock
from sync.sla.metric_events import AppliedSla, ReportedClock
from sync.sla.verdict.comparison import ClockKey

CLOCKS_APART_S = 2  # between the time of an update and that of what Zendesk writes of it
Terms = tuple[str, int, bool]  # policy, seconds, business hours
Promises = list[tuple[int, Terms | None]]  # from which second on; None: taken away


class Sides(NamedTuple):
    """The clocks of one ticket on both sides."""

    ours: Mapping[ClockKey, Clock]
    zendesks: Mapping[ClockKey, ReportedClock]


def partings(
    ours: Clock | None, theirs: ReportedClock | None
) -> Iterator[tuple[int, Terms | None, Terms | None]]:
    """Yield when the two sides promised different things, and what each did.

    Two sides that write the same a second apart do not part.
    """
    own = _own(ours) if ours else []
    told = _told(theirs) if theirs else []
    for at in sorted({at for at, _ in (*own, *told)}):
        one, other = (_newest(each, at + CLOCKS_APART_S) for each in (own, told))
        if one != other:
            yield at, one, other


def parted(sides: Sides) -> Counter[ClockKey]:
    """Return how often the two sides promised different things to each clock that both have."""
    both = sides.ours.keys() & sides.zendesks.keys()
    return Counter(key for key in both for _ in partings(sides.ours[key], sides.zendesks[key]))


def _own(clock: Clock) -> Promises:
    return [
        (
            each.applied_at,
            None
            if each.target_seconds is None
            else (str(each.policy_id), each.target_seconds, each.business_hours),
        )
        for each in clock.targets
    ]


def _told(clock: ReportedClock) -> Promises:
    return [(at, _terms(sla)) for at, sla in clock.targets]


def _terms(sla: AppliedSla | None) -> Terms | None:
    if sla is None or sla.seconds is None:
        return None
    policy = sla.policy.id if sla.policy else None
    return str(policy), sla.seconds, bool(sla.business_hours)


def _newest(promises: Sequence[tuple[int, Terms | None]], at: int) -> Terms | None:
    return next((each for since, each in reversed(promises) if since <= at), None)
