import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from integrations.runtime.database import reading, transaction
from integrations.webhooks import repository
from integrations.webhooks.events import Delivery, parse_delivery
from integrations.webhooks.repository import REPLAYED
from tests.support import planted
from tests.support.deliveries import NOON, make_body, make_delivery, stored

LATER = NOON + timedelta(minutes=1)


def put(
    engine: Engine, *deliveries: Delivery, now: datetime = NOON, source: str = "webhook"
) -> None:
    with transaction(engine) as connection:
        repository.store(connection, deliveries, source=source, now=now)


def ids(engine: Engine) -> list[int]:
    return [row["id"] for row in stored(engine)]


def close(engine: Engine, chosen: Sequence[int], outcome: str = "handled") -> None:
    with transaction(engine) as connection:
        repository.mark_handled(connection, chosen, outcome=outcome, now=LATER)


def waiting(engine: Engine, ticket_id: int, *, now: datetime = NOON) -> list[int]:
    with reading(engine) as connection:
        return [row["id"] for row in repository.waiting(connection, ticket_id, now=now)]


def on_ticket(number: int, event_id: str) -> Delivery:
    return make_delivery(event_id, subject=f"zen:ticket:{number}")


def test_an_event_waits_for_its_ticket(any_engine: Engine) -> None:
    put(any_engine, on_ticket(1, "a"), on_ticket(2, "b"), on_ticket(1, "c"))

    assert waiting(any_engine, 1) == [ids(any_engine)[0], ids(any_engine)[2]]


def test_what_is_not_worked_on_is_recorded_at_once(any_engine: Engine) -> None:
    put(any_engine, parse_delivery(b"hello"), make_delivery("evt-9", type="zen:event-type:x"))

    outcomes = [(row["mark"], row["outcome"]) for row in stored(any_engine)]

    assert outcomes == [("malformed", "recorded"), ("unknown", "recorded")]
    assert all(row["handled_at"] == NOON for row in stored(any_engine))


def test_a_handled_event_that_comes_again_stays_handled(any_engine: Engine) -> None:
    put(any_engine, make_delivery("evt-1"))
    close(any_engine, ids(any_engine))

    put(any_engine, make_delivery("evt-1"), now=LATER)

    (row,) = stored(any_engine)
    assert (row["copies"], row["outcome"], row["received_at"]) == (2, "handled", NOON)


def test_nothing_to_store_is_no_error(any_engine: Engine) -> None:
    put(any_engine)

    assert ids(any_engine) == []


def test_a_postponed_delivery_waits_until_it_is_due(any_engine: Engine) -> None:
    put(any_engine, on_ticket(1, "a"))

    with transaction(any_engine) as connection:
        repository.postpone(connection, ids(any_engine), until=LATER)

    assert waiting(any_engine, 1, now=LATER - timedelta(microseconds=1)) == []
    assert waiting(any_engine, 1, now=LATER) == ids(any_engine)
    assert stored(any_engine)[0]["attempts"] == 1


def test_tickets_wait_in_the_order_in_which_their_first_delivery_came(any_engine: Engine) -> None:
    put(any_engine, on_ticket(9, "a"), on_ticket(3, "b"), on_ticket(9, "c"), on_ticket(5, "d"))

    with reading(any_engine) as connection:
        tickets = repository.tickets_waiting(connection, now=NOON, limit=2)

    assert tickets == [9, 3]


def test_fresh_deliveries_can_be_left_to_those_who_were_just_told(any_engine: Engine) -> None:
    put(any_engine, on_ticket(1, "a"))
    put(any_engine, on_ticket(2, "b"), now=LATER)

    with reading(any_engine) as connection:
        tickets = repository.tickets_waiting(connection, now=LATER, received_before=NOON, limit=10)

    assert tickets == [1]


def test_only_waiting_deliveries_cover_a_ticket(any_engine: Engine) -> None:
    put(any_engine, on_ticket(1, "a"))
    close(any_engine, ids(any_engine))
    put(any_engine, on_ticket(2, "b"))

    with reading(any_engine) as connection:
        covered = repository.covered_tickets(connection, {1, 2, 3})

    assert covered == {2}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({}, [0, 1], id="all that were handled"),
        pytest.param({"outcome": "failed"}, [1], id="failed ones"),
        pytest.param({"since": LATER}, [1], id="young ones"),
        pytest.param({"outcome": "handled", "since": LATER}, [], id="every filter counts"),
    ],
)
def test_replay_chooses_handled_ticket_events(
    any_engine: Engine, filters: dict[str, object], expected: list[int]
) -> None:
    put(any_engine, on_ticket(1, "a"))
    put(any_engine, on_ticket(1, "b"), on_ticket(1, "waits"), parse_delivery(b"x"), now=LATER)
    first, second, *_ = ids(any_engine)
    close(any_engine, [first])
    close(any_engine, [second], outcome="failed")

    with reading(any_engine) as connection:
        chosen = repository.select_for_replay(connection, **filters)  # type: ignore[arg-type]

    assert sorted(chosen) == [[first, second][place] for place in expected]


def test_a_replayed_event_waits_again_and_what_names_no_ticket_does_not(any_engine: Engine) -> None:
    put(any_engine, on_ticket(1, "a"), parse_delivery(b"x"))
    close(any_engine, ids(any_engine)[:1], outcome="failed")

    with transaction(any_engine) as connection:
        number = repository.reopen(connection, ids(any_engine), now=LATER)

    assert number == 1
    assert waiting(any_engine, 1, now=LATER) == ids(any_engine)[:1]
    assert [row["outcome"] for row in stored(any_engine)] == [REPLAYED, "recorded"]


def test_counts_say_what_became_of_everything(any_engine: Engine) -> None:
    put(any_engine, on_ticket(1, "a"), on_ticket(1, "a"), on_ticket(2, "b"), parse_delivery(b"x"))
    put(any_engine, on_ticket(3, "c"), source="sync")
    close(any_engine, ids(any_engine)[:1], outcome="failed")

    with reading(any_engine) as connection:
        counts = repository.counts(connection)

    assert counts == {
        "stored": 4,
        "waiting": 2,
        "failed": 1,
        "caught_up": 1,
        "marked": 1,
        "duplicates": 1,
    }


def test_an_empty_inbox_can_be_counted(any_engine: Engine) -> None:
    with reading(any_engine) as connection:
        assert set(repository.counts(connection).values()) == {0}


def test_an_actor_of_the_largest_size_is_stored(any_engine: Engine) -> None:
    put(any_engine, make_delivery(detail={"actor_id": 2**63 - 1}))

    assert stored(any_engine)[0]["actor_id"] == 2**63 - 1


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=100) | st.text(min_size=1).map(make_body))
def test_whatever_is_delivered_can_be_stored(any_engine: Engine, body: bytes) -> None:
    put(any_engine, parse_delivery(body))

    assert parse_delivery(body).dedupe_key in {row["dedupe_key"] for row in stored(any_engine)}


def test_bodies_that_are_kept_lose_their_secrets(any_engine: Engine) -> None:
    word = planted.password(random.Random(3))
    put(any_engine, parse_delivery(f'{{"note": "password: {word}'.encode()))
    put(any_engine, make_delivery("evt-9", type="zen:event-type:x", detail={"d": f"密码：{word}"}))
    kept = [row["body"] for row in stored(any_engine)]

    assert all("[REDACTED:PASSWORD" in body for body in kept)
    assert not any(word in body for body in kept)
