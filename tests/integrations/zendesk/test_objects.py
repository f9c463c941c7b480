"""zenpy behind our session: no hidden calls, no cache, and none of its own waiting."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import responses
from zenpy.lib.api_objects import BaseObject, Ticket, Webhook

from integrations.runtime.errors import OutcomeUnknown, ZendeskRefused, ZendeskRetryable
from integrations.zendesk.client import ZendeskClient
from tests.support.zendesk import ACCOUNT, Clock, make_client

API = f"{ACCOUNT}/api/v2"
NAMES = (
    "id requester_id submitter_id assignee_id organization_id group_id brand_id author_id"
    " default_group_id custom_role_id ticket_id user_id problem_id forum_topic_id locale_id"
    " macro_id view_id updater_id recipient_id"
)
IDS = dict.fromkeys(NAMES.split(), 5)
LISTS = {name: [5, 6] for name in "collaborator_ids sharing_agreement_ids follower_ids".split()}
RECORD = IDS | LISTS | {"name": "x", "role": "agent", "position": 1, "restriction": None}

CALLS: list[tuple[str, str, str, Callable[[ZendeskClient], Any]]] = [
    ("GET", "users/me.json", "user", lambda client: client.me()),
    ("GET", "users/5.json", "user", lambda client: client.user(5)),
    ("GET", "groups.json", "groups", lambda client: client.groups()),
    ("GET", "ticket_fields.json", "ticket_fields", lambda client: client.ticket_fields()),
    ("GET", "slas/policies.json", "sla_policies", lambda client: client.sla_policies()),
    (
        "POST",
        "webhooks",
        "webhook",
        lambda client: client.create_webhook(name="x", endpoint="https://x", subscriptions=[]),
    ),
    ("GET", "tickets/5.json", "ticket", lambda client: client.zenpy.tickets(id=5)),
    ("GET", "tickets/5/comments.json", "comments", lambda c: list(c.zenpy.tickets.comments(5))),
    ("GET", "tickets/5/audits.json", "audits", lambda c: list(c.zenpy.tickets.audits(5))),
    ("GET", "groups/5.json", "group", lambda client: client.zenpy.groups(id=5)),
    ("GET", "organizations/5.json", "organization", lambda c: c.zenpy.organizations(id=5)),
    ("GET", "group_memberships.json", "group_memberships", lambda c: list(_members(c))),
    ("GET", "views.json", "views", lambda client: list(client.zenpy.views())),
    ("GET", "macros.json", "macros", lambda client: list(client.zenpy.macros())),
    ("GET", "triggers.json", "triggers", lambda client: list(client.zenpy.triggers())),
    ("GET", "webhooks/5", "webhook", lambda client: client.zenpy.webhooks(id=5)),
    ("POST", "tickets.json", "ticket", lambda c: c.zenpy.tickets.create(Ticket(subject="x"))),
    ("POST", "webhooks", "webhook", lambda c: c.zenpy.webhooks.create(Webhook(name="x"))),
]


def _members(client: ZendeskClient) -> Any:
    return client.zenpy.group_memberships()


def answer(key: str) -> dict[str, Any]:
    return {key: [RECORD] if key.endswith("s") else RECORD, "count": 1, "next_page": None}


def touch(value: Any, seen: set[int]) -> None:
    """Read every attribute of a zenpy object and of the objects in it."""
    if isinstance(value, list):
        for part in value:
            touch(part, seen)
    if not isinstance(value, BaseObject) or id(value) in seen:
        return
    seen.add(id(value))
    for name in dir(value):
        if name == "api" or name.startswith("__"):
            continue
        with suppress(ZendeskRefused):
            touch(getattr(value, name), seen)


@responses.activate
@pytest.mark.parametrize(
    ("method", "path", "key", "call"), CALLS, ids=[f"{call[0]} {call[1]}" for call in CALLS]
)
def test_a_call_and_every_attribute_of_its_answer_is_one_request(
    method: str, path: str, key: str, call: Callable[[ZendeskClient], Any]
) -> None:
    responses.add(method, f"{API}/{path}", json=answer(key))
    client = make_client()
    assert len(responses.calls) == 0

    touch(call(client), set())

    assert len(responses.calls) == 1


@responses.activate
def test_a_lazy_attribute_is_refused_and_says_what_to_do_instead() -> None:
    responses.get(f"{API}/tickets/5.json", json={"ticket": RECORD})
    ticket = make_client().zenpy.tickets(id=5)

    assert ticket.requester_id == 5
    with pytest.raises(ZendeskRefused) as caught:
        _ = ticket.requester
    assert "client.user" in caught.value.hint


@responses.activate
def test_nothing_is_served_from_a_cache() -> None:
    responses.get(f"{API}/tickets/5.json", json={"ticket": RECORD | {"subject": "old"}})
    responses.get(f"{API}/tickets/5.json", json={"ticket": RECORD | {"subject": "new"}})
    zenpy = make_client().zenpy

    assert [zenpy.tickets(id=5).subject, zenpy.tickets(id=5).subject] == ["old", "new"]


@responses.activate
@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ("0", 0.5),
        ("1.5", 1.5),
        ("2", 2.0),
        ("Wed, 21 Oct 2026 07:28:09 GMT", 9.0),
        ("soon", 1.0),
        (None, 1.0),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_rate_limit_never_reaches_zenpy(method: str, header: str | None, waited: float) -> None:
    url = f"{API}/tickets/5.json" if method == "GET" else f"{API}/tickets.json"
    headers = {"Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    responses.add(
        method, url, status=429, headers=headers | ({"Retry-After": header} if header else {})
    )
    responses.add(method, url, json={"ticket": RECORD})
    clock = Clock()
    zenpy = make_client(clock=clock).zenpy
    ticket = zenpy.tickets(id=5) if method == "GET" else zenpy.tickets.create(Ticket(subject="x"))

    assert ticket.id == 5
    assert clock.slept == [waited]


@responses.activate
def test_an_endless_rate_limit_ends_in_our_error() -> None:
    responses.get(f"{API}/tickets/5.json", status=429, headers={"Retry-After": "3600"})

    with pytest.raises(ZendeskRetryable) as caught:
        make_client().zenpy.tickets(id=5)

    assert caught.value.retry_after_s == 3600


@responses.activate
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_breakdown_of_a_zenpy_write_is_sent_once(status: int) -> None:
    responses.post(f"{API}/tickets.json", status=status)

    with pytest.raises(OutcomeUnknown):
        make_client().zenpy.tickets.create(Ticket(subject="x"))

    assert len(responses.calls) == 1
