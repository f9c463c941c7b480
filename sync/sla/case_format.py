"""The shape of case files; what does not fit is refused with the place that is wrong."""

from typing import Any

import msgspec

from sync.sla.metric_events import Instant, MetricEvent


class Comment(msgspec.Struct):
    """A comment: who wrote it does not matter here, whether the customer sees it does."""

    public: bool
    author_id: int | None = None


class CaseEvent(msgspec.Struct):
    """One update of the case's ticket."""

    at: Instant
    author_id: int | None = None
    id: int = 0
    comment: Comment | None = None
    changes: dict[str, Any] | None = None


class CaseSchedule(msgspec.Struct):
    """A schedule that holds from a moment on."""

    since: Instant = msgspec.field(name="from")
    schedule: dict[str, Any] | None = None


class CaseHead(msgspec.Struct):
    """What every case has."""

    id: str
    kind: str | None = None


class PolicyVersion(msgspec.Struct):
    """What a case says of a policy beside Zendesk's own format."""

    active_from: Instant | None = None


class TicketCase(msgspec.Struct):
    """A ticket's life and the rules of its account."""

    now: Instant
    ticket: dict[str, Any]
    users: dict[int, str]
    events: list[CaseEvent]
    policies: list[Any] | None = None
    group_policies: list[Any] | None = None
    schedule: dict[str, Any] | None = None
    schedules_over_time: list[CaseSchedule] | None = None


class TicketFields(msgspec.Struct):
    """Fields the clocks look at themselves; policies may look at any others."""

    status: str | None = None
    requester_id: int | None = None
    group_id: int | str | None = None


class TicketHead(msgspec.Struct):
    """What the case's ticket must have at its creation."""

    created_at: Instant
    requester_id: int
    submitter_id: int
    status: str
    id: int = 0
    via: str | None = None
    first_comment: Comment | None = None


class BusinessTimeCase(msgspec.Struct):
    """A question about business time: when is so much used up, or how much lies between."""

    schedule: dict[str, Any]
    start: Instant
    target_seconds: int | None = None
    end: Instant | None = None


class MetricEventsCase(msgspec.Struct):
    """Zendesk's metric events in the order they were read; a schedule for business targets."""

    now: Instant
    events: list[MetricEvent]
    schedule: dict[str, Any] | None = None
