"""Writes without a key of Zendesk's: after a lost answer their effect is looked for first."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import responses

from integrations.runtime.errors import OutcomeUnknown, ZendeskRefused
from integrations.zendesk.client import ZendeskClient
from tests.support.zendesk import ACCOUNT, make_client

API = f"{ACCOUNT}/api/v2"
SIDE = f"{API}/tickets/7/side_conversations"
SIDE_1 = {"id": "0b1f", "state": "open", "external_ids": {"riskdesk": "k-1"}}
REPLY = {"id": "e2", "type": "reply", "message": {"body": "We  looked.\n"}}
START = {"id": "e1", "type": "create", "message": {"body": "Please look."}}
COMMENT = {"id": 9, "body": "my key is 42", "html_body": "<p>my key is 42</p>", "attachments": []}
CLEAN = COMMENT | {"body": "my key is ▇▇", "html_body": "<p>my key is ▇▇</p>"}


def times(method: str, part: str = "") -> int:
    return sum(c.request.method == method and part in str(c.request.url) for c in responses.calls)


def listed(url: str, key: str, *pages: list[dict[str, Any]]) -> None:
    for page in pages:
        responses.get(url, json={key: page, "meta": {"has_more": False}})


@responses.activate
@pytest.mark.parametrize(("found", "posts"), [([SIDE_1], 1), ([], 2)], ids=["made", "not made"])
def test_a_side_conversation_is_started_once(found: list[dict[str, Any]], posts: int) -> None:
    responses.post(SIDE, status=502)
    responses.post(SIDE, status=201, json={"side_conversation": SIDE_1})
    listed(SIDE, "side_conversations", [SIDE_1 | {"external_ids": None}, *found])
    message = {"subject": "s", "body": "b", "to": [{"support_group_id": 3}]}
    made = make_client().side_conversations.create(7, message, key="k-1")

    assert made == SIDE_1
    assert times("POST") == posts
    assert json.loads(responses.calls[0].request.body or b"") == {
        "message": message,
        "external_ids": {"riskdesk": "k-1"},
    }


@responses.activate
@pytest.mark.parametrize(
    ("after", "posts"), [([START, REPLY], 1), ([START], 2)], ids=["made", "not made"]
)
def test_a_reply_is_made_once(after: list[dict[str, Any]], posts: int) -> None:
    listed(f"{SIDE}/0b1f/events", "events", [START], after)
    responses.post(f"{SIDE}/0b1f/reply", status=504)
    responses.post(f"{SIDE}/0b1f/reply", status=201, json={"side_conversation": SIDE_1})
    responses.get(f"{SIDE}/0b1f", json={"side_conversation": SIDE_1})

    assert make_client().side_conversations.reply(7, "0b1f", {"body": "We looked."}) == SIDE_1
    assert times("POST") == posts


@responses.activate
def test_a_reply_that_may_be_ours_or_another_stays_unknown() -> None:
    other = REPLY | {"message": {"body": "Something else."}}
    listed(f"{SIDE}/0b1f/events", "events", [START], [START, other])
    responses.post(f"{SIDE}/0b1f/reply", status=504)

    with pytest.raises(OutcomeUnknown, match="cannot be told whose"):
        make_client().side_conversations.reply(7, "0b1f", {"body": "We looked."})

    assert times("POST") == 1


@responses.activate
def test_closing_a_side_conversation_twice_is_closing_it_once() -> None:
    responses.put(f"{SIDE}/0b1f", status=500)
    responses.put(f"{SIDE}/0b1f", json={"side_conversation": SIDE_1 | {"state": "closed"}})

    assert make_client().side_conversations.set_state(7, "0b1f", "closed")["state"] == "closed"


@responses.activate
def test_an_id_never_leads_to_another_path() -> None:
    responses.get(f"{SIDE}/..%2F..%2Fusers", json={"side_conversation": SIDE_1})

    assert make_client().side_conversations.show(7, "../../users") == SIDE_1


REDACTIONS: list[tuple[str, Callable[[ZendeskClient], Any]]] = [
    ("tickets/7/comments/9/redact.json", lambda c: c.redactions.words(7, 9, "42")),
    (
        "comment_redactions/9.json",
        lambda c: c.redactions.marked(7, 9, "<p>my key is <redact>42</redact></p>"),
    ),
]


@responses.activate
@pytest.mark.parametrize(("path", "redact"), REDACTIONS, ids=["words", "marked"])
@pytest.mark.parametrize(("found", "puts"), [(CLEAN, 1), (COMMENT, 2)], ids=["done", "not done"])
def test_a_redaction_is_done_once(
    path: str, redact: Callable[[ZendeskClient], Any], found: dict[str, Any], puts: int
) -> None:
    responses.put(f"{API}/{path}", status=502)
    responses.put(f"{API}/{path}", json={"comment": CLEAN})
    listed(f"{API}/tickets/7/comments.json", "comments", [found])

    assert redact(make_client()) == CLEAN
    assert times("PUT") == puts


@responses.activate
@pytest.mark.parametrize(
    ("name", "puts"), [("redacted.txt", 1), ("passport.png", 2)], ids=["done", "not done"]
)
def test_a_file_is_redacted_once(name: str, puts: int) -> None:
    url = f"{API}/tickets/7/comments/9/attachments/5/redact.json"
    responses.put(url, status=502)
    responses.put(url, json={"attachment": {"id": 5, "file_name": "redacted.txt"}})
    file = {"id": 5, "file_name": name}
    listed(f"{API}/tickets/7/comments.json", "comments", [COMMENT | {"attachments": [file]}])
    redacted = make_client().redactions.attachment(7, 9, 5)

    assert redacted["file_name"] == "redacted.txt"
    assert times("PUT") == puts


ERASING = f"{API}/users/5/compliance_deletion_statuses.json"
STEPS = {"compliance_deletion_statuses": [{"action": "request_deletion", "user_id": 5}]}


@responses.activate
def test_a_user_is_deleted_for_good_through_lost_answers() -> None:
    responses.get(ERASING, status=404)
    responses.get(ERASING, json=STEPS)
    responses.get(f"{API}/users/5.json", json={"user": {"id": 5, "active": True}})
    responses.get(f"{API}/users/5.json", json={"user": {"id": 5, "active": False}})
    responses.delete(f"{API}/users/5.json", status=502)
    responses.delete(f"{API}/deleted_users/5.json", status=502)
    make_client().deletions.user_for_good(5)

    assert (times("DELETE", "/users/5"), times("DELETE", "/deleted_users/5")) == (1, 1)


@responses.activate
def test_a_user_who_was_deleted_before_is_only_erased() -> None:
    responses.get(ERASING, status=404)
    responses.get(f"{API}/users/5.json", json={"user": {"id": 5, "active": False}})
    responses.delete(f"{API}/deleted_users/5.json", json={"deleted_user": {"id": 5}})
    make_client().deletions.user_for_good(5)

    assert times("DELETE") == 1


@responses.activate
def test_a_user_who_is_being_erased_is_left_alone() -> None:
    responses.get(ERASING, json=STEPS)
    make_client().deletions.user_for_good(5)

    assert times("DELETE") == 0


@responses.activate
def test_a_refusal_is_not_looked_up() -> None:
    responses.post(SIDE, status=422, json={"error": "RecordInvalid"})

    with pytest.raises(ZendeskRefused):
        make_client().side_conversations.create(7, {}, key="k-1")

    assert len(responses.calls) == 1


@responses.activate
def test_what_stays_unknown_is_given_up_after_a_few_looks() -> None:
    responses.post(SIDE, status=502)
    listed(SIDE, "side_conversations", [])

    with pytest.raises(OutcomeUnknown):
        make_client().side_conversations.create(7, {}, key="k-1")

    assert times("POST") == 3
