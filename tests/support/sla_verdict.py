"""Builders for the verdict's tests: one ticket as we know it, and as Zendesk's events tell it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.clocks import Clock
from sync.sla.engine import Rulebook, compute
from sync.sla.metric_events import AppliedPolicy, AppliedSla, MetricEvent
from sync.sla.policies import Policy
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import BusinessTime, to_instant, to_second
from sync.sla.timeline import Event, Opening, Timeline, build_timeline
from sync.sla.verdict.doubts import TICKET, Doubts
from sync.sla.verdict.evidence import Evidence
from sync.sla.verdict.findings import Finding, find
from tests.support.sla import CUSTOMER, NINE, ROLES, after, make_policy

HOUR_EACH = make_policy(
    ("first_reply_time", "normal", 60),
    ("requester_wait_time", "normal", 600),
    ("periodic_update_time", "normal", 90),
)
POLICY = (TICKET, "1")
NAMES = {"first_reply_time": ("reply_time", 0), "next_reply_time": ("reply_time", 1)}
NAMES["total_resolution_time"] = ("resolution_time", 0)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What one side knows: the ticket's updates, and the rules at each."""

    events: Sequence[Event] = ()
    policies: Sequence[Policy] = (HOUR_EACH,)
    schedule: Mapping[str, Any] | None = None
    choices: Choices = DEFAULT_CHOICES
    submitter: int = CUSTOMER
    now: float = 600
    fields: Mapping[str, Any] = field(default_factory=dict)

    def timeline(self) -> Timeline:
        """Return the ticket's life."""
        opening = Opening(
            ticket_id=1,
            at=to_second(NINE),
            submitter_id=self.submitter,
            via="email",
            public=True,
            author_id=self.submitter,
            fields={
                "status": "open",
                "priority": "normal",
                "requester_id": CUSTOMER,
                "group_id": None,
                "tags": [],
                **self.fields,
            },
        )
        return build_timeline(opening, self.events, ROLES)

    def rules(self) -> Rulebook:
        """Return the account's rules."""
        return Rulebook(
            policies=PolicyBook(self.policies, choices=self.choices),
            schedules=[(0, BusinessTime(self.schedule))] if self.schedule else [],
            choices=self.choices,
        )

    def clocks(self) -> list[Clock]:
        """Return the clocks that follow."""
        return compute(self.timeline(), self.rules(), now=after(self.now))

    def told(self) -> list[MetricEvent]:
        """Return the metric events that Zendesk would write of these clocks."""
        numbers = count(1)
        return [event for clock in self.clocks() for event in _told(clock, numbers)]


def judged(
    ours: Story, zendesk: Sequence[MetricEvent] | Story, *, doubts: Doubts | None = None
) -> list[Finding]:
    """Return in what the two stories differ, and why."""
    events = zendesk.told() if isinstance(zendesk, Story) else zendesk
    evidence = Evidence(
        timeline=ours.timeline(),
        rules=ours.rules(),
        events=events,
        now=to_second(after(ours.now)),
        known_until=to_second(after(ours.now)),
        doubts=Doubts(policies={POLICY: []}) if doubts is None else doubts,
    )
    return find(evidence, {(clock.metric, clock.instance): clock for clock in ours.clocks()})


def _told(clock: Clock, numbers: Iterator[int]) -> Iterator[MetricEvent]:
    metric, shift = NAMES.get(clock.metric, (clock.metric, 0))

    def event(kind: str, at: int | None, **more: Any) -> MetricEvent:
        return MetricEvent(
            id=next(numbers),
            ticket_id=1,
            metric=metric,
            instance_id=clock.instance + shift,
            type=kind,
            time=to_instant(at or 0),
            **more,
        )

    yield event("activate", clock.started_at)
    for target in clock.targets:
        policy = AppliedPolicy(id=str(target.policy_id))
        sla = AppliedSla(
            target_in_seconds=target.target_seconds,
            business_hours=target.business_hours,
            policy=policy,
        )
        yield event("apply_sla", target.applied_at, sla=sla if target.target_seconds else None)
    for since, until in clock.paused_spells:
        yield event("pause", since)
        if until is not None:
            yield event("activate", until)
    if clock.fulfilled_at is not None:
        yield event("fulfill", clock.fulfilled_at)
    if clock.breach_at is not None or clock.due_at is not None:
        yield event("breach", clock.breach_at or clock.due_at)
