"""Views about pauses and runs, on both databases."""

from typing import Any

from sqlalchemy import Engine

from sync.warehouse.tables.history import ticket_comments
from tests.support.warehouse import (
    ANA,
    BEN,
    WEI,
    hour,
    put,
    put_clock,
    put_people,
    put_status,
    put_ticket,
    seen,
)

NEXT = "next_reply_time"


def put_words(engine: Engine, *said: tuple[int, int, float], public: bool = True) -> None:
    """Let people write: ticket, author, hour after noon."""
    for number, (ticket_id, author, start) in enumerate(said):
        told = {"id": ticket_id * 100 + number, "ticket_id": ticket_id, "audit_id": number}
        words = {"public": public, "body": "Hello", "attachments": [], "created_at": hour(start)}
        put(engine, ticket_comments, told | {"author_id": author} | words)


def pauses(engine: Engine, *columns: str) -> list[tuple[Any, ...]]:
    return seen(engine, "ticket_pauses", "ticket_id", *columns)


def test_a_pause_before_any_answer_is_told_from_one_with_an_answer(any_engine: Engine) -> None:
    put_people(any_engine)
    for ticket_id in (1, 2, 3):
        put_ticket(any_engine, ticket_id)
        put_status(any_engine, (0, "open", None), (2, "pending", "open"), ticket_id=ticket_id)
    put_words(any_engine, (1, WEI, 0), (1, WEI, 1.5))
    put_words(any_engine, (2, WEI, 0), (2, ANA, 2))  # answered in the same update
    put_words(any_engine, (3, WEI, 0))
    put_words(any_engine, (4, ANA, 1), public=False)  # a note is no answer

    assert pauses(any_engine, "unanswered", "seconds_after_reply", "customer_wrote_at") == [
        (1, 1, 1800, hour(1.5)),
        (2, 0, None, None),
        (3, 1, 7200, hour(0)),
    ]


def test_only_what_agents_took_from_work_is_a_pause(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1)
    put_ticket(any_engine, 2, deleted_at=hour(9))
    put_ticket(any_engine, 3)
    put_status(any_engine, (0, "open", None), (1, "pending", "open"), (2, "hold", "pending"))
    put_status(any_engine, (0, "open", None), (1, "hold", "open"), ticket_id=2)
    put_status(any_engine, (0, "open", None), (1, "pending", "open"), ticket_id=3, author=WEI)

    assert pauses(any_engine, "status", "seconds") == [(1, "pending", 3600)]


def test_pauses_right_after_a_reply_are_counted_by_agent(any_engine: Engine) -> None:
    put_people(any_engine)
    for ticket_id, author in ((1, ANA), (2, ANA), (3, ANA), (4, BEN)):
        put_ticket(any_engine, ticket_id)
        steps = ((0, "open", None), (2, "pending", "open"), (5, "open", "pending"))
        put_status(any_engine, *steps, ticket_id=ticket_id, author=author)
    put_words(any_engine, (1, WEI, 1))  # an hour before: right after
    put_words(any_engine, (2, WEI, 0.9))  # six minutes more: not any more
    put_words(any_engine, (3, WEI, 1), (3, ANA, 1.5))
    put_words(any_engine, (4, ANA, 1))

    columns = ("agent_name", "pauses", "unanswered", "right_after_reply", "tickets", "seconds")
    assert seen(any_engine, "pause_gaming", *columns) == [
        ("Ana", 3, 2, 1, 1, 3 * 3600),
        ("Ben", 1, 0, 0, 0, None),
    ]


def test_runs_last_from_creation_or_reopening_to_the_solution(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, status="closed")
    put_ticket(any_engine, 2, deleted_at=hour(9))
    put_status(
        any_engine,
        *((0, "new", None), (1, "open", "new"), (2, "solved", "open"), (4, "open", "solved")),
        *((5, "pending", "open"), (7, "solved", "pending"), (8, "closed", "solved")),
    )
    put_status(any_engine, (0, "open", None), (1, "deleted", "open"), ticket_id=2)

    columns = ("run", "began_at", "ended_at", "seconds", "begun_by", "ended_by_id")
    assert seen(any_engine, "ticket_runs", *columns) == [
        (1, hour(0), hour(2), 7200, "staff", ANA),
        (2, hour(4), hour(7), 3 * 3600, "staff", ANA),
    ]


def test_who_began_a_run_is_a_customer_staff_or_a_rule(any_engine: Engine) -> None:
    put_people(any_engine)
    for ticket_id, author in ((1, WEI), (2, BEN), (3, -1)):
        put_ticket(any_engine, ticket_id)
        put_status(any_engine, (0, "open", None), ticket_id=ticket_id, author=author)

    assert seen(any_engine, "ticket_runs", "ticket_id", "begun_by", "ended_at") == [
        (1, "customer", None),
        (2, "staff", None),
        (3, "rule", None),
    ]


def test_next_replies_tell_their_longest_streak_of_misses(any_engine: Engine) -> None:
    put_people(any_engine)
    put_ticket(any_engine, 1, assignee_id=ANA)
    put_ticket(any_engine, 2, deleted_at=hour(1))
    missed = (True, False, True, True, False, True)
    for instance, breached in enumerate(missed, start=1):
        figures = {"instance": instance, "elapsed_seconds": instance * 60, "breached": breached}
        state = "active" if instance == len(missed) else "achieved"
        put_clock(any_engine, 1, NEXT, state, **figures)
    put_clock(any_engine, 1, NEXT, "achieved", instance=7, target_seconds=None)
    put_clock(any_engine, 2, NEXT, "active")

    columns = ("ticket_id", "replies_owed", "replied", "achieved", "breached", "breached_in_a_row")
    assert seen(any_engine, "next_reply_runs", *columns, "slowest_seconds") == [
        (1, 7, 6, 2, 4, 2, 360)
    ]
