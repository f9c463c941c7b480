"""Escalations on a real database: asked once, open until answered."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from automations.escalations.lifecycle import AgentComment
from automations.escalations.queues import SHIPPED
from automations.escalations.repository import Escalation, EscalationRepository
from automations.escalations.service import answer, get, listing, open_escalation, settle
from automations.escalations.tables import escalations
from integrations.runtime.database import transaction
from integrations.runtime.errors import BadInput, RuleViolation
from tests.automations.escalations.conftest import NOON, make_route

MEMBERS = {"SEC": {7}, "LGL": {8}}


def opened(
    connection: Connection, *, ticket_id: int = 1, owner: str = "SEC", now: datetime = NOON
) -> int:
    found = open_escalation(
        connection,
        ticket_id=ticket_id,
        route=make_route(owner=owner),
        family="A",
        reason="A1",
        group_id=55,
        now=now,
        due_at=now + timedelta(minutes=15),
    )
    assert found is not None
    return found


def settled(
    connection: Connection, *comments: AgentComment, status: str = "open", hours: float = 2
) -> list[Escalation]:
    return settle(
        connection,
        ticket_id=1,
        answers=comments,
        members=MEMBERS,
        ticket_status=status,
        departments=SHIPPED,
        now=NOON + timedelta(hours=hours),
    )


def comment(*, author_id: int = 7, minutes: float = 10) -> AgentComment:
    return AgentComment(
        author_id=author_id, created_at=NOON + timedelta(minutes=minutes), public=False
    )


def test_an_escalation_is_stored_with_its_due_time(connection: Connection) -> None:
    row = get(connection, opened(connection))

    assert (row.queue, row.group_id, row.reason, row.severity) == ("SEC", 55, "A1", "S1")
    assert (row.state, row.opened_at) == ("open", NOON)
    assert row.due_at == NOON + timedelta(minutes=15)


def test_a_department_is_asked_once_about_a_ticket_also_after_its_answer(
    connection: Connection,
) -> None:
    first = opened(connection)
    route = make_route()
    again = [
        open_escalation(
            connection,
            ticket_id=1,
            route=route,
            family="A",
            reason="A1",
            group_id=None,
            now=NOON,
            due_at=NOON,
        )
    ]
    answer(connection, first, by=None, now=NOON)
    again.append(
        open_escalation(
            connection,
            ticket_id=1,
            route=route,
            family="A",
            reason="A2",
            group_id=None,
            now=NOON,
            due_at=NOON,
        )
    )

    assert again == [None, None]


def test_two_departments_and_two_tickets_are_asked_independently(connection: Connection) -> None:
    opened(connection)
    opened(connection, owner="LGL")
    opened(connection, ticket_id=2)

    assert len(listing(connection)) == 3


def test_the_database_refuses_a_second_open_row(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        row = get(connection, opened(connection))
    values = {
        "ticket_id": row.ticket_id,
        "queue": row.queue,
        "family": "A",
        "severity": "S1",
        "state": "open",
        "opened_at": NOON,
        "due_at": NOON,
    }
    with pytest.raises(IntegrityError), transaction(any_engine) as connection:
        connection.execute(insert(escalations).values(values))


def test_of_two_workers_at_once_one_opens_it(any_engine: Engine) -> None:
    start = threading.Barrier(2)

    def work(_: int) -> int | None:
        start.wait(timeout=10)
        with transaction(any_engine) as connection:
            return open_escalation(
                connection,
                ticket_id=1,
                route=make_route(),
                family="A",
                reason="A1",
                group_id=None,
                now=NOON,
                due_at=NOON,
            )

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, range(2)))

    assert sorted(result is None for result in results) == [False, True]


def test_losing_the_race_to_open_leaves_the_transaction_usable(connection: Connection) -> None:
    row = get(connection, opened(connection))
    lost = EscalationRepository(connection).insert(
        {
            "ticket_id": row.ticket_id,
            "queue": row.queue,
            "family": "A",
            "severity": "S1",
            "state": "open",
            "opened_at": NOON,
            "due_at": NOON,
        }
    )

    assert lost is None
    assert [e.id for e in listing(connection)] == [row.id]


def test_a_comment_of_the_department_answers(connection: Connection) -> None:
    escalation = opened(connection)
    changed = settled(connection, comment(minutes=12), comment(minutes=11))

    assert [e.id for e in changed] == [escalation]
    assert (changed[0].state, changed[0].answer_kind) == ("answered", "comment")
    assert (changed[0].answered_by_id, changed[0].answered_at) == (7, NOON + timedelta(minutes=11))


def test_others_may_comment_without_answering(connection: Connection) -> None:
    escalation = opened(connection)

    assert settled(connection, comment(author_id=8), comment(author_id=99)) == []
    assert get(connection, escalation).state == "open"


@pytest.mark.parametrize("status", ["solved", "closed", "deleted"])
def test_a_ticket_that_ends_without_an_answer_withdraws_the_question(
    connection: Connection, status: str
) -> None:
    opened(connection)
    (changed,) = settled(connection, status=status)

    assert (changed.state, changed.withdrawn_at) == ("withdrawn", NOON + timedelta(hours=2))
    assert changed.answered_at is None


def test_an_answer_counts_also_on_a_solved_ticket(connection: Connection) -> None:
    opened(connection)
    (changed,) = settled(connection, comment(), status="solved")

    assert changed.state == "answered"


def test_settling_twice_changes_nothing_more(connection: Connection) -> None:
    escalation = opened(connection)
    settled(connection, comment(minutes=5))

    assert settled(connection, comment(minutes=3), status="closed", hours=9) == []
    assert get(connection, escalation).answered_at == NOON + timedelta(minutes=5)


def test_each_department_answers_for_itself(connection: Connection) -> None:
    opened(connection)
    legal = opened(connection, owner="LGL")
    settled(connection, comment(author_id=7))

    assert [e.id for e in listing(connection)] == [legal]


def test_an_answer_by_hand_is_recorded_once(connection: Connection) -> None:
    escalation = opened(connection)
    row = answer(connection, escalation, by=21900000000123, now=NOON)

    assert (row.state, row.answer_kind, row.answered_by_id) == (
        "answered",
        "manual",
        21900000000123,
    )
    with pytest.raises(RuleViolation, match="answered already"):
        answer(connection, escalation, by=7, now=NOON)


@pytest.mark.parametrize("unknown", [0, -1, 10**6, 2**63, 10**30])
def test_an_unknown_escalation_is_explained(connection: Connection, unknown: int) -> None:
    with pytest.raises(BadInput, match="no escalation"):
        answer(connection, unknown, by=None, now=NOON)


def test_the_listing_is_filtered_and_sorted_by_due_time(connection: Connection) -> None:
    late = opened(connection, now=NOON + timedelta(hours=1))
    soon = opened(connection, ticket_id=2)
    done = opened(connection, ticket_id=3, owner="LGL")
    answer(connection, done, by=None, now=NOON)

    assert [e.id for e in listing(connection)] == [soon, late]
    assert [e.id for e in listing(connection, state=None, queue="LGL")] == [done]
    assert [e.id for e in listing(connection, state="answered")] == [done]


@pytest.mark.parametrize("bad", [{"state": "lost"}, {"queue": "XYZ"}])
def test_an_unknown_filter_is_explained(connection: Connection, bad: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        listing(connection, **bad)


@pytest.mark.parametrize(
    ("minutes", "overdue"),
    [pytest.param(15, False, id="at the due time"), pytest.param(15.1, True, id="after it")],
)
def test_an_open_escalation_is_overdue_after_its_time(
    connection: Connection, minutes: float, *, overdue: bool
) -> None:
    row = get(connection, opened(connection))

    assert row.is_overdue(NOON + timedelta(minutes=minutes)) == overdue


def test_an_answered_escalation_is_never_overdue(connection: Connection) -> None:
    row = answer(connection, opened(connection), by=None, now=NOON)

    assert not row.is_overdue(NOON + timedelta(days=9))
