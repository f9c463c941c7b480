"""Views about days, custom fields and SLA clocks, on both databases."""

from datetime import date, timedelta

from sqlalchemy import Engine

from integrations.runtime.clock import utc_now
from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.tickets import ticket_field_values
from tests.support.warehouse import (
    ANA,
    WALLET,
    WEI,
    hour,
    put,
    put_clock,
    put_metrics,
    put_people,
    put_ticket,
    seen,
)

MONDAY, TUESDAY = date(2025, 3, 3), date(2025, 3, 4)
REASON, SEVERITY, NOTE = 70, 71, 72  # ticket fields


def test_replies_of_agents_are_counted_by_day(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1)
    put_ticket(any_engine, 2)
    put_ticket(any_engine, 3, deleted_at=hour(1))
    said = [  # ticket, author, hour after noon, public
        (1, ANA, 0, True),
        (1, ANA, 1, True),
        (2, ANA, 11.9, False),
        (1, ANA, 12.1, True),
        (1, WEI, 2, True),
        (3, ANA, 3, True),
    ]
    for number, (ticket_id, author, start, public) in enumerate(said):
        told = {"id": number, "ticket_id": ticket_id, "audit_id": number, "author_id": author}
        words = {"public": public, "body": "Hello", "attachments": [], "created_at": hour(start)}
        put(any_engine, ticket_comments, told | words)

    columns = ("day", "agent_name", "public_replies", "internal_notes", "tickets")
    assert seen(any_engine, "agent_replies_per_day", *columns) == [
        (MONDAY, "Ana", 2, 1, 2),
        (TUESDAY, "Ana", 1, 0, 1),
    ]


def test_flow_of_tickets_is_told_by_day_and_group(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, status="solved", created_at=hour(0))
    put_ticket(any_engine, 2, status="open", created_at=hour(1))
    put_ticket(any_engine, 3, status="solved", created_at=hour(2), group_id=WALLET)
    put_ticket(any_engine, 4, status="solved", created_at=hour(2), deleted_at=hour(3))
    put_metrics(any_engine, 1, solved_at=hour(13))
    put_metrics(any_engine, 2, solved_at=hour(3))  # solved once, reopened since
    put_metrics(any_engine, 3, solved_at=hour(3))
    put_metrics(any_engine, 4, solved_at=hour(3))

    assert seen(any_engine, "tickets_per_day", "day", "group_name", "created", "solved") == [
        (MONDAY, "Risk Control", 2, 0),
        (MONDAY, "Wallet", 1, 1),
        (TUESDAY, "Risk Control", 0, 1),
    ]


def test_risk_of_a_ticket_is_read_from_the_fields_of_that_title(any_engine: Engine) -> None:
    put_people(any_engine)
    put(
        any_engine,
        ticket_fields,
        {"id": REASON, "title": "Risk reason", "type": "tagger"},
        {"id": SEVERITY, "title": "Risk severity", "type": "tagger"},
        {"id": NOTE, "title": "Risk reason", "type": "text"},  # somebody's free text
    )
    option = {"field_id": REASON, "value": "risk_a1", "name": "A1 Unauthorised login"}
    put(any_engine, ticket_field_options, option)
    put_ticket(any_engine, 1)
    put_ticket(any_engine, 2)
    put_ticket(any_engine, 3, deleted_at=hour(1))
    for ticket_id, field_id, value in (
        (1, REASON, "risk_a1"),
        (1, SEVERITY, "risk_s1"),
        (1, NOTE, "zz personal words"),
        (3, REASON, "risk_a1"),
    ):
        named = {"ticket_id": ticket_id, "field_id": field_id, "position": 0, "value": value}
        put(any_engine, ticket_field_values, named)

    columns = ("ticket_id", "reason", "reason_name", "severity", "severity_name")
    assert seen(any_engine, "ticket_risk", *columns) == [
        (1, "risk_a1", "A1 Unauthorised login", "risk_s1", None),
        (2, None, None, None, None),
    ]
    assert seen(any_engine, "ticket_custom_fields", "title", "value", "option", ticket_id=3) == [
        ("Risk reason", "risk_a1", "A1 Unauthorised login")
    ]


def test_open_clocks_stand_beside_their_tickets(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, assignee_id=ANA)
    put_ticket(any_engine, 2, deleted_at=hour(1))
    soon = utc_now() + timedelta(minutes=10)
    put_clock(any_engine, 1, "first_reply_time", "achieved", fulfilled_at=hour(1))
    put_clock(any_engine, 1, "requester_wait_time", "active", due_at=soon, remaining_seconds=540)
    put_clock(any_engine, 1, "agent_work_time", "paused")
    put_clock(any_engine, 2, "first_reply_time", "active", due_at=soon)

    columns = ("ticket_id", "metric", "state", "group_name", "assignee_name")
    assert seen(any_engine, "open_sla_clocks", *columns) == [
        (1, "agent_work_time", "paused", "Risk Control", "Ana"),
        (1, "requester_wait_time", "active", "Risk Control", "Ana"),
    ]
    lasting = seen(any_engine, "open_sla_clocks", "seconds_to_due", state="active")
    assert 0 < lasting[0][0] <= 600


def test_attainment_counts_what_is_decided(any_engine: Engine) -> None:
    for ticket_id in range(1, 6):
        put_ticket(any_engine, ticket_id, deleted_at=hour(1) if ticket_id == 5 else None)
    put_clock(any_engine, 1, "first_reply_time", "achieved")
    put_clock(any_engine, 2, "first_reply_time", "achieved", breached=True)
    put_clock(any_engine, 3, "first_reply_time", "active", breached=True)
    put_clock(any_engine, 4, "first_reply_time", "active")
    put_clock(any_engine, 5, "first_reply_time", "achieved")
    put_clock(any_engine, 4, "next_reply_time", "active", target_seconds=None)

    columns = ("policy_title", "metric", "achieved", "breached", "undecided")
    assert seen(any_engine, "sla_attainment", *columns) == [("Gold", "first_reply_time", 1, 2, 1)]


def test_breaches_ahead_are_those_that_zendesk_still_expects(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, assignee_id=ANA)
    put_ticket(any_engine, 2, deleted_at=hour(1))
    soon = utc_now() + timedelta(minutes=10)
    for number, (ticket_id, kind, time, deleted) in enumerate(
        (
            (1, "breach", soon, None),
            (1, "breach", soon, True),  # withdrawn
            (1, "breach", hour(0), False),  # it came, long ago
            (1, "activate", soon, None),
            (2, "breach", soon, None),
        )
    ):
        told = {"id": number, "ticket_id": ticket_id, "metric": "reply_time", "instance_id": 1}
        put(
            any_engine,
            ticket_metric_events,
            told | {"type": kind, "time": time, "deleted": deleted},
        )

    columns = ("ticket_id", "metric", "breaches_at", "group_name", "assignee_name")
    assert seen(any_engine, "breaches_ahead", *columns) == [
        (1, "reply_time", soon, "Risk Control", "Ana")
    ]
    ((left,),) = seen(any_engine, "breaches_ahead", "seconds_to_breach")
    assert 0 < left <= 600
