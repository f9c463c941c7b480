"""Zendesk's own account of its clocks: a stream of metric events, folded to where each stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Annotated, Any, NamedTuple

import msgspec

from sync.sla.clocks import Phase
from sync.sla.schedules import CALENDAR, WorkingTime, known_second, to_second

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
MINUTE = 60
APPLIES = ("apply_sla", "apply_group_sla")
# What happens first within one second.
_ORDER = (*APPLIES, "activate", "pause", "fulfill", "breach", "update_status")
_RANK = {kind: max(rank, 1) for rank, kind in enumerate(_ORDER)}


class AppliedPolicy(msgspec.Struct, frozen=True, gc=False):
    """The policy that an event names."""

    id: int | str | None = None


class AppliedSla(msgspec.Struct, frozen=True, gc=False):
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


class MetricEvent(msgspec.Struct, frozen=True, gc=False):
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


class ReportedClock(msgspec.Struct, kw_only=True, gc=False):
    """A clock as Zendesk's events tell it; instants are seconds since 1970, UTC.

    `deadline_at` is a breach that was put down in advance and has not come; `targets` are the
    instants at which targets were put on the clock or, with None, taken away.
    """

    ticket_id: int
    metric: str
    instance: int
    policy_id: int | str | None
    target_seconds: int | None
    business_hours: bool
    started_at: int | None
    elapsed_seconds: int
    breached: bool
    breach_at: int | None
    due_at: int | None
    deadline_at: int | None
    fulfilled_at: int | None
    state: Phase
    reported_minutes: Mapping[str, Any] | None
    reconciled: bool | None
    targets: list[tuple[int, AppliedSla | None]]


Key = tuple[int, str, int]  # ticket, metric, instance
Told = tuple[int, int, int, MetricEvent]  # second, rank within it, id


class Stream(NamedTuple):
    """The events of one clock that count, in their order, and the breaches that lie ahead."""

    past: list[Told]
    ahead: list[int]


def fold(
    events: Iterable[MetricEvent], *, now: datetime, schedule: WorkingTime | None = None
) -> list[ReportedClock]:
    """Return one clock for each ticket, metric and instance of which an event is kept.

    Events come in the order in which they were read: a later reading of an id replaces the
    earlier one. A breach in the future is a deadline that Zendesk has put down, not a breach.
    """
    at = to_second(now)
    streams = streams_of(events, now=at)
    return [
        fold_stream(key, stream, now=at, schedule=schedule)
        for key, stream in sorted(streams.items(), key=itemgetter(0))
    ]


def streams_of(events: Iterable[MetricEvent], *, now: int) -> dict[Key, Stream]:
    """Return the events of each clock that anything happened to until now."""
    newest = {event.id: event for event in events}
    streams: defaultdict[Key, Stream] = defaultdict(lambda: Stream([], []))
    for event in newest.values():
        rank = _RANK.get(event.type)
        if rank is None or event.instance_id <= 0 or event.deleted:
            continue
        at, stream = (
            to_second(event.time),
            streams[event.ticket_id, event.metric, event.instance_id],
        )
        if at <= now:
            stream.past.append((at, rank, event.id, event))
        elif event.type == "breach":
            stream.ahead.append(at)
    for stream in streams.values():
        stream.past.sort(key=_ORDER_OF)
    return {key: stream for key, stream in streams.items() if stream.past}


_ORDER_OF = itemgetter(0, 1, 2)


def fold_stream(
    key: Key, stream: Stream, *, now: int, schedule: WorkingTime | None
) -> ReportedClock:
    """Return the clock that a stream of events tells of; `schedule` counts business targets."""
    ticket_id, metric, instance = key
    past = stream.past
    targets = [(at, _target(event)) for at, _, _, event in past if event.type in APPLIES]
    sla = targets[-1][1] if targets else None
    seconds = sla.seconds if sla else None
    business = bool(sla and sla.business_hours)
    elapsed = _elapsed(past, now, schedule if business and schedule else CALENDAR)
    state = _state(past)
    breach = next((at for at, _, _, event in past if event.type == "breach"), None)
    reported = _last(past, "update_status")
    minutes = reported[3].status if reported else None
    expects = state is Phase.ACTIVE and breach is None
    fulfilled = _last(past, "fulfill") if state is Phase.ACHIEVED else None
    return ReportedClock(
        ticket_id=ticket_id,
        metric=metric,
        instance=instance,
        policy_id=sla.policy.id if sla and sla.policy else None,
        target_seconds=seconds,
        business_hours=business,
        started_at=next((at for at, _, _, event in past if event.type == "activate"), None),
        elapsed_seconds=elapsed,
        breached=breach is not None,
        breach_at=breach,
        due_at=known_second(
            now + seconds - elapsed if expects and not business and seconds else None
        ),
        deadline_at=min(stream.ahead, default=None) if expects else None,
        fulfilled_at=fulfilled[0] if fulfilled else None,
        state=state,
        reported_minutes=minutes,
        reconciled=_agrees(elapsed, minutes, "business" if business else "calendar"),
        targets=targets,
    )


def _target(event: MetricEvent) -> AppliedSla | None:
    return event.group_sla if event.type == "apply_group_sla" and event.group_sla else event.sla


def _elapsed(past: Sequence[Told], now: int, time: WorkingTime) -> int:
    total, since = 0, None
    for at, _, _, event in past:
        if event.type == "activate" and since is None:
            since = at
        elif event.type in {"pause", "fulfill"} and since is not None:
            total, since = total + time.seconds(since, at), None
    return total if since is None else total + time.seconds(since, now)


def _state(past: Sequence[Told]) -> Phase:
    ended = _last(past, "activate", "fulfill")
    if ended and ended[3].type == "fulfill":
        return Phase.ACHIEVED
    moved = _last(past, "activate", "pause")
    return Phase.ACTIVE if moved and moved[3].type == "activate" else Phase.PAUSED


def _last(past: Sequence[Told], *kinds: str) -> Told | None:
    return next((told for told in reversed(past) if told[3].type in kinds), None)


def _agrees(elapsed: int, minutes: Mapping[str, Any] | None, unit: str) -> bool | None:
    if minutes is None:
        return None
    reported = minutes.get(unit)
    if not isinstance(reported, int | float) or isinstance(reported, bool):
        return False
    return abs(elapsed / MINUTE - reported) <= 1
