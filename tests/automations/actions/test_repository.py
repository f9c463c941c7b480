from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Engine, RowMapping

from automations.actions import repository
from automations.actions.plan import Action, Changes, Kind, State
from integrations.runtime.database import reading, transaction
from tests.support.tickets import NOON, make_action

LATER = NOON + timedelta(minutes=1)


def plan(
    engine: Engine, *actions: Action, state: State = State.PLANNED, now: datetime = NOON
) -> None:
    with transaction(engine) as connection:
        repository.plan(connection, actions, state=state, now=now)


def rows(engine: Engine) -> Sequence[RowMapping]:
    """Return every action, oldest first."""
    with reading(engine) as connection:
        return repository.listing(connection, states=list(State))[::-1]


def first_key(engine: Engine, ticket_id: int = 17) -> str | None:
    with reading(engine) as connection:
        action = repository.first_open(connection, ticket_id)
    return action["key"] if action else None


def finish(engine: Engine, action_id: int, state: State, **values: object) -> None:
    with transaction(engine) as connection:
        repository.finish(connection, action_id, state=state, now=LATER, **values)  # type: ignore[arg-type]


def due(engine: Engine, *, now: datetime = NOON, limit: int = 10) -> list[int]:
    with reading(engine) as connection:
        return repository.tickets_due(connection, now=now, limit=limit)


def test_an_action_comes_back_as_it_was_planned(any_engine: Engine) -> None:
    action = make_action(
        note="请看一下", add_tags=("a", "b"), group_id=2**62, custom_fields={"901": "x"}
    )

    plan(any_engine, action)

    (row,) = rows(any_engine)
    assert msgspec.convert(row["changes"], Changes) == action.changes
    assert (row["ticket_id"], row["key"], row["kind"]) == (17, "draft:17", "draft")
    assert (row["state"], row["attempts"], row["due_at"]) == ("planned", 0, NOON)


def test_a_key_is_planned_once_and_the_first_plan_stays(any_engine: Engine) -> None:
    plan(any_engine, make_action(note="first"), make_action(note="twin"))
    plan(any_engine, make_action(note="second"), now=LATER)

    (row,) = rows(any_engine)
    assert (row["changes"], row["planned_at"]) == ({"note": "first"}, NOON)


def test_a_finished_action_is_not_planned_again(any_engine: Engine) -> None:
    plan(any_engine, make_action())
    finish(any_engine, rows(any_engine)[0]["id"], State.DONE, audit_id=7000)

    plan(any_engine, make_action())

    assert first_key(any_engine) is None
    assert rows(any_engine)[0]["audit_id"] == 7000


def test_observed_actions_are_recorded_and_never_open(any_engine: Engine) -> None:
    plan(any_engine, make_action(), state=State.OBSERVED)

    assert first_key(any_engine) is None
    assert [(row["state"], row["finished_at"]) for row in rows(any_engine)] == [("observed", NOON)]


def test_planning_nothing_is_no_error(any_engine: Engine) -> None:
    plan(any_engine)

    assert rows(any_engine) == []


def test_actions_of_a_ticket_are_open_in_the_order_of_the_plan(any_engine: Engine) -> None:
    plan(any_engine, make_action("c"), make_action("elsewhere", ticket_id=1), make_action("a"))
    seen = []

    while (key := first_key(any_engine)) is not None:
        seen.append(key)
        finish(any_engine, next(r["id"] for r in rows(any_engine) if r["key"] == key), State.DONE)

    assert seen == ["c", "a"]


def test_keys_of_a_ticket_include_what_is_over(any_engine: Engine) -> None:
    plan(any_engine, make_action("a"), make_action("b"), make_action("c", ticket_id=18))
    finish(any_engine, rows(any_engine)[0]["id"], State.DEAD)

    with reading(any_engine) as connection:
        assert repository.keys_of(connection, 17) == {"a", "b"}


def test_a_ticket_is_due_when_its_first_open_action_is(any_engine: Engine) -> None:
    plan(any_engine, make_action("a"), make_action("b"), make_action("c", ticket_id=18))
    with transaction(any_engine) as connection:
        repository.postpone(
            connection, rows(any_engine)[0]["id"], until=LATER, attempts=1, result="busy"
        )

    assert due(any_engine) == [18]
    assert due(any_engine, now=LATER) == [17, 18]
    assert due(any_engine, now=LATER, limit=1) == [17]


def test_sending_counts_an_attempt(any_engine: Engine) -> None:
    plan(any_engine, make_action())

    with transaction(any_engine) as connection:
        repository.mark_sending(connection, rows(any_engine)[0]["id"])

    assert [(row["state"], row["attempts"]) for row in rows(any_engine)] == [("sending", 1)]
    assert first_key(any_engine) == "draft:17"


def test_a_vanished_ticket_drops_what_is_open_and_keeps_what_was_done(any_engine: Engine) -> None:
    plan(any_engine, make_action("done"), make_action("open"), make_action("other", ticket_id=18))
    finish(any_engine, rows(any_engine)[0]["id"], State.DONE)

    with transaction(any_engine) as connection:
        repository.drop_open(connection, 17, result="the ticket is gone", now=LATER)

    assert [row["state"] for row in rows(any_engine)] == ["done", "skipped", "planned"]


@pytest.mark.parametrize(
    ("chosen", "revived"),
    [pytest.param([], [17, 18], id="all"), pytest.param([1], [18], id="those named")],
)
def test_dead_actions_come_back_as_sending_and_are_looked_up_first(
    any_engine: Engine, chosen: list[int], revived: list[int]
) -> None:
    plan(
        any_engine, make_action("a"), make_action("b", ticket_id=18), make_action("c", ticket_id=19)
    )
    dead = [row["id"] for row in rows(any_engine)][:2]
    for action_id in dead:
        finish(any_engine, action_id, State.DEAD, result="ZendeskRefused (422)")

    with transaction(any_engine) as connection:
        tickets = repository.revive(connection, [dead[place] for place in chosen], now=LATER)

    again = {row["ticket_id"]: row for row in rows(any_engine) if row["state"] == "sending"}
    assert sorted(tickets) == sorted(again) == revived
    assert all(row["attempts"] == 0 and row["due_at"] == LATER for row in again.values())
    assert all(row["finished_at"] is None for row in again.values())


def test_only_dead_actions_can_be_revived(any_engine: Engine) -> None:
    plan(any_engine, make_action("a"), make_action("b"))
    finish(any_engine, rows(any_engine)[0]["id"], State.DONE)

    with transaction(any_engine) as connection:
        tickets = repository.revive(connection, [r["id"] for r in rows(any_engine)], now=LATER)

    assert tickets == []
    assert [row["state"] for row in rows(any_engine)] == ["done", "planned"]


def test_listing_shows_the_newest_first_up_to_a_limit(any_engine: Engine) -> None:
    plan(any_engine, *(make_action(f"key {number}") for number in range(5)))

    with reading(any_engine) as connection:
        shown = repository.listing(connection, states=[State.PLANNED], limit=2)

    assert [row["key"] for row in shown] == ["key 4", "key 3"]


def test_counts_are_by_state(any_engine: Engine) -> None:
    plan(any_engine, make_action("a"), make_action("b", kind=Kind.ESCALATE))
    plan(any_engine, make_action("c"), state=State.OBSERVED)

    with reading(any_engine) as connection:
        assert repository.counts(connection) == {"planned": 2, "observed": 1}
