"""Lives of tickets for the benchmarks of SLA clocks, and the rules of their account."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sync.sla.lives import FIELDS, Audit, Change, Comment, TicketRows
from sync.sla.names import METRIC_NAMES
from sync.sla.policies import Policy, read_policy
from sync.sla.schedules import to_second
from sync.sla.timeline import Event, Opening, Role

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = START + timedelta(days=60)
OFFICE: dict[str, Any] = {
    "id": 1,
    "time_zone": "Europe/Budapest",
    "intervals": [
        {"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)
    ],
    "holidays": [{"start_date": "2026-04-03", "end_date": "2026-04-06"}],
}
CUSTOMER, AGENT = 10, 20
ROLES = {CUSTOMER: Role.END_USER, AGENT: Role.AGENT}
UPDATES, AT_ONCE = 12, 2_000

Life = tuple[Opening, list[Event]]


def made_up(tickets: int) -> Iterator[list[Life]]:
    """Yield lives of tickets, some at a time."""
    random = Random(1)
    for first in range(0, tickets, AT_ONCE):
        yield [make_life(random, first + n) for n in range(min(AT_ONCE, tickets - first))]


def policy_record(number: int | str, position: int, field: str, value: str | int) -> dict[str, Any]:
    """Return a policy with a target of eight business hours for every metric."""
    lines = [
        {
            "metric": name,
            "priority": "normal",
            "target_in_seconds": 28_800,
            "business_hours": True,
        }
        for name in sorted(METRIC_NAMES)
    ]
    condition = {"field": field, "operator": "includes", "value": value}
    return {
        "id": number,
        "title": f"Policy {number}",
        "position": position,
        "filter": {"all": [condition]},
        "policy_metrics": lines,
    }


def make_policies() -> list[Policy]:
    """Return three policies in business hours; tickets fall under the last one."""
    return [
        read_policy(policy_record(number, number, "current_tags", tag))
        for number, tag in enumerate(("vip", "legal", "withdrawal"))
    ]


def make_life(random: Random, ticket_id: int) -> Life:
    """Return a ticket that customer and agent write to in turn, with changing status."""
    opening = Opening(
        ticket_id=ticket_id,
        at=to_second(START) + random.randrange(10**6),
        submitter_id=CUSTOMER,
        via="email",
        public=True,
        author_id=CUSTOMER,
        fields={
            "status": "new",
            "priority": "normal",
            "requester_id": CUSTOMER,
            "group_id": 51,
            "tags": ["withdrawal"],
        },
    )
    at, events = opening.at, []
    for number in range(1, UPDATES + 1):
        at += random.randrange(60, 10**5)
        changes: dict[str, object] = {
            "status": random.choice(["open", "pending", "hold", "solved"])
        }
        if number == UPDATES // 2:
            changes["group_id"] = 52
        public = random.random() < 0.8
        author = CUSTOMER if number % 2 else AGENT
        events.append(Event(id=number, at=at, author_id=author, public=public, changes=changes))
    return opening, events


def stored_rows(life: Life) -> TicketRows:
    """Return the rows of a ticket as the warehouse gives them."""
    opening, events = life
    number, first = opening.ticket_id, opening.ticket_id * 100
    fields: dict[str, Any] = dict(opening.fields)
    audits = [Audit(number, first, CUSTOMER, opening.at)]
    comments = [Comment(number, first, CUSTOMER, True, opening.at)]  # noqa: FBT003 - it is public
    changes: list[Change] = []
    for event in events:
        audit = first + event.id
        audits.append(Audit(number, audit, event.author_id, event.at))
        comments.append(Comment(number, audit, event.author_id, bool(event.public), event.at))
        for name, value in event.changes.items():
            before, fields[name] = fields[name], value
            values = str(value), str(before)
            changes.append(Change(number, audit, audit, name, *values, event.author_id, event.at))
    ticket = dict.fromkeys(FIELDS) | {
        **fields,
        "id": number,
        "submitter_id": CUSTOMER,
        "created_at": opening.at,
        "via_channel": "email",
        "custom_fields": [],
    }
    return TicketRows(ticket, audits, comments, changes)
