"""The real client against the sandbox: every method, over a real socket."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from integrations.runtime.clock import utc_now
from integrations.runtime.errors import (
    LoginRefused,
    OutcomeUnknown,
    RecordGone,
    UpdateConflict,
    ZendeskRefused,
)
from integrations.sandbox.faults import ApiFaults, Faults
from integrations.sandbox.server import running_sandbox
from integrations.zendesk.auth import AskToken, OAuthLogin
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.tokens import Tokens
from tests.support.contract import (
    API_TOKEN,
    BEARER,
    OAUTH,
    client,
    complaint,
    connected,
    sandbox_with,
    url,
)

__all__ = ["client", "url"]


@pytest.mark.parametrize("login", [OAUTH, BEARER, API_TOKEN], ids=["oauth", "bearer", "api token"])
def test_every_login_is_an_agent(url: str, login: dict[str, str]) -> None:
    me = connected(url, login).me()

    assert me["role"] in {"admin", "agent"}
    assert set(me) == {"id", "name", "email", "role"}


@pytest.mark.parametrize(
    "login",
    [
        OAUTH | {"client_secret": "guessed"},
        {"access_token": "guessed"},
        API_TOKEN | {"api_token": "guessed"},
    ],
    ids=["oauth", "bearer", "api token"],
)
def test_a_guessed_secret_is_refused(url: str, login: dict[str, str]) -> None:
    with pytest.raises(LoginRefused):
        connected(url, login).me()


def test_threads_with_a_dead_token_fetch_one_new_token(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connected(url, OAUTH)
    fetched: list[object] = []
    fetch = OAuthLogin._fetch

    def counted(login: OAuthLogin, ask: AskToken, newest: Tokens | None) -> Tokens:
        fetched.append(login)
        return fetch(login, ask, newest)

    client.me()
    monkeypatch.setattr(OAuthLogin, "_fetch", counted)
    client.session.post("/sandbox/expire_tokens")
    with ThreadPoolExecutor(16) as threads:
        names = {me["name"] for me in threads.map(lambda _: client.me(), range(16))}

    assert len(names) == 1
    assert len(fetched) == 1


def test_a_ticket_reads_as_it_was_created(client: ZendeskClient) -> None:
    created = complaint(client, "read")
    ticket = client.ticket(created["id"])

    assert ticket["subject"] == "冻结 frozen 👍"
    assert ticket["tags"] == ["desk"]
    assert set(created) <= set(ticket) | {"generated_timestamp"}


def test_a_ticket_that_never_was_is_gone(client: ZendeskClient) -> None:
    with pytest.raises(RecordGone):
        client.ticket(99_999_999)
    with pytest.raises(RecordGone):
        client.user(99_999_999)
    with pytest.raises(RecordGone):
        client.audits(99_999_999)


def test_one_idempotency_key_makes_one_ticket(client: ZendeskClient) -> None:
    first, second = complaint(client, "twice"), complaint(client, "twice")

    assert first["id"] == second["id"]
    with pytest.raises(ZendeskRefused, match="IdempotentRequestError"):
        complaint(client, "twice", subject="something else")


def test_an_update_leaves_its_marker_in_the_audit(client: ZendeskClient) -> None:
    ticket = complaint(client, "marker")
    changes = {
        "additional_tags": ["risk_s1"],
        "comment": {"body": "A note.", "public": False},
        "priority": "high",
    }
    answer = client.update_ticket(
        ticket["id"], changes, marker="action-12", updated_stamp=ticket["updated_at"]
    )
    audits = client.audits(ticket["id"])

    assert answer["ticket"]["priority"] == "high"
    assert answer["audit"]["metadata"]["custom"]["riskdesk"] == "action-12"
    assert [audit["metadata"]["custom"].get("riskdesk") for audit in audits] == [None, "action-12"]
    assert {event["type"] for event in audits[1]["events"]} >= {"Comment", "Change"}


def test_an_update_with_an_old_stamp_is_a_conflict(client: ZendeskClient) -> None:
    ticket = complaint(client, "conflict")

    with pytest.raises(UpdateConflict):
        client.update_ticket(
            ticket["id"], {"priority": "low"}, marker="m", updated_stamp="2020-01-01T00:00:00Z"
        )
    assert client.ticket(ticket["id"])["priority"] == ticket["priority"]


def test_an_invalid_update_is_refused_by_its_field(client: ZendeskClient) -> None:
    ticket = complaint(client, "invalid")

    with pytest.raises(ZendeskRefused, match="422"):
        client.update_ticket(ticket["id"], {"status": "asleep"}, marker="m", updated_stamp=None)


def test_long_histories_come_whole_and_oldest_first(client: ZendeskClient) -> None:
    ticket = complaint(client, "history")
    for number in range(25):
        client.update_ticket(
            ticket["id"],
            {"comment": {"body": f"note {number}", "public": False}},
            marker=f"m-{number}",
            updated_stamp=None,
        )
    audits = client.audits(ticket["id"])

    assert [audit["metadata"]["custom"].get("riskdesk") for audit in audits] == [
        None,
        *(f"m-{number}" for number in range(25)),
    ]


def test_the_requester_is_a_user(client: ZendeskClient) -> None:
    ticket = complaint(client, "requester")

    assert client.user(ticket["requester_id"])["id"] == ticket["requester_id"]


def test_the_department_queues_are_groups(client: ZendeskClient) -> None:
    names = {group["name"] for group in client.groups()}

    assert {"Risk Control", "Account Security", "Legal", "Internal Audit"} <= names


def test_the_risk_reason_is_a_field_with_options(client: ZendeskClient) -> None:
    fields = {field["title"]: field for field in client.ticket_fields()}
    values = {option["value"] for option in fields["Risk reason"]["custom_field_options"]}

    assert "risk_a1" in values
    assert fields["Exchange UID"]["type"] == "text"


def test_sla_policies_have_their_metrics(client: ZendeskClient) -> None:
    policies = client.sla_policies()

    assert policies
    assert all(policy["policy_metrics"] for policy in policies)
    assert all(a["position"] <= b["position"] for a, b in pairwise(policies))


def test_schedules_have_their_intervals(client: ZendeskClient) -> None:
    schedules = client.schedules()

    assert schedules
    assert all(schedule["time_zone"] and schedule["intervals"] for schedule in schedules)


def test_a_webhook_has_its_own_secret(client: ZendeskClient) -> None:
    webhooks = [
        client.create_webhook(
            name=name,
            endpoint="http://127.0.0.1:9/webhooks/zendesk",
            subscriptions=["zen:event-type:ticket.created"],
        )
        for name in ("first", "second")
    ]
    secrets = {client.webhook_secret(webhook["id"]) for webhook in webhooks}

    assert webhooks[0]["status"] == "active"
    assert len(secrets) == 2


def test_the_clock_of_zendesk_is_near(client: ZendeskClient) -> None:
    client.me()
    moment = client.server_time()

    assert moment is not None
    assert abs(moment - utc_now()) < timedelta(seconds=10)


def test_zenpy_itself_works_on_the_same_session(client: ZendeskClient) -> None:
    ticket = complaint(client, "zenpy")
    read = client.zenpy.tickets(id=ticket["id"])
    members = list(client.zenpy.group_memberships())

    assert read.subject == ticket["subject"]
    assert len(members) > 10


def test_reads_come_through_a_bad_day() -> None:
    bad_day = Faults(api=ApiFaults(too_many_requests=0.15, retry_after=0, server_errors=0.15))
    with running_sandbox(sandbox_with(tickets=5, faults=bad_day)) as sandbox:
        client = connected(sandbox.url, BEARER)
        client.session.patience.sleep = lambda _: None

        assert [client.me()["role"] for _ in range(30)] == ["admin"] * 30


def test_a_lost_answer_is_unknown_and_the_marker_tells_that_it_was_done() -> None:
    with running_sandbox(sandbox_with()) as sandbox:
        client = connected(sandbox.url, BEARER)
        ticket = complaint(client, "lost")
        sandbox.dice.faults = Faults(api=ApiFaults(lost_answers=1.0))
        with pytest.raises(OutcomeUnknown):
            client.update_ticket(ticket["id"], {"priority": "low"}, marker="m", updated_stamp=None)
        sandbox.dice.faults = Faults()
        markers = [audit["metadata"]["custom"] for audit in client.audits(ticket["id"])]

    assert markers == [{}, {"riskdesk": "m"}]


def test_a_lost_creation_is_found_again_with_the_same_key() -> None:
    with running_sandbox(sandbox_with()) as sandbox:
        client = connected(sandbox.url, BEARER)
        client.session.patience.sleep = lambda _: None
        sandbox.dice.faults = Faults(api=ApiFaults(lost_answers=1.0))
        with pytest.raises(OutcomeUnknown):
            complaint(client, "lost")
        sandbox.dice.faults = Faults()
        ticket = complaint(client, "lost")

        assert len(client.audits(ticket["id"])) == 1
        with pytest.raises(RecordGone):
            client.ticket(ticket["id"] + 1)


def test_a_write_during_a_rate_limit_is_made_exactly_once() -> None:
    busy = Faults(api=ApiFaults(too_many_requests=0.3, retry_after="0.01"))
    with running_sandbox(sandbox_with()) as sandbox:
        client = connected(sandbox.url, BEARER)
        client.session.patience.sleep = lambda _: None
        ticket = complaint(client, "busy")
        sandbox.dice.faults = busy
        for number in range(10):
            client.update_ticket(
                ticket["id"], {"tags": [f"t{number}"]}, marker=f"m-{number}", updated_stamp=None
            )
        sandbox.dice.faults = Faults()
        markers = [a["metadata"]["custom"].get("riskdesk") for a in client.audits(ticket["id"])]

    assert markers == [None, *(f"m-{number}" for number in range(10))]
