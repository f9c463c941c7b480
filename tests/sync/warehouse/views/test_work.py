"""Views about what waits now answer with the right numbers, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from integrations.runtime.clock import utc_now
from sync.warehouse.tables.aftermath import satisfaction_ratings, ticket_deletions
from tests.support.warehouse import (
    ANA,
    BEN,
    RISK,
    WALLET,
    hour,
    put,
    put_metrics,
    put_people,
    put_ticket,
    seen,
)


@pytest.fixture
def desk(any_engine: Engine) -> Engine:
    put_people(any_engine)
    put_ticket(any_engine, 1, status="new", created_at=hour(-5))
    put_ticket(any_engine, 2, status="open", assignee_id=ANA, priority="urgent")
    put_ticket(any_engine, 3, status="pending", assignee_id=ANA, group_id=WALLET)
    put_ticket(any_engine, 4, status="hold", assignee_id=BEN, group_id=None, priority=None)
    put_ticket(any_engine, 5, status="solved", assignee_id=BEN)
    put_ticket(any_engine, 6, status="closed")
    put_ticket(any_engine, 7, status="deleted", deleted_at=hour(1))
    put_ticket(any_engine, 8, status="deleted", deleted_at=hour(1), erased_at=hour(2), subject=None)
    put_ticket(any_engine, 9, status="open", deleted_at=hour(1))  # the mark counts, not the word
    return any_engine


def test_open_tickets_are_those_that_wait(desk: Engine) -> None:
    assert seen(desk, "open_tickets", "ticket_id", "group_name", "assignee_name") == [
        (1, "Risk Control", None),
        (2, "Risk Control", "Ana"),
        (3, "Wallet", "Ana"),
        (4, None, "Ben"),
    ]


def test_open_tickets_tell_their_age_and_how_long_nothing_happened(any_engine: Engine) -> None:
    now = utc_now()
    created, changed = now - timedelta(hours=30, minutes=30), now - timedelta(hours=2, minutes=30)
    put_ticket(any_engine, 1, created_at=created, updated_at=changed)
    put_metrics(any_engine, 1, status_updated_at=hour(3), latest_comment_added_at=hour(4))

    columns = ("age_hours", "idle_hours", "status_since", "last_comment_at")
    assert seen(any_engine, "open_tickets", *columns) == [(30, 2, hour(3), hour(4))]


def test_backlog_counts_what_waits_for_each_queue(desk: Engine) -> None:
    put_ticket(desk, 10, status="new", created_at=hour(-9), assignee_id=ANA)

    columns = ("group_name", "status", "priority", "tickets", "unassigned", "oldest_created_at")
    assert seen(desk, "backlog", *columns) == [
        ("Risk Control", "new", "normal", 2, 1, hour(-9)),
        ("Risk Control", "open", "urgent", 1, 0, hour(0)),
        ("Wallet", "pending", "normal", 1, 0, hour(0)),
        (None, "hold", None, 1, 0, hour(0)),
    ]


def test_backlog_and_open_tickets_agree(desk: Engine) -> None:
    waiting = seen(desk, "open_tickets", "ticket_id")

    assert sum(count for (count,) in seen(desk, "backlog", "tickets")) == len(waiting)


def test_workload_of_an_agent_is_told_by_what_the_tickets_wait_for(desk: Engine) -> None:
    columns = (
        *("agent_name", "tickets", "to_work_on", "waiting_for_customer"),
        *("waiting_for_others", "urgent"),
    )
    assert seen(desk, "agent_workload", *columns) == [
        ("Ana", 2, 1, 1, 0, 1),
        ("Ben", 1, 0, 0, 1, 0),
    ]


def test_deleted_tickets_say_who_deleted_them(desk: Engine) -> None:
    gone = {"id": 7, "actor_id": ANA, "ticket_deleted_at": hour(1), "previous_state": "open"}
    put(desk, ticket_deletions, gone)

    assert seen(desk, "deleted_tickets", "ticket_id", "deleted_by_id", "status_before") == [
        (7, ANA, "open"),
        (8, None, None),
        (9, None, None),
    ]


def test_satisfaction_is_the_newest_rating_of_each_ticket(desk: Engine) -> None:
    for rating_id, ticket_id, score in (
        (1, 1, "offered"),
        (2, 2, "bad"),
        (3, 2, "good"),
        (4, 3, "bad"),
        (5, 3, "offered"),
        (6, 7, "good"),  # a deleted ticket
    ):
        rated = {"id": rating_id, "ticket_id": ticket_id, "score": score}
        put(desk, satisfaction_ratings, rated | {"group_id": WALLET, "assignee_id": BEN})

    columns = ("ticket_id", "score", "group_name", "assignee_name")
    assert seen(desk, "satisfaction", *columns) == [
        (2, "good", "Wallet", "Ben"),
        (3, "bad", "Wallet", "Ben"),
    ]


def test_deleted_tickets_say_which_are_gone_for_good(desk: Engine) -> None:
    assert seen(desk, "deleted_tickets", "ticket_id", "is_erased", "deleted_at", "group_id") == [
        (7, False, hour(1), RISK),
        (8, True, hour(1), RISK),
        (9, False, hour(1), RISK),
    ]


def test_backlog_is_told_by_age_with_both_sides_of_a_limit(any_engine: Engine) -> None:
    put_people(any_engine)
    now = utc_now()
    for ticket_id, minutes in enumerate((5, 239, 241, 24 * 60 + 1, 31 * 24 * 60), start=1):
        put_ticket(any_engine, ticket_id, created_at=now - timedelta(minutes=minutes))
    put_ticket(any_engine, 6, status="pending", assignee_id=ANA, created_at=now)
    put_ticket(any_engine, 7, status="solved", created_at=now)
    put_ticket(any_engine, 8, created_at=now, deleted_at=now)

    columns = ("group_name", "age_from_hours", "age", "tickets", "unassigned", "to_work_on")
    assert seen(any_engine, "backlog_by_age", *columns) == [
        ("Risk Control", 0, "under 4 hours", 3, 2, 2),
        ("Risk Control", 24, "1 to 3 days", 1, 1, 1),
        ("Risk Control", 4, "4 to 24 hours", 1, 1, 1),
        ("Risk Control", 720, "30 days and more", 1, 1, 1),
    ]
