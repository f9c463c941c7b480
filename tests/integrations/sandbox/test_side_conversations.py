"""Side conversations: by e-mail, in Slack, imported, exported; their traces on the ticket."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.support.sandbox import Desk, desk_on
from tests.support.shared import shared_file

VENDOR = {"email": "help@vendor.example", "name": "Vendor"}
MESSAGE = {"subject": "Frozen wallet", "body": "Can you look?\nIt is urgent.", "to": [VENDOR]}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give one sandbox for the whole module: every test opens its own tickets."""
    with desk_on() as talking:
        yield talking


def begun(desk: Desk, ticket_id: int, **fields: Any) -> Any:
    """Begin a side conversation and return the answer."""
    return desk.post(f"tickets/{ticket_id}/side_conversations", {"message": MESSAGE | fields} | {})


def place(conversation: Any) -> str:
    """Return the path of a side conversation."""
    return f"tickets/{conversation['ticket_id']}/side_conversations/{conversation['id']}"


def traces(desk: Desk, ticket_id: int) -> list[str]:
    """Return what the history of a ticket says of side conversations."""
    return [
        event["type"]
        for audit in desk.get(f"tickets/{ticket_id}/audits")["audits"]
        for event in audit["events"]
        if event["type"].startswith("CollabThread")
    ]


def kinds(value: Any) -> Any:
    """Return the JSON types of a value, null included."""
    if isinstance(value, dict):
        return {key: kinds(inner) for key, inner in value.items()}
    return [kinds(value[0])] if isinstance(value, list) else type(value)


def test_a_side_conversation_has_the_shape_of_a_real_one(desk: Desk) -> None:
    lines = shared_file("zendesk/recorded/sample_records.jsonl").read_text().splitlines()
    records = {line["stream"]: line["record"] for line in map(json.loads, lines)}
    real = records["side_conversations"]

    mine = begun(desk, desk.ticket()["id"])["side_conversation"]

    assert kinds(mine) == kinds(real)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", mine["created_at"])
    assert re.sub(r"\d+/side.*", "", mine["url"]) == f"{desk.sandbox.url}/api/v2/tickets/"
    assert UUID(mine["id"]).version == UUID(real["id"]).version == 1


def test_the_id_begins_with_the_time(desk: Desk) -> None:
    mine = begun(desk, desk.ticket()["id"])["side_conversation"]

    since_1582 = timedelta(microseconds=UUID(mine["id"]).time // 10)
    told = datetime(1582, 10, 15, tzinfo=UTC) + since_1582
    assert abs(told - datetime.fromisoformat(mine["created_at"])) < timedelta(seconds=1)


def test_creation_answers_with_the_event_and_the_conversation(desk: Desk) -> None:
    answer = desk.call(
        "POST",
        f"tickets/{desk.ticket()['id']}/side_conversations",
        json={"message": MESSAGE, "external_ids": {"case": "7"}},
    )

    body = answer.json()
    event, conversation = body["event"], body["side_conversation"]
    assert (answer.status_code, set(body)) == (201, {"event", "side_conversation", "updates"})
    assert (event["type"], event["via"], event["updates"]) == ("create", "api", {})
    assert event["message"]["to"] == [VENDOR | {"user_id": None}]
    assert event["message"]["from"] == event["actor"] == conversation["participants"][0]
    assert event["message"]["body"] == MESSAGE["body"]
    assert event["side_conversation_id"] == conversation["id"]
    assert conversation["external_ids"] == {"case": "7"}
    assert conversation["preview_text"] == "Can you look? It is urgent."


def test_a_known_address_becomes_the_user(desk: Desk) -> None:
    legal = "priya.nair@example.com"

    body = begun(desk, desk.ticket()["id"], to=[{"email": legal}])

    (_, participant) = body["side_conversation"]["participants"]
    assert (participant["user_id"], participant["name"]) == (desk.user_id(legal), "Priya Nair")


def test_a_slack_channel_can_take_part(desk: Desk) -> None:
    channel = {"slack_workspace_id": "T123ABC", "slack_channel_id": "C456DEF"}

    body = begun(desk, desk.ticket()["id"], to=[channel])

    assert body["side_conversation"]["participants"][1] == channel | {
        "email": None,
        "name": None,
        "user_id": None,
    }


def test_conversations_and_events_are_listed_and_sideloaded(desk: Desk) -> None:
    ticket = desk.ticket()
    first, second = (begun(desk, ticket["id"])["side_conversation"] for _ in range(2))
    path = f"tickets/{ticket['id']}/side_conversations"

    page = desk.get(path, params={"include": "events"})
    events = desk.get(f"{place(first)}/events", params={"include": "side_conversations"})

    assert page["side_conversations"] == [first, second]
    assert (page["count"], page["next_page"], page["previous_page"]) == (2, None, None)
    assert len(page["events"]) == 2
    assert events["side_conversations"] == [first]
    assert [event["url"] for event in events["events"]] == [first["url"]]
    assert desk.get(place(first), params={"include": "events"})["events"] == events["events"]


def test_a_reply_adds_an_event_and_keeps_the_first_preview(desk: Desk) -> None:
    conversation = begun(desk, desk.ticket()["id"])["side_conversation"]

    answer = desk.call(
        "POST", f"{place(conversation)}/reply", json={"message": MESSAGE | {"body": "Any news?"}}
    )

    events = desk.get(f"{place(conversation)}/events")["events"]
    after = answer.json()["side_conversation"]
    assert answer.status_code == 200
    assert [event["type"] for event in events] == ["create", "reply"]
    assert after["preview_text"] == conversation["preview_text"]
    assert after["message_added_at"] == events[1]["created_at"]
    assert len(after["participants"]) == 2


def test_closing_and_reopening_are_events(desk: Desk) -> None:
    conversation = begun(desk, desk.ticket()["id"])["side_conversation"]
    path = place(conversation)

    for state in ("closed", "closed", "open"):
        desk.put(path, {"side_conversation": {"state": state}})

    events = desk.get(f"{path}/events")["events"]
    assert [event["updates"] for event in events] == [{}, {"state": "closed"}, {"state": "open"}]
    assert events[1]["message"] is None
    assert desk.get(path)["side_conversation"]["state"] == "open"


def test_a_reply_opens_a_closed_conversation_again(desk: Desk) -> None:
    path = place(begun(desk, desk.ticket()["id"])["side_conversation"])
    desk.put(path, {"side_conversation": {"state": "closed", "subject": "New subject"}})

    after = desk.post(f"{path}/reply", {"message": MESSAGE})["side_conversation"]

    assert (after["state"], after["subject"]) == ("open", "New subject")


def test_the_history_of_the_ticket_tells_of_it(desk: Desk) -> None:
    ticket = desk.ticket()
    path = place(begun(desk, ticket["id"])["side_conversation"])

    desk.post(f"{path}/reply", {"message": MESSAGE})
    desk.put(path, {"side_conversation": {"state": "closed"}})
    desk.put(path, {"side_conversation": {"state": "open"}})

    assert traces(desk, ticket["id"]) == [
        "CollabThreadCreated",
        "CollabThreadReply",
        "CollabThreadClosed",
        "CollabThreadReopened",
    ]


def test_a_side_conversation_updates_the_ticket() -> None:
    with desk_on() as desk:
        desk.set_clock("2030-01-01T00:00:00Z")
        ticket = desk.ticket()
        desk.set_clock("2030-01-01T00:05:00Z")

        conversation = begun(desk, ticket["id"])

        after = desk.get(f"tickets/{ticket['id']}")["ticket"]
        (event,) = desk.get(f"tickets/{ticket['id']}/audits")["audits"][-1]["events"]
        assert after["updated_at"] == "2030-01-01T00:05:00Z"
        assert event["thread_id"] == conversation["side_conversation"]["id"]
        assert (event["subject"], event["recipient_count"]) == ("Frozen wallet", 1)


def test_a_closed_ticket_may_have_side_conversations(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.update(ticket["id"], status="closed", assignee_id=desk.user_id("priya.nair@example.com"))

    assert begun(desk, ticket["id"])["side_conversation"]["state"] == "open"


@pytest.mark.parametrize(
    ("message", "status"),
    [
        pytest.param({"to": None}, 422, id="nobody"),
        pytest.param({"to": []}, 422, id="an empty list"),
        pytest.param({"to": "help@vendor.example"}, 400, id="no list"),
        pytest.param({"to": ["help@vendor.example"]}, 400, id="no objects"),
        pytest.param({"to": [{"email": "vendor"}]}, 422, id="no address"),
        pytest.param({"to": [{"user_id": 1}]}, 422, id="unknown user"),
        pytest.param({"to": [{"user_id": [1]}]}, 400, id="user of a wrong kind"),
        pytest.param({"to": [{"slack_workspace_id": "T1"}]}, 422, id="half a channel"),
        pytest.param({"to": [{"support_group_id": 1}]}, 422, id="unknown group"),
        pytest.param({"to": [VENDOR, {"msteams_channel_id": "x"}]}, 422, id="mixed"),
        pytest.param({"external_ids": {"a": 1}}, 400, id="external id of a wrong kind"),
        pytest.param({"body": {}}, 400, id="body of a wrong kind"),
    ],
)
def test_impossible_messages_are_refused(desk: Desk, message: Any, status: int) -> None:
    ticket = desk.ticket()
    path = f"tickets/{ticket['id']}/side_conversations"

    answer = desk.call("POST", path, json={"message": MESSAGE | message})

    assert answer.status_code == status
    assert desk.get(path)["count"] == 0


@pytest.mark.parametrize("body", [{}, {"message": 1}, {"message": []}, [], {"message": None}])
def test_a_body_without_a_message_is_refused(desk: Desk, body: Any) -> None:
    path = f"tickets/{desk.ticket()['id']}/side_conversations"

    assert desk.call("POST", path, json=body).status_code in (400, 422)


@pytest.mark.parametrize(
    "path", ["tickets/{other}/side_conversations/{id}", "tickets/{ticket}/side_conversations/x"]
)
def test_a_conversation_is_found_on_its_ticket_only(desk: Desk, path: str) -> None:
    ticket, other = desk.ticket()["id"], desk.ticket()["id"]
    conversation = begun(desk, ticket)["side_conversation"]

    answer = desk.call("GET", path.format(other=other, ticket=ticket, id=conversation["id"]))

    assert answer.status_code == 404


def test_a_state_is_open_or_closed(desk: Desk) -> None:
    path = place(begun(desk, desk.ticket()["id"])["side_conversation"])

    answer = desk.call("PUT", path, json={"side_conversation": {"state": "sleepy"}})

    assert answer.status_code == 422


IMPORTED = {
    "created_at": "2022-10-05T20:47:02.230Z",
    "message": MESSAGE | {"from": {"email": "else@vendor.example"}},
}


def test_a_conversation_is_imported_with_its_own_times(desk: Desk) -> None:
    asked = {
        "side_conversation": {"subject": "Old", "state": "closed", "external_ids": {"a": "b"}},
        "events": [IMPORTED, IMPORTED | {"created_at": "2022-10-06T00:00:00Z"}],
    }

    body = desk.post(f"tickets/{desk.ticket()['id']}/side_conversations/import", asked)

    conversation = body["side_conversation"]
    events = desk.get(f"{place(conversation)}/events")["events"]
    assert (conversation["subject"], conversation["state"]) == ("Old", "closed")
    assert conversation["created_at"] == body["event"]["created_at"] == "2022-10-05T20:47:02.230Z"
    assert [event["type"] for event in events] == ["create", "reply"]
    assert events[0]["actor"]["email"] == "else@vendor.example"


def test_an_answer_from_outside_is_imported(desk: Desk) -> None:
    path = place(begun(desk, desk.ticket()["id"])["side_conversation"])

    body = desk.post(f"{path}/events/import", {"events": [IMPORTED]})

    assert body["event"]["type"] == "reply"
    assert {"email": "else@vendor.example", "name": None, "user_id": None} in body[
        "side_conversation"
    ]["participants"]


@pytest.mark.parametrize(
    "events", [None, [], [{}], [1], [IMPORTED | {"created_at": "soon"}], [{"message": MESSAGE}]]
)
def test_impossible_imports_are_refused(desk: Desk, events: Any) -> None:
    path = f"tickets/{desk.ticket()['id']}/side_conversations"

    answer = desk.call("POST", f"{path}/import", json={"side_conversation": {}, "events": events})

    assert answer.status_code in (400, 422)
    assert desk.get(path)["count"] == 0


def test_events_are_exported_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.sandbox.routes.side_conversations.BIGGEST_EXPORT", 2)
    with desk_on() as desk:
        ticket = desk.ticket()
        times = ["2030-01-01T00:00:01.100Z", "2030-01-01T00:00:02.200Z", "2030-01-01T00:00:02.900Z"]
        asked = {"events": [IMPORTED | {"created_at": moment} for moment in times]}
        desk.set_clock("2030-02-01T00:00:00Z")
        desk.post(f"tickets/{ticket['id']}/side_conversations/import", asked)

        first = desk.get("tickets/side_conversations/events", params={"start_time": 1893456000})
        second = desk.session.get(first["next_page"], timeout=10).json()

    assert [event["created_at"] for event in first["events"]] == times[:2]
    assert (first["count"], first["end_time"]) == (2, 1893456002)
    assert [event["created_at"] for event in second["events"]] == times[1:]
    assert second["next_page"] is None


def test_messages_have_a_budget_of_their_own() -> None:
    with desk_on(endpoint_limits=True) as desk:
        path = place(begun(desk, desk.ticket()["id"])["side_conversation"])
        answers = [
            desk.call("POST", f"{path}/reply", json={"message": MESSAGE}) for _ in range(300)
        ]
        read = desk.call("GET", path)

    assert [answer.status_code for answer in answers] == [200] * 299 + [429]
    assert answers[-1].json()["error"] == "APIRateLimitExceeded"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 600
    assert read.status_code == 200


def test_the_export_of_events_has_a_budget_of_its_own(desk: Desk) -> None:
    answer = desk.call("GET", "tickets/side_conversations/events", params={"start_time": 0})

    budget = answer.headers["zendesk-ratelimit-side-conversations-events"]
    assert budget.startswith("total=600; remaining=5")
