from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from integrations.runtime.clock import utc_now
from integrations.runtime.database import transaction
from integrations.webhooks import inbox, views
from integrations.webhooks.inbox import InboxWriter
from integrations.webhooks.views import LARGEST_BODY, PATH, webhook_route
from tests.support.deliveries import (
    FIXTURES,
    Receiver,
    body_of,
    make_body,
    make_settings,
    receiving,
    signed,
)


@pytest.fixture
def receiver(sqlite_engine: Engine) -> Iterator[Receiver]:
    with receiving(sqlite_engine) as running:
        yield running


@pytest.mark.parametrize("event", sorted(path.stem for path in FIXTURES.glob("*.json")))
def test_accepts_and_stores_each_event(receiver: Receiver, event: str) -> None:
    assert receiver.deliver(body_of(event)) == 202

    (row,) = receiver.rows
    assert (row["mark"], row["ticket_id"], row["body"]) == ("event", 20417, "")


def test_stores_on_postgresql_too(postgres_engine: Engine) -> None:
    with receiving(postgres_engine) as receiver:
        assert receiver.deliver(body_of("comment_added")) == 202
        assert [row["event_type"] for row in receiver.rows] == ["comment_added"]


def test_workers_are_told_of_the_stored_ticket(sqlite_engine: Engine) -> None:
    with receiving(sqlite_engine) as receiver:
        receiver.deliver(body_of("ticket_created"))

    assert receiver.told == [[20417]]


@pytest.mark.parametrize("secret", ["new", "old"])
def test_accepts_both_secrets_during_a_rotation(receiver: Receiver, secret: str) -> None:
    assert receiver.deliver(body_of("ticket_created"), signer=secret) == 202


@pytest.mark.parametrize(
    ("secret", "age"),
    [
        pytest.param("stolen", timedelta(0), id="forged"),
        pytest.param("new", timedelta(minutes=6), id="recorded earlier"),
        pytest.param("new", -timedelta(minutes=6), id="from the future"),
    ],
)
def test_refuses_and_stores_nothing(receiver: Receiver, secret: str, age: timedelta) -> None:
    assert receiver.deliver(body_of("ticket_created"), signer=secret, age=age) == 401
    assert receiver.rows == []


def test_refuses_an_unsigned_delivery_and_stores_nothing(receiver: Receiver) -> None:
    assert receiver.deliver(body_of("ticket_created"), headers={}) == 401
    assert receiver.rows == []


def test_a_refusal_says_why_and_nothing_of_the_delivery(receiver: Receiver) -> None:
    body = body_of("ticket_created")

    answer = receiver.client.post(PATH, content=body, headers=signed("x", body, at=utc_now()))

    assert answer.text == "The delivery's signature is wrong."


@pytest.mark.parametrize("in_pieces", [None, 65_536], ids=["with length", "chunked"])
def test_a_body_may_have_a_megabyte_and_not_a_byte_more(
    receiver: Receiver, in_pieces: int | None
) -> None:
    assert receiver.deliver(b" " * LARGEST_BODY, in_pieces=in_pieces) == 202
    assert receiver.deliver(b" " * (LARGEST_BODY + 1), in_pieces=in_pieces) == 413
    assert len(receiver.rows) == 1


def test_stops_reading_a_body_that_never_ends(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGEST_BODY", 1000)
    body = b"x" * 5000

    assert receiver.deliver(body, in_pieces=100) == 413


@pytest.mark.parametrize(
    ("body", "mark"),
    [
        pytest.param(b"hello", "malformed", id="no JSON"),
        pytest.param(b"", "malformed", id="empty"),
        pytest.param(b"\x00\xff", "malformed", id="no text"),
        pytest.param(make_body(type="zen:event-type:ticket.sang"), "unknown", id="unknown type"),
    ],
)
def test_what_cannot_be_worked_on_is_accepted_stored_and_marked(
    receiver: Receiver, body: bytes, mark: str
) -> None:
    assert receiver.deliver(body) == 202
    assert [(row["mark"], row["outcome"]) for row in receiver.rows] == [(mark, "recorded")]


def test_second_delivery_of_the_same_event_is_stored_once(receiver: Receiver) -> None:
    assert receiver.deliver(body_of("ticket_created")) == 202
    assert receiver.deliver(body_of("ticket_created"), signer="old") == 202

    assert [row["copies"] for row in receiver.rows] == [2]


def test_a_delivery_played_again_with_other_headers_is_the_same_event(receiver: Receiver) -> None:
    body = body_of("ticket_created")
    unsigned = {"x-zendesk-webhook-invocation-id": "another"}

    receiver.deliver(body)
    receiver.deliver(body, headers=signed("new", body, at=utc_now()) | unsigned)

    assert [row["copies"] for row in receiver.rows] == [2]


def test_asks_to_try_again_soon_when_the_database_fails(receiver: Receiver) -> None:
    with transaction(receiver.engine) as connection:
        connection.exec_driver_sql("DROP TABLE deliveries")
    body = body_of("ticket_created")

    answer = receiver.client.post(PATH, content=body, headers=signed("new", body, at=utc_now()))

    assert answer.status_code == 503
    assert 0 < int(answer.headers["retry-after"]) < 60  # beyond 60 s Zendesk gives up


def test_asks_to_try_again_soon_when_the_inbox_is_full(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LONGEST_QUEUE", 1)
    writer = InboxWriter(sqlite_engine, lambda _tickets: None)
    writer._queue.put_nowait(None)  # nobody takes it out: the writer is not started
    app = Starlette(routes=[webhook_route(make_settings(), writer)])

    receiver = Receiver(sqlite_engine, TestClient(app), told=[])

    assert receiver.deliver(body_of("ticket_created")) == 503


def test_answers_only_to_posts(receiver: Receiver) -> None:
    assert receiver.client.get(PATH).status_code == 405
