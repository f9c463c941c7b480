"""How clocks went, by everything a report may group by, on both databases."""

from datetime import date, timedelta

from sqlalchemy import Engine

from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.tickets import ticket_tags
from tests.support.mirror import NOON
from tests.support.warehouse import (
    ANA,
    BEN,
    RISK,
    WALLET,
    hour,
    put,
    put_change,
    put_clock,
    put_people,
    put_ticket,
    seen,
)

FIRST = "first_reply_time"
DAY = date(2025, 3, 3)
UNKNOWN = {"started_at": None, "elapsed_seconds": None, "breached": None, "business_hours": None}


def test_a_clock_is_achieved_breached_open_or_unknown(any_engine: Engine) -> None:
    for ticket_id in range(1, 8):
        put_ticket(any_engine, ticket_id)
    put_clock(any_engine, 1, FIRST, "achieved", fulfilled_at=hour(13))
    missed = {"breached": True, "breach_at": hour(1)}
    put_clock(any_engine, 2, FIRST, "achieved", **missed, fulfilled_at=hour(13))
    put_clock(any_engine, 3, FIRST, "paused", **missed)
    put_clock(any_engine, 4, FIRST, "active", started_at=hour(-24))
    put_clock(any_engine, 5, FIRST, "paused")
    put_clock(
        any_engine, 6, FIRST, "unknown", **UNKNOWN, unknown_reason="a test", target_seconds=None
    )
    put_clock(any_engine, 7, FIRST, "achieved", target_seconds=None)

    assert seen(any_engine, "sla_outcomes", "ticket_id", "outcome", "counted_at", "day") == [
        (1, "achieved", hour(13), DAY + timedelta(days=1)),
        (2, "breached", hour(1), DAY),
        (3, "breached", hour(1), DAY),
        (4, "open", hour(-24), DAY - timedelta(days=1)),
        (5, "open", NOON, DAY),
        (6, "unknown", NOON, DAY),
    ]


def test_a_clock_counts_for_who_had_the_ticket_when_it_was_decided(any_engine: Engine) -> None:
    put_people(any_engine)
    for ticket_id in (1, 2):
        put_ticket(any_engine, ticket_id, group_id=WALLET, assignee_id=BEN)
    moves = (  # field, value, from hour to hour
        ("group_id", str(RISK), 0, 2),
        ("group_id", str(WALLET), 2, None),
        ("assignee_id", None, 0, 1),
        ("assignee_id", str(ANA), 1, 3),
        ("assignee_id", str(BEN), 3, None),
    )
    for number, (field, value, since, until) in enumerate(moves):
        ends = None if until is None else hour(until)
        put_change(any_engine, number, field, value=value, valid_from=hour(since), valid_until=ends)
    put_clock(any_engine, 1, "a", "achieved", fulfilled_at=hour(0.5))
    put_clock(any_engine, 1, "b", "achieved", fulfilled_at=hour(2))  # in the moment of the move
    put_clock(any_engine, 1, "c", "active", breached=True, breach_at=hour(1.5))
    put_clock(any_engine, 1, "d", "active")
    put_clock(any_engine, 2, "e", "achieved", fulfilled_at=hour(1))  # no history: as it is now

    assert seen(any_engine, "sla_outcomes", "metric", "group_name", "agent_name") == [
        ("a", "Risk Control", None),
        ("b", "Wallet", "Ana"),
        ("c", "Risk Control", "Ana"),
        ("d", "Wallet", "Ben"),
        ("e", "Wallet", "Ben"),
    ]


def test_deleted_merged_and_advertising_tickets_do_not_count(any_engine: Engine) -> None:
    for ticket_id in range(1, 6):
        put_ticket(any_engine, ticket_id, deleted_at=hour(1) if ticket_id == 2 else None)
        put_clock(any_engine, ticket_id, FIRST, "achieved", fulfilled_at=hour(1))
    put(any_engine, ticket_tags, {"ticket_id": 1, "tag": "other"})
    put(any_engine, ticket_tags, {"ticket_id": 3, "tag": "closed_by_merge"})
    for ticket_id, family in ((4, "X"), (5, "A")):
        told = {"ticket_id": ticket_id, "family": family, "read_at": NOON}
        put(any_engine, ticket_marks, told)

    assert seen(any_engine, "sla_outcomes", "ticket_id", "family") == [(1, None), (5, "A")]


def test_days_may_be_added_up_by_any_dimension(any_engine: Engine) -> None:
    put_people(any_engine)
    for ticket_id, severity in ((1, "S1"), (2, "S1"), (3, "S2")):
        put_ticket(any_engine, ticket_id, via_channel="email")
        marks = {"severity": severity, "language": "zh", "family": "A", "read_at": NOON}
        put(any_engine, ticket_marks, {"ticket_id": ticket_id} | marks)
    put_clock(any_engine, 1, FIRST, "achieved", fulfilled_at=hour(1))
    put_clock(any_engine, 2, FIRST, "active", breached=True, breach_at=hour(1))
    put_clock(any_engine, 2, "agent_work_time", "active")
    put_clock(any_engine, 3, FIRST, "unknown", **UNKNOWN, target_seconds=None)

    columns = ("metric", "severity", "channel", "achieved", "breached", "open", "unknown")
    assert seen(any_engine, "sla_attainment_per_day", *columns) == [
        ("agent_work_time", "S1", "email", 0, 0, 1, 0),
        (FIRST, "S1", "email", 1, 1, 0, 0),
        (FIRST, "S2", "email", 0, 0, 0, 1),
    ]
