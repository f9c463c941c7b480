from datetime import datetime, timedelta

from sqlalchemy import Engine

from automations.actions import repository as outbox
from automations.actions.plan import State
from automations.pipeline import lease as leases
from automations.pipeline.sweep import PATIENCE, unfinished
from integrations.runtime.database import transaction
from integrations.webhooks import repository as inbox
from tests.support.deliveries import make_delivery
from tests.support.tickets import NOON, make_action

LATER = NOON + PATIENCE


def deliver(engine: Engine, *tickets: int, now: datetime = NOON) -> None:
    with transaction(engine) as connection:
        inbox.store(
            connection,
            [make_delivery(f"evt-{one}-{now}", subject=f"zen:ticket:{one}") for one in tickets],
            source="webhook",
            now=now,
        )


def plan(engine: Engine, *tickets: int) -> None:
    with transaction(engine) as connection:
        actions = [make_action(f"draft:{one}", ticket_id=one) for one in tickets]
        outbox.plan(connection, actions, state=State.PLANNED, now=NOON)


def test_an_idle_desk_has_nothing_unfinished(any_engine: Engine) -> None:
    assert unfinished(any_engine, now=NOON) == []


def test_deliveries_and_actions_that_are_due_are_found_once_each(any_engine: Engine) -> None:
    deliver(any_engine, 17, 18)
    plan(any_engine, 18, 19)

    assert unfinished(any_engine, now=LATER) == [17, 18, 19]


def test_a_delivery_that_was_just_handed_to_a_worker_is_left_to_it(any_engine: Engine) -> None:
    deliver(any_engine, 17)

    assert unfinished(any_engine, now=LATER - timedelta(milliseconds=1)) == []
    assert unfinished(any_engine, now=LATER) == [17]


def test_after_a_crash_nothing_is_left_to_anybody(any_engine: Engine) -> None:
    deliver(any_engine, 17)

    assert unfinished(any_engine, now=NOON, patience=timedelta(0)) == [17]


def test_a_ticket_that_a_worker_holds_is_left_to_it_until_the_lease_ends(
    any_engine: Engine,
) -> None:
    deliver(any_engine, 17, 18)
    leases.claim(any_engine, 17, now=LATER, lasts=timedelta(seconds=90))

    assert unfinished(any_engine, now=LATER) == [18]
    assert unfinished(any_engine, now=LATER + timedelta(seconds=90)) == [17, 18]


def test_what_waits_for_its_time_is_left_alone(any_engine: Engine) -> None:
    deliver(any_engine, 17)
    plan(any_engine, 18)
    with transaction(any_engine) as connection:
        until = LATER + timedelta(minutes=1)
        (delivery,) = inbox.waiting(connection, 17, now=NOON)
        inbox.postpone(connection, [delivery["id"]], until=until)
        action = outbox.first_open(connection, 18)
        assert action is not None
        outbox.postpone(connection, action["id"], until=until, attempts=1, result="busy")

    assert unfinished(any_engine, now=LATER) == []
    assert unfinished(any_engine, now=until) == [17, 18]


def test_finished_work_is_not_found(any_engine: Engine) -> None:
    deliver(any_engine, 17)
    plan(any_engine, 18)
    with transaction(any_engine) as connection:
        (delivery,) = inbox.waiting(connection, 17, now=NOON)
        inbox.mark_handled(connection, [delivery["id"]], outcome="handled", now=NOON)
        outbox.drop_open(connection, 18, result="the ticket is gone", now=NOON)

    assert unfinished(any_engine, now=LATER) == []
