"""Child tickets: side conversations that another department works on as tickets of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

LEGAL = "Legal"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give one sandbox for the whole module: every test opens its own tickets."""
    with desk_on() as talking:
        yield talking


class Pair:
    """A ticket, the side conversation on it, and the child ticket of that."""

    def __init__(self, desk: Desk, **recipient: Any) -> None:
        self.desk = desk
        self.to = {"support_group_id": desk.group_id(LEGAL)} | recipient
        self.parent = desk.ticket(subject="Frozen", priority="urgent", tags=["riskdesk"])
        body = desk.post(
            f"tickets/{self.parent['id']}/side_conversations",
            {"message": {"subject": "May we?", "body": "May we lift it?", "to": [self.to]}},
        )
        self.conversation = body["side_conversation"]
        self.child_id = int(self.conversation["external_ids"]["targetTicketId"])
        self.path = f"tickets/{self.parent['id']}/side_conversations/{self.conversation['id']}"

    def child(self) -> Any:
        """Return the child ticket."""
        return self.desk.get(f"tickets/{self.child_id}")["ticket"]

    def comments(self) -> list[Any]:
        """Return the comments of the child ticket."""
        page: dict[str, list[Any]] = self.desk.get(f"tickets/{self.child_id}/comments")
        return page["comments"]

    def events(self) -> list[Any]:
        """Return the events of the side conversation."""
        page: dict[str, list[Any]] = self.desk.get(f"{self.path}/events")
        return page["events"]

    def reply(self, body: str) -> Any:
        """Reply in the side conversation."""
        message = {"body": body, "to": [self.to]}
        return self.desk.post(f"{self.path}/reply", {"message": message})["side_conversation"]

    def state(self) -> str:
        """Return whether the side conversation is open."""
        shown: dict[str, Any] = self.desk.get(self.path)["side_conversation"]
        return str(shown["state"])


def agent_of(desk: Desk, group: str) -> int:
    """Return somebody of a department."""
    member = desk.sandbox.state.group_memberships.where(group_id=desk.group_id(group))[0]
    return int(member["user_id"])


def test_the_child_is_a_ticket_of_the_other_group(desk: Desk) -> None:
    pair = Pair(desk)
    child = pair.child()

    assert (child["subject"], child["description"]) == ("May we?", "May we lift it?")
    assert (child["group_id"], child["assignee_id"]) == (desk.group_id(LEGAL), None)
    assert child["requester_id"] == desk.user_id("admin@example.com")
    assert child["via"] == {
        "channel": "side_conversation",
        "source": {
            "from": {"subject": "Frozen", "ticket_id": pair.parent["id"]},
            "to": {},
            "rel": None,
        },
    }


def test_the_child_inherits_neither_tags_nor_priority(desk: Desk) -> None:
    child = Pair(desk).child()

    assert (child["tags"], child["priority"]) == ([], None)


def test_the_external_id_of_the_child_names_conversation_and_parent(desk: Desk) -> None:
    pair = Pair(desk)

    assert pair.child()["external_id"] == (
        f"zen:side_conversation:{pair.conversation['id']}:ticket:{pair.parent['id']}"
    )


def test_an_agent_of_the_group_may_be_named(desk: Desk) -> None:
    agent = agent_of(desk, LEGAL)
    pair = Pair(desk, support_agent_id=str(agent))

    (_, participant) = pair.conversation["participants"]
    assert (pair.child()["assignee_id"], pair.child()["status"]) == (agent, "open")
    assert participant["support_agent_id"] == str(agent)


def test_a_public_comment_on_the_child_is_a_reply_in_the_conversation(desk: Desk) -> None:
    pair = Pair(desk)
    author = agent_of(desk, LEGAL)

    desk.update(pair.child_id, comment={"body": "Yes, you may.", "author_id": author})

    reply = pair.events()[-1]
    assert (reply["type"], reply["message"]["body"]) == ("reply", "Yes, you may.")
    assert reply["actor"]["user_id"] == author
    assert reply["message"]["to"][0]["user_id"] == desk.user_id("admin@example.com")


def test_an_internal_note_on_the_child_is_not_told(desk: Desk) -> None:
    pair = Pair(desk)

    desk.update(pair.child_id, comment={"body": "Between us", "public": False})

    assert [event["type"] for event in pair.events()] == ["create"]


def test_an_internal_note_is_told_where_the_account_wants_it(desk: Desk) -> None:
    pair = Pair(desk)
    desk.sandbox.state.side_conversations.includes_notes = True

    desk.update(pair.child_id, comment={"body": "Between us", "public": False})
    desk.sandbox.state.side_conversations.includes_notes = False

    assert pair.events()[-1]["message"]["body"] == "Between us"


def test_a_reply_in_the_conversation_is_a_public_comment_on_the_child_once(desk: Desk) -> None:
    pair = Pair(desk)

    pair.reply("Any news?")

    comments = pair.comments()
    assert [one["body"] for one in comments] == ["May we lift it?", "Any news?"]
    assert (comments[1]["public"], comments[1]["via"]["channel"]) == (True, "side_conversation")
    assert [event["type"] for event in pair.events()] == ["create", "reply"]


def test_solving_the_child_closes_the_conversation_and_reopening_opens_it(desk: Desk) -> None:
    pair = Pair(desk, support_agent_id=agent_of(desk, LEGAL))
    states = []

    for status in ("pending", "solved", "open"):
        desk.update(pair.child_id, status=status)
        states.append(pair.state())

    assert states == ["open", "closed", "open"]


def test_closing_the_conversation_leaves_the_child_alone(desk: Desk) -> None:
    pair = Pair(desk)
    before = pair.child()

    desk.put(pair.path, {"side_conversation": {"state": "closed"}})

    assert pair.child() == before


def test_the_parents_history_tells_what_happened_on_the_child(desk: Desk) -> None:
    pair = Pair(desk, support_agent_id=agent_of(desk, LEGAL))

    desk.update(pair.child_id, comment={"body": "Yes"}, status="solved")

    audits = desk.get(f"tickets/{pair.parent['id']}/audits")["audits"]
    told = [event["type"] for audit in audits for event in audit["events"]]
    assert told[-3:] == ["CollabThreadCreated", "CollabThreadReply", "CollabThreadClosed"]


def test_another_external_id_breaks_the_link(desk: Desk) -> None:
    pair = Pair(desk)
    desk.update(pair.child_id, external_id="mine")

    desk.update(pair.child_id, comment={"body": "Hello?"})
    pair.reply("Any news?")

    assert [one["body"] for one in pair.comments()] == ["May we lift it?", "Hello?"]
    assert [event["type"] for event in pair.events()] == ["create", "reply"]


def test_a_reply_to_a_closed_child_stays_in_the_conversation(desk: Desk) -> None:
    pair = Pair(desk, support_agent_id=agent_of(desk, LEGAL))
    desk.update(pair.child_id, status="closed")

    pair.reply("Any news?")

    replies = [event for event in pair.events() if event["type"] == "reply"]
    assert len(pair.comments()) == 1
    assert [reply["message"]["body"] for reply in replies] == ["Any news?"]


def test_a_light_agent_cannot_begin_a_child_ticket(desk: Desk) -> None:
    ticket = desk.ticket()
    message = {"body": "x", "to": [{"support_group_id": desk.group_id(LEGAL)}]}

    answer = desk.call(
        "POST",
        f"tickets/{ticket['id']}/side_conversations",
        json={"message": message},
        headers={"X-On-Behalf-Of": "nina.patel@example.com"},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"body": ""}, id="no words"),
        pytest.param({"body": "x", "to": [{"support_agent_id": 1}]}, id="no group"),
        pytest.param({"body": "x", "two": True}, id="two groups"),
        pytest.param({"body": "x", "stranger": True}, id="agent of another group"),
    ],
)
def test_an_impossible_child_leaves_nothing_behind(desk: Desk, message: dict[str, Any]) -> None:
    ticket = desk.ticket()
    to: list[Any] = [{"support_group_id": desk.group_id(LEGAL)}]
    if message.pop("two", False):
        to *= 2
    if message.pop("stranger", False):
        to[0]["support_agent_id"] = agent_of(desk, "Compliance")
    path = f"tickets/{ticket['id']}/side_conversations"
    before = len(desk.sandbox.state.tickets)

    answer = desk.call("POST", path, json={"message": {"to": to} | message})

    assert answer.status_code == 422
    assert desk.get(path)["count"] == 0
    assert len(desk.sandbox.state.tickets) == before
