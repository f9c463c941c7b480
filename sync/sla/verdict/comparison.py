"""Our clocks and Zendesk's side by side: in which figures they differ by more than a minute."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from integrations.runtime.clock import format_instant
from sync.sla.clocks import Clock, Phase
from sync.sla.metric_events import MINUTE, ReportedClock
from sync.sla.names import FIRST_REPLY, NEXT_REPLY
from sync.sla.schedules import to_instant

CLOCK = "clock"  # the field that tells that only one side has a clock
NONE = "none"
ClockKey = tuple[str, int]  # metric as policies call it, instance
DisagreementKey = tuple[str, int, str]


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of one clock that the two sides tell differently, both written out."""

    metric: str
    instance: int
    field: str
    ours: str
    zendesk: str
    seconds_apart: int | None = None

    @property
    def clock(self) -> ClockKey:
        """Which clock of the ticket it is about."""
        return self.metric, self.instance

    @property
    def key(self) -> DisagreementKey:
        """Which figure of the ticket it is about."""
        return self.metric, self.instance, self.field


def policy_metric(metric: str, instance: int) -> ClockKey:
    """Return what policies call a clock of the metric events.

    The first instance of a reply is the first reply, the later ones are next replies.
    """
    if metric == "reply_time":
        return (FIRST_REPLY, 1) if instance == 1 else (NEXT_REPLY, instance - 1)
    return ("total_resolution_time" if metric == "resolution_time" else metric), instance


def compare(
    ours: Iterable[Clock], theirs: Mapping[ClockKey, ReportedClock]
) -> Iterator[Disagreement]:
    """Yield every difference between the clocks of one ticket; an unknown clock claims nothing."""
    mine = {(clock.metric, clock.instance): clock for clock in ours}
    for key in sorted(mine.keys() | theirs.keys()):
        one, other = mine.get(key), theirs.get(key)
        if one is None or other is None:
            metric, instance = key
            yield Disagreement(
                metric=metric,
                instance=instance,
                field=CLOCK,
                ours=NONE if one is None else one.state.value,
                zendesk=NONE if other is None else other.state.value,
            )
        elif one.state is not Phase.UNKNOWN:
            yield from _differences(one, other)


def _differences(one: Clock, other: ReportedClock) -> Iterator[Disagreement]:
    for name, mine, theirs in _figures(one, other):
        if mine != theirs:
            yield _disagreement(one, name, _text(mine), _text(theirs))
    for name, mine, theirs in _instants(one, other):
        if (mine is None) != (theirs is None) or _apart(mine, theirs) > MINUTE:
            apart = None if mine is None or theirs is None else _apart(mine, theirs)
            yield _disagreement(one, name, _instant(mine), _instant(theirs), apart)
    for name, own, told in _durations(one, other):
        if abs(own - told) > MINUTE:
            yield _disagreement(one, name, str(own), str(told), abs(own - told))


def _figures(one: Clock, other: ReportedClock) -> Iterator[tuple[str, object, object]]:
    """Yield what must be the same; without a target nobody counts in business hours."""
    yield "state", one.state.value, other.state.value
    yield "policy_id", _policy(one.policy_id), _policy(other.policy_id)
    yield "target_seconds", one.target_seconds, other.target_seconds
    yield "business_hours", bool(one.business_hours), other.business_hours
    yield "breached", bool(one.breached), other.breached


def _instants(one: Clock, other: ReportedClock) -> Iterator[tuple[str, int | None, int | None]]:
    yield "started_at", one.started_at, other.started_at
    if one.state is other.state is Phase.ACHIEVED:
        yield "fulfilled_at", one.fulfilled_at, other.fulfilled_at
    if one.breached and other.breached:
        yield "breach_at", one.breach_at, other.breach_at
    runs = one.state is other.state is Phase.ACTIVE
    if runs and not one.breached and not other.breached:
        yield "due_at", one.due_at, other.deadline_at


def _durations(one: Clock, other: ReportedClock) -> Iterator[tuple[str, int, int]]:
    """Yield seconds to compare; those that Zendesk itself reports are in whole minutes."""
    if one.elapsed_seconds is None or bool(one.business_hours) != other.business_hours:
        return
    yield "elapsed_seconds", one.elapsed_seconds, other.elapsed_seconds
    if one.state is other.state is Phase.ACHIEVED and other.reported_minutes:
        minutes = other.reported_minutes.get("business" if one.business_hours else "calendar")
        if isinstance(minutes, int | float) and not isinstance(minutes, bool):
            yield "reported_seconds", one.elapsed_seconds, round(minutes * MINUTE)


def _disagreement(
    clock: Clock, field: str, ours: str, theirs: str, apart: int | None = None
) -> Disagreement:
    return Disagreement(
        metric=clock.metric,
        instance=clock.instance,
        field=field,
        ours=ours,
        zendesk=theirs,
        seconds_apart=apart,
    )


def _apart(one: int | None, other: int | None) -> int:
    return 0 if one is None or other is None else abs(one - other)


def _policy(policy_id: int | str | None) -> str | None:
    return None if policy_id is None else str(policy_id)


def _text(value: object) -> str:
    if value is None:
        return NONE
    return str(value).lower() if isinstance(value, bool) else str(value)


def _instant(second: int | None) -> str:
    return NONE if second is None else format_instant(to_instant(second))
