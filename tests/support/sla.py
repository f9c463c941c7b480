"""Builders for SLA tests: a ticket opened on a Monday at nine, and what happened minutes later."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.clocks import INSTANTS, Clock
from sync.sla.engine import Rulebook, compute
from sync.sla.policies import Policy, read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import BusinessTime, instant_or_none, to_second
from sync.sla.timeline import Event, Opening, Role, build_timeline

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUSTOMER, OTHER_CUSTOMER, AGENT, OTHER_AGENT, LIGHT, SYSTEM = 10, 11, 20, 21, 30, -1
ROLES = {
    CUSTOMER: Role.END_USER,
    OTHER_CUSTOMER: Role.END_USER,
    AGENT: Role.AGENT,
    OTHER_AGENT: Role.AGENT,
    LIGHT: Role.LIGHT_AGENT,
}
OFFICE_HOURS = {
    "id": 5,
    "time_zone": "Europe/Budapest",
    "intervals": [
        {"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)
    ],
    "holidays": [],
}
FIRST, NEXT, WAIT = "first_reply_time", "next_reply_time", "requester_wait_time"


def after(minutes: float) -> datetime:
    """Return the instant so many minutes after the ticket was opened."""
    return NINE + timedelta(minutes=minutes)


def make_policy(
    *targets: tuple[str, str, float],
    policy_id: int | str = 1,
    position: int = 1,
    business_hours: bool = False,
    all_of: Sequence[Mapping[str, Any]] = (),
    any_of: Sequence[Mapping[str, Any]] = (),
    settings: Mapping[str, Any] | None = None,
    active_from: datetime | None = None,
) -> Policy:
    """Return a policy from (metric, priority, minutes); without conditions it fits every ticket."""
    record = {
        "id": policy_id,
        "title": f"Policy {policy_id}",
        "position": position,
        "filter": {"all": list(all_of), "any": list(any_of)},
        "policy_metrics": [
            {
                "metric": metric,
                "priority": priority,
                "target_in_seconds": int(minutes * 60),
                "business_hours": business_hours,
            }
            for metric, priority, minutes in targets
        ],
        "metric_settings": settings or {},
    }
    return read_policy(record, active_from=to_second(active_from) if active_from else None)


def event(
    minutes: float, author: int = AGENT, *, public: bool | None = None, **changes: Any
) -> Event:
    """Return one update; `public` is None without a comment."""
    return Event(at=to_second(after(minutes)), author_id=author, public=public, changes=changes)


def clocks(
    *events: Event,
    now: float,
    policies: Sequence[Policy] = (),
    group_policies: Sequence[Policy] = (),
    schedule: Mapping[str, Any] | None = None,
    schedules: Sequence[tuple[float, Mapping[str, Any]]] = (),
    submitter: int = CUSTOMER,
    author: int | None = None,
    public: bool | None = True,
    via: str = "email",
    choices: Choices = DEFAULT_CHOICES,
    **fields: Any,
) -> dict[tuple[str, int], SimpleNamespace]:
    """Return all clocks of a ticket by metric and instance; `now` in minutes after creation.

    Their instants are datetimes.
    """
    opening = Opening(
        ticket_id=1,
        at=to_second(NINE),
        submitter_id=submitter,
        via=via,
        public=public,
        author_id=submitter if author is None else author,
        fields={
            "status": "new",
            "priority": "normal",
            "requester_id": CUSTOMER,
            "group_id": None,
            "tags": [],
            **fields,
        },
    )
    known = [(0.0, schedule)] if schedule else []
    rules = Rulebook(
        policies=PolicyBook(policies, choices=choices),
        group_policies=PolicyBook(group_policies, choices=choices),
        schedules=[(to_second(after(m)), BusinessTime(s)) for m, s in (*known, *schedules)],
        choices=choices,
    )
    timeline = build_timeline(opening, events, ROLES)
    found = compute(timeline, rules, now=after(now))
    return {(clock.metric, clock.instance): told(clock) for clock in found}


def told(clock: Clock) -> SimpleNamespace:
    """Return a clock with datetimes for its instants, and with what it says of its remainder."""
    known = {name: getattr(clock, name) for name in Clock.__struct_fields__}
    known |= {name: instant_or_none(known[name]) for name in INSTANTS}
    return SimpleNamespace(**known, remaining_seconds=clock.remaining_seconds)
