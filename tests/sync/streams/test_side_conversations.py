"""Side conversations told by their events are what Zendesk shows when it is asked for each."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.clock import parse_instant, utc_now
from integrations.runtime.database import transaction
from sync.mirror import engine as mirror
from sync.sources.exports import ZendeskExports
from sync.streams.registry import BY_NAME
from sync.warehouse.side_conversations import retell
from sync.warehouse.tables.conversations import side_conversation_events, side_conversations
from tests.support.account import client_of
from tests.support.mirror import rows
from tests.support.sandbox import Desk, desk_on

STREAM = BY_NAME["side_conversation_events"]
LAWYER, BANK = {"email": "law@example.org"}, {"email": "bank@example.org"}
OWN = {"_synced_at", "_source", "messages"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_on(seed=5) as running:
        yield running


def begin(desk: Desk, ticket_id: int, **message: Any) -> str:
    """Begin a side conversation; return the path of it."""
    asked = {"subject": "Court order", "body": "Is it real?", "to": [LAWYER]} | message
    path = f"tickets/{ticket_id}/side_conversations"
    made = desk.post(path, {"message": asked})["side_conversation"]
    return f"{path}/{made['id']}"


def reply(desk: Desk, path: str, body: str, *to: dict[str, str]) -> None:
    desk.post(f"{path}/reply", {"message": {"body": body, "to": list(to)}})


def set_state(desk: Desk, path: str, **fields: str) -> None:
    desk.put(path, {"side_conversation": fields})


def copy(engine: Engine, desk: Desk) -> None:
    source = ZendeskExports(client_of(desk).session)
    (result,) = mirror.run(engine, source, [STREAM], now=utc_now())
    assert result.error is None


def shown(desk: Desk, *ticket_ids: int) -> list[dict[str, Any]]:
    """Return what Zendesk shows of these tickets, in the warehouse's types."""
    found = [
        one
        for ticket_id in ticket_ids
        for one in desk.get(f"tickets/{ticket_id}/side_conversations")["side_conversations"]
    ]
    untold = {"url", "external_ids"}  # no event tells them
    return sorted(
        (
            {
                name: parse_instant(value) if name.endswith("_at") else value
                for name, value in one.items()
                if name not in untold
            }
            for one in found
        ),
        key=lambda one: str(one["id"]),
    )


def told(engine: Engine) -> list[dict[str, Any]]:
    found = rows(engine, side_conversations)
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def test_conversations_are_told_as_zendesk_shows_them(any_engine: Engine, desk: Desk) -> None:
    first, second = desk.ticket()["id"], desk.ticket()["id"]
    long_talk = begin(desk, first)
    reply(desk, long_talk, "Any news?", LAWYER, BANK)
    set_state(desk, long_talk, subject="Court order 12")
    set_state(desk, long_talk, state="closed")
    reply(desk, long_talk, "One more question", LAWYER)
    closed = begin(desk, first, subject="", body="Ring them")
    set_state(desk, closed, state="closed")
    begin(desk, second)
    copy(any_engine, desk)

    assert told(any_engine) == shown(desk, first, second)
    assert len(told(any_engine)) == 3
    assert {row["messages"] for row in rows(any_engine, side_conversations)} == {1, 3}


def test_later_events_change_what_was_told(any_engine: Engine, desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    path = begin(desk, ticket)
    copy(any_engine, desk)
    set_state(desk, path, state="closed")
    copy(any_engine, desk)

    assert told(any_engine) == shown(desk, ticket)
    assert told(any_engine)[0]["state"] == "closed"


def test_order_in_which_events_arrive_does_not_matter(any_engine: Engine, desk: Desk) -> None:
    ticket = desk.ticket()["id"]
    path = begin(desk, ticket)
    reply(desk, path, "Any news?", BANK)
    set_state(desk, path, state="closed")
    copy(any_engine, desk)
    whole = told(any_engine)
    events = rows(any_engine, side_conversation_events)
    with transaction(any_engine) as connection:
        for kept in (events[:1], events[1:], events):
            connection.execute(side_conversation_events.delete())
            connection.execute(side_conversation_events.insert(), kept)
            retell(connection, {row["side_conversation_id"] for row in events})

    assert told(any_engine) == whole == shown(desk, ticket)


def test_conversation_without_events_is_gone(any_engine: Engine, desk: Desk) -> None:
    begin(desk, desk.ticket()["id"])
    copy(any_engine, desk)
    (row,) = told(any_engine)
    with transaction(any_engine) as connection:
        connection.execute(side_conversation_events.delete())
        retell(connection, [str(row["id"])])

    assert told(any_engine) == []


def test_all_conversations_of_an_account_cost_no_request_each(
    any_engine: Engine, desk: Desk
) -> None:
    for _ in range(12):
        begin(desk, desk.ticket()["id"])
    source = ZendeskExports(client_of(desk).session)
    (result,) = mirror.run(any_engine, source, [STREAM], now=utc_now())

    assert len(rows(any_engine, side_conversations)) == 12
    assert result.pages <= 2  # one for what is new, one for the past


def test_times_keep_their_milliseconds(any_engine: Engine, desk: Desk) -> None:
    begin(desk, desk.ticket()["id"])
    copy(any_engine, desk)

    (event,) = rows(any_engine, side_conversation_events)
    written = parse_instant(event["raw"]["created_at"])
    assert event["created_at"] == written
    assert isinstance(written, datetime)
    assert written.utcoffset() == timedelta()
