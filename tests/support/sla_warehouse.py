"""A small account in the warehouse for SLA tests: its people, rules and tickets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert

from integrations.runtime.clock import format_instant
from integrations.runtime.database import transaction
from sync.mirror.intake import store_ticket
from sync.warehouse.tables.people import users
from sync.warehouse.tables.policies import schedules, sla_policies
from tests.support.mirror import make_audit, make_change, make_comment, make_creation, make_ticket
from tests.support.sla import AGENT, CUSTOMER, FIRST, LIGHT, NINE, OFFICE_HOURS, WAIT, after

MARK = {"raw": {}, "_synced_at": NINE, "_source": "export"}


def furnish(
    engine: Engine, *, business_hours: bool = False, metrics: Sequence[str] = (FIRST, WAIT)
) -> None:
    """Put the account's people, one policy of an hour and its schedule into the warehouse."""
    lines = [
        {"metric": metric, "priority": "normal", "target": 60, "business_hours": business_hours}
        for metric in metrics
    ]
    people = [
        {"id": CUSTOMER, "role": "end-user", "raw": {}},
        {"id": AGENT, "role": "admin", "raw": {"role_type": 4}},
        {"id": LIGHT, "role": "agent", "raw": {"role_type": 1}},
    ]
    policy = {"id": 7, "title": "Everybody", "position": 1, "filter": {}, "policy_metrics": lines}
    nameless = {"tags": [], "user_fields": {}, "updated_at": NINE}
    with transaction(engine) as connection:
        connection.execute(insert(users), [MARK | nameless | person for person in people])
        connection.execute(insert(sla_policies).values(MARK | policy))
        connection.execute(
            insert(schedules).values(
                **MARK,
                id=5,
                name="Office",
                time_zone=OFFICE_HOURS["time_zone"],
                intervals=OFFICE_HOURS["intervals"],
            )
        )


# Minutes after the ticket's creation, author, whether a comment is public (None: there is none),
# and the fields it changes.
Update = tuple[float, int, bool | None, Mapping[str, Any]]


def receive_life(
    engine: Engine, ticket_id: int, updates: Sequence[Update], *, read_at: datetime = NINE
) -> None:
    """Let the mirror store a ticket of the customer with all these updates.

    `schedule_id` among the changes is a trigger that gives it other business hours.
    """
    fields: dict[str, Any] = {"status": "new", "priority": "normal", "group_id": None}
    opening = [
        make_comment(ticket_id * 1000 + 1) | {"author_id": CUSTOMER},
        *(
            make_creation(ticket_id * 1000 + 2 + place, name, value)
            for place, (name, value) in enumerate(fields.items())
            if value is not None
        ),
    ]
    audits = [audit_at(ticket_id * 100, ticket_id, NINE, CUSTOMER, *opening)]
    for number, (minutes, author, public, changes) in enumerate(updates, start=1):
        events = [
            _change((ticket_id * 1000 + number) * 10 + place, name, value, fields.get(name))
            for place, (name, value) in enumerate(changes.items())
        ]
        fields |= changes
        if public is not None:
            comment = make_comment((ticket_id * 1000 + number) * 10 + 9, public=public)
            events.append(comment | {"author_id": author})
        audits.append(
            audit_at(ticket_id * 100 + number, ticket_id, after(minutes), author, *events)
        )
    ticket = make_ticket(
        ticket_id,
        requester_id=CUSTOMER,
        submitter_id=CUSTOMER,
        created_at=format_instant(NINE),
        updated_at=format_instant(after(max([0, *(update[0] for update in updates)]))),
        **{name: value for name, value in fields.items() if name != "schedule_id"},
    )
    with transaction(engine) as connection:
        store_ticket(connection, ticket, audits, source="export", now=read_at)


def _change(event_id: int, name: str, value: Any, before: Any) -> dict[str, Any]:
    if name != "schedule_id":
        return make_change(event_id, name, value, before)
    schedules_of = {"previous_schedule_id": before, "new_schedule_id": value}
    return {"id": event_id, "type": "ScheduleAssignment", **schedules_of}


def audit_at(
    number: int, ticket_id: int, at: datetime, author: int, *events: dict[str, Any]
) -> dict[str, Any]:
    made = make_audit(number, events, ticket_id=ticket_id)
    return made | {"created_at": format_instant(at), "author_id": author}
