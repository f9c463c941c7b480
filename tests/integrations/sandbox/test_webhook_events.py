"""Webhook events: what each kind of change says, and in which words."""

import json
from typing import Any

import pytest

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.founding import new_account
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.ticketing.tickets import create
from integrations.sandbox.state.webhooks.events import event_types, events_of
from tests.support.sandbox import Desk, Receiver

ATTACHMENT = {
    "id": 77,
    "content_type": "image/png",
    "content_url": "http://127.0.0.1/attachments/token/x/?name=id.png",
    "file_name": "id.png",
}


@pytest.fixture(scope="module")
def account() -> Account:
    """Give an account with its standing population."""
    return new_account(SandboxConfig())


def change(account: Account, kind: str, **more: Any) -> TicketChange:
    """Return a change of a new ticket."""
    actor = account.user_by_email("admin@example.com")
    assert actor is not None
    case = create(account, {"comment": {"body": "Help"}, "tags": ["a"]}, actor)
    comment = case.comments()[0][0] | {"attachments": more.pop("attachments", [])}
    return TicketChange(
        kind=kind, case=case, actor_id=actor["id"], now=account.clock.now(), comment=comment, **more
    )


def told(account: Account, made: TicketChange) -> dict[str, Any]:
    """Return what each event of a change says beside its place in the action, by short name."""
    events = list(events_of(account, made))
    assert [event["type"] for event in events] == event_types(made)
    return {
        event["type"].removeprefix("zen:event-type:ticket."): {
            key: value for key, value in event["event"].items() if key != "meta"
        }
        for event in events
    }


@pytest.mark.parametrize(
    "kind", ["soft_deleted", "undeleted", "permanently_deleted", "marked_as_spam", "created"]
)
def test_some_events_say_only_that_they_happened(account: Account, kind: str) -> None:
    (event,) = events_of(account, change(account, kind))

    assert event["event"] == {}


def test_a_merger_names_the_ticket_that_stays(account: Account) -> None:
    assert told(account, change(account, "merged", merged_into=9)) == {
        "merged": {"target_ticket_id": "9"}
    }


def test_a_redaction_names_the_comment(account: Account) -> None:
    made = change(account, "comment_redacted")
    assert made.comment is not None

    assert told(account, made) == {"comment_redacted": {"comment": {"id": str(made.comment["id"])}}}


def test_a_comment_made_private_is_not_named(account: Account) -> None:
    assert told(account, change(account, "comment_made_private")) == {"comment_made_private": {}}


def test_a_redacted_attachment_is_named_with_its_comment(account: Account) -> None:
    made = change(account, "attachment_redacted_from_comment", attachment=ATTACHMENT)
    assert made.comment is not None

    assert told(account, made)["attachment_redacted_from_comment"] == {
        "comment": {"attachment": {"id": "77"}, "id": str(made.comment["id"])}
    }


@pytest.mark.parametrize("kind", ["created", "updated"])
def test_each_attachment_of_a_comment_is_an_event(account: Account, kind: str) -> None:
    made = change(account, kind, attachments=[ATTACHMENT])

    linked = told(account, made)["attachment_linked_to_comment"]

    assert linked["comment"]["attachment"] == {
        "content_type": "image/png",
        "content_url": ATTACHMENT["content_url"],
        "filename": "id.png",
        "id": "77",
        "is_public": False,
    }


@pytest.mark.parametrize(
    ("field", "name"),
    [("follower_ids", "followers_changed"), ("email_cc_ids", "email_ccs_changed")],
)
def test_people_who_came_and_went_are_named(account: Account, field: str, name: str) -> None:
    made = change(account, "updated", changes=[(field, [1, 2], [2, 3])])

    assert told(account, made)[name] == {"users_added": ["3"], "users_removed": ["1"]}


def test_tags_that_came_and_went_are_named(account: Account) -> None:
    made = change(account, "updated", changes=[("tags", ["a"], ["b", "c"])])

    assert told(account, made)["tags_changed"] == {
        "tags_added": ["b", "c"],
        "tags_removed": ["a"],
    }


def test_a_custom_field_is_described(account: Account) -> None:
    field = account.ticket_fields.where(title="Risk reason")[0]
    made = change(account, "updated", changes=[(str(field["id"]), None, "risk_a1")])

    assert told(account, made)["custom_field_changed"] == {
        "current": {"value": "risk_a1"},
        "custom_field": {"id": str(field["id"]), "title": "Risk reason", "type": "tagger"},
        "previous": {"value": None},
    }


def test_events_of_one_action_are_numbered(account: Account) -> None:
    made = change(account, "updated", changes=[("status", "new", "open"), ("tags", [], ["a"])])

    metas = [event["event"]["meta"]["sequence"] for event in events_of(account, made)]

    assert [meta["position"] for meta in metas] == [1, 2, 3]
    assert len({meta["id"] for meta in metas}) == 1


def test_what_agents_do_by_the_api_is_told(desk: Desk, receiver: Receiver) -> None:
    names = (
        "merged comment_redacted comment_made_private followers_changed email_ccs_changed "
        "attachment_linked_to_comment attachment_redacted_from_comment marked_as_spam "
        "problem_link_changed task_due_at_changed permanently_deleted"
    ).split()
    desk.subscribe(receiver.url, *names)
    agent = desk.user_id("priya.nair@example.com")
    token = desk.post("uploads.json?filename=id.txt", data=b"passport")["upload"]["token"]
    first = desk.ticket(comment={"body": "My secret is 1234", "uploads": [token]})
    second, third, fourth = (desk.ticket() for _ in range(3))
    (comment,) = desk.get(f"tickets/{first['id']}/comments")["comments"]
    path = f"tickets/{first['id']}/comments/{comment['id']}"

    desk.put(f"{path}/redact", {"text": "1234"})
    desk.put(f"{path}/attachments/{comment['attachments'][0]['id']}/redact")
    desk.put(f"{path}/make_private")
    desk.update(first["id"], followers=[{"user_id": str(agent), "action": "put"}])
    desk.update(first["id"], email_ccs=[{"user_email": "cc@customer.example", "action": "put"}])
    desk.update(second["id"], type="problem")
    desk.update(first["id"], type="incident", problem_id=second["id"])
    desk.update(third["id"], type="task", due_at="2030-01-01T00:00:00Z")
    desk.post(f"tickets/{second['id']}/merge", {"ids": [third["id"]]})
    desk.put(f"tickets/{fourth['id']}/mark_as_spam")
    desk.delete(f"tickets/{first['id']}")
    desk.delete(f"deleted_tickets/{first['id']}")
    desk.settle()

    told = {json.loads(one.body)["type"].rsplit(".", 1)[-1] for one in receiver.deliveries}
    assert told == set(names)
