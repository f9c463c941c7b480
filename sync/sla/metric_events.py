"""Zendesk's own account of its clocks: a stream of metric events, folded to where each stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from sync.sla.clocks import Phase
from sync.sla.schedules import CALENDAR, WorkingTime, instant_or_none, to_second

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
MINUTE = 60
APPLIES = ("apply_sla", "apply_group_sla")
# What happens first within one second.
_ORDER = (*APPLIES, "activate", "pause", "fulfill", "breach", "update_status")
_RANK = {kind: max(rank, 1) for rank, kind in enumerate(_ORDER)}


class AppliedPolicy(msgspec.Struct, frozen=True):
    """The policy that an event names."""

    id: int | str | None = None


class AppliedSla(msgspec.Struct, frozen=True):
    """A target that was put on a clock."""

    target: int | None = None  # minutes
    target_in_seconds: int | None = None
    business_hours: bool | None = None
    policy: AppliedPolicy | None = None

    @property
    def seconds(self) -> int | None:
        """Return the target; the one in seconds is the exact one."""
        if self.target_in_seconds is not None or self.target is None:
            return self.target_in_seconds
        return self.target * MINUTE


class MetricEvent(msgspec.Struct, frozen=True):
    """One metric event as Zendesk sends it."""

    id: int
    ticket_id: int
    metric: str
    instance_id: int
    type: str
    time: Instant
    deleted: bool | None = None
    sla: AppliedSla | None = None
    group_sla: AppliedSla | None = None
    status: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedClock:
    """A clock as Zendesk's events tell it."""

    ticket_id: int
    metric: str
    instance: int
    policy_id: int | str | None
    target_seconds: int | None
    started_at: datetime | None
    elapsed_seconds: int
    breached: bool
    breach_at: datetime | None
    due_at: datetime | None
    fulfilled_at: datetime | None
    state: Phase
    reported_minutes: Mapping[str, Any] | None
    reconciled: bool | None


def fold(
    events: Iterable[MetricEvent], *, now: datetime, schedule: WorkingTime | None = None
) -> list[ReportedClock]:
    """Return one clock for each ticket, metric and instance of which an event is kept.

    Events come in the order in which they were read: a later reading of an id replaces the
    earlier one. A breach in the future is a deadline that Zendesk has put down, not a breach.
    """
    newest = {event.id: event for event in events}
    streams: defaultdict[tuple[int, str, int], list[MetricEvent]] = defaultdict(list)
    for event in newest.values():
        counts = event.type in _RANK and event.instance_id > 0 and not event.deleted
        if counts and event.time <= now:
            streams[event.ticket_id, event.metric, event.instance_id].append(event)
    return [
        _fold_stream(sorted(stream, key=_order), to_second(now), schedule)
        for _, stream in sorted(streams.items())
    ]


def _order(event: MetricEvent) -> tuple[datetime, int, int]:
    return event.time, _RANK[event.type], event.id


def _fold_stream(
    stream: Sequence[MetricEvent], now: int, schedule: WorkingTime | None
) -> ReportedClock:
    sla = _target(stream)
    seconds = sla.seconds if sla else None
    business = bool(sla and sla.business_hours)
    elapsed = _elapsed(stream, now, schedule if business and schedule else CALENDAR)
    state = _state(stream)
    breach = next((event.time for event in stream if event.type == "breach"), None)
    reported = _last(stream, "update_status")
    minutes = reported.status if reported else None
    expects = state is Phase.ACTIVE and breach is None and not business
    fulfilled = _last(stream, "fulfill") if state is Phase.ACHIEVED else None
    return ReportedClock(
        ticket_id=stream[0].ticket_id,
        metric=stream[0].metric,
        instance=stream[0].instance_id,
        policy_id=sla.policy.id if sla and sla.policy else None,
        target_seconds=seconds,
        started_at=next((event.time for event in stream if event.type == "activate"), None),
        elapsed_seconds=elapsed,
        breached=breach is not None,
        breach_at=breach,
        due_at=instant_or_none(now + seconds - elapsed if expects and seconds else None),
        fulfilled_at=fulfilled.time if fulfilled else None,
        state=state,
        reported_minutes=minutes,
        reconciled=_agrees(elapsed, minutes, "business" if business else "calendar"),
    )


def _target(stream: Sequence[MetricEvent]) -> AppliedSla | None:
    last = _last(stream, *APPLIES)
    if last is None:
        return None
    return last.group_sla if last.type == "apply_group_sla" and last.group_sla else last.sla


def _elapsed(stream: Sequence[MetricEvent], now: int, time: WorkingTime) -> int:
    total, since = 0, None
    for event in stream:
        at = to_second(event.time)
        if event.type == "activate" and since is None:
            since = at
        elif event.type in {"pause", "fulfill"} and since is not None:
            total, since = total + time.seconds(since, at), None
    return total if since is None else total + time.seconds(since, now)


def _state(stream: Sequence[MetricEvent]) -> Phase:
    ended = _last(stream, "activate", "fulfill")
    if ended and ended.type == "fulfill":
        return Phase.ACHIEVED
    moved = _last(stream, "activate", "pause")
    return Phase.ACTIVE if moved and moved.type == "activate" else Phase.PAUSED


def _last(stream: Sequence[MetricEvent], *kinds: str) -> MetricEvent | None:
    return next((event for event in reversed(stream) if event.type in kinds), None)


def _agrees(elapsed: int, minutes: Mapping[str, Any] | None, unit: str) -> bool | None:
    if minutes is None:
        return None
    reported = minutes.get(unit)
    if not isinstance(reported, int | float) or isinstance(reported, bool):
        return False
    return abs(elapsed / MINUTE - reported) <= 1
