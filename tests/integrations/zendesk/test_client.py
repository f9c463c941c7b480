"""Each question to Zendesk: what is sent, what comes back, what is refused."""

import json
import logging
import os
from typing import Any

import pytest
import responses

from integrations.runtime.errors import (
    ConfigError,
    LoginRefused,
    OutcomeUnknown,
    RecordGone,
    UpdateConflict,
    ZendeskRefused,
    ZendeskRetryable,
)
from integrations.runtime.settings import Settings
from integrations.zendesk.account import connect
from tests.support.zendesk import ACCOUNT, make_client

API = f"{ACCOUNT}/api/v2"
ANA = {"id": 11, "name": "Ana", "email": "ana@example.com", "role": "admin", "phone": None}


def sent(index: int = 0) -> Any:
    return json.loads(responses.calls[index].request.body or b"null")


@responses.activate
def test_me_is_the_agent_behind_the_credentials() -> None:
    responses.get(f"{API}/users/me.json", json={"user": ANA})

    assert make_client().me() == {
        "id": 11,
        "name": "Ana",
        "email": "ana@example.com",
        "role": "admin",
    }


@responses.activate
@pytest.mark.parametrize(
    "user",
    [
        pytest.param({"id": None, "name": "Anonymous user", "role": "end-user"}, id="anonymous"),
        pytest.param({"id": None, "name": "Anonymous user", "role": "admin"}, id="no id"),
        pytest.param({"id": 5, "name": "Jane", "role": "end-user"}, id="a customer"),
    ],
)
def test_me_refuses_who_is_no_agent(user: dict[str, Any]) -> None:
    responses.get(f"{API}/users/me.json", json={"user": user})

    with pytest.raises(LoginRefused, match="anonymous"):
        make_client().me()


@responses.activate
def test_me_tells_an_address_without_an_account() -> None:
    responses.get(f"{API}/users/me.json", status=404, body="No help desk here")

    with pytest.raises(ConfigError, match="no Zendesk account at https://acme"):
        make_client().me()


@responses.activate
def test_a_ticket_comes_as_zendesk_wrote_it() -> None:
    ticket = {"id": 7, "via": {"source": {"from": {"address": "a@b.c"}}}, "custom_fields": []}
    responses.get(f"{API}/tickets/7.json", json={"ticket": ticket})

    assert make_client().ticket(7) == ticket


@responses.activate
def test_a_ticket_is_read_afresh_each_time() -> None:
    responses.get(f"{API}/tickets/7.json", json={"ticket": {"id": 7, "status": "new"}})
    responses.get(f"{API}/tickets/7.json", json={"ticket": {"id": 7, "status": "open"}})
    client = make_client()

    assert [client.ticket(7)["status"], client.ticket(7)["status"]] == ["new", "open"]


@responses.activate
def test_a_vanished_ticket_is_gone() -> None:
    responses.get(f"{API}/tickets/7.json", status=404, json={"error": "RecordNotFound"})

    with pytest.raises(RecordGone):
        make_client().ticket(7)


@responses.activate
def test_audits_come_from_all_pages_oldest_first() -> None:
    url = f"{API}/tickets/7/audits.json"
    newer = {"id": 3, "created_at": "2026-01-02T00:00:00Z", "events": []}
    older = {"id": 2, "created_at": "2026-01-01T00:00:00Z", "events": [{"type": "Create"}]}
    responses.get(url, json={"audits": [newer], "meta": {"has_more": True, "after_cursor": "x"}})
    responses.get(url, json={"audits": [older], "meta": {"has_more": False}})

    assert make_client().audits(7) == [older, newer]


@responses.activate
def test_an_update_carries_its_marker_and_its_stamp() -> None:
    answer = {"ticket": {"id": 7}, "audit": {"id": 1, "metadata": {"custom": {"riskdesk": "a-1"}}}}
    responses.put(f"{API}/tickets/7.json", json=answer | {"extra": 1})

    result = make_client().update_ticket(
        7,
        {"status": "open", "metadata": {"note": "kept"}},
        marker="a-1",
        updated_stamp="2026-01-01T00:00:00Z",
    )

    assert result == answer
    assert sent() == {
        "ticket": {
            "status": "open",
            "metadata": {"note": "kept", "riskdesk": "a-1"},
            "safe_update": True,
            "updated_stamp": "2026-01-01T00:00:00Z",
        }
    }


@responses.activate
def test_an_update_without_a_stamp_is_not_a_safe_update() -> None:
    responses.put(f"{API}/tickets/7.json", json={"ticket": {"id": 7}, "audit": {"id": 1}})
    make_client().update_ticket(7, {"status": "open"}, marker="a-1", updated_stamp=None)

    assert sent() == {"ticket": {"status": "open", "metadata": {"riskdesk": "a-1"}}}


@responses.activate
def test_an_update_after_somebody_else_is_a_conflict() -> None:
    responses.put(f"{API}/tickets/7.json", status=409, json={"error": "UpdateConflict"})

    with pytest.raises(UpdateConflict):
        make_client().update_ticket(7, {}, marker="a-1", updated_stamp="2026-01-01T00:00:00Z")


@responses.activate
@pytest.mark.parametrize("body", ["<html>", '{"ticket":{"id":7}}', '{"audit":{}}'])
def test_an_update_with_an_unreadable_answer_is_unknown(body: str) -> None:
    responses.put(f"{API}/tickets/7.json", body=body)

    with pytest.raises(OutcomeUnknown):
        make_client().update_ticket(7, {}, marker="a-1", updated_stamp=None)

    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_creation_with_its_key_is_sent_until_an_answer_comes(status: int) -> None:
    responses.post(f"{API}/tickets.json", status=status)
    responses.post(f"{API}/tickets.json", body="<html>")
    responses.post(f"{API}/tickets.json", status=201, json={"ticket": {"id": 8}})

    assert make_client().create_ticket({"subject": "x"}, idempotency_key="k-1") == {"id": 8}
    assert {call.request.headers["Idempotency-Key"] for call in responses.calls} == {"k-1"}


@responses.activate
def test_an_update_that_is_no_json_is_refused_and_never_sent() -> None:
    with pytest.raises(ZendeskRefused, match="was not sent"):
        make_client().update_ticket(7, {"x": float("nan")}, marker="a-1", updated_stamp=None)

    assert len(responses.calls) == 0


@responses.activate
def test_a_created_ticket_has_its_idempotency_key() -> None:
    responses.post(f"{API}/tickets.json", status=201, json={"ticket": {"id": 8}, "audit": {}})

    assert make_client().create_ticket({"subject": "x"}, idempotency_key="k-1") == {"id": 8}
    assert responses.calls[0].request.headers["Idempotency-Key"] == "k-1"
    assert sent() == {"ticket": {"subject": "x"}}


@responses.activate
def test_groups_come_from_all_pages() -> None:
    url = f"{API}/groups.json"
    following = f"{url}?page[size]=100&page[after]=x"
    first = {"groups": [{"id": 1, "name": "Legal"}], "meta": {"has_more": True}}
    responses.get(url, json=first | {"links": {"next": following}})
    responses.get(
        url, json={"groups": [{"id": 2, "name": "Payments"}], "meta": {"has_more": False}}
    )

    assert [group["name"] for group in make_client().groups()] == ["Legal", "Payments"]


@responses.activate
def test_sla_policies_come_in_the_order_of_matching() -> None:
    policies = [{"id": 1, "title": "b", "position": 2}, {"id": 2, "title": "a", "position": 1}]
    responses.get(f"{API}/slas/policies.json", json={"sla_policies": policies, "count": 2})

    assert [policy["id"] for policy in make_client().sla_policies()] == [2, 1]


@responses.activate
@pytest.mark.parametrize("body", ["<html>", "{}", "[]", '{"groups":[7]}'])
def test_an_answer_that_makes_no_sense_is_no_traceback(body: str) -> None:
    responses.get(f"{API}/groups.json", body=body)

    with pytest.raises(ZendeskRetryable, match="cannot be read"):
        make_client().groups()


@responses.activate
def test_a_webhook_is_created_active_and_signed_by_zendesk() -> None:
    webhook = {"id": "01H", "name": "riskdesk", "status": "active"}
    responses.post(f"{API}/webhooks", status=201, json={"webhook": webhook})

    created = make_client().create_webhook(
        name="riskdesk",
        endpoint="https://desk.example/webhooks/zendesk",
        subscriptions=["zen:event-type:ticket.created"],
    )

    assert created["id"] == "01H"
    assert sent()["webhook"] == {
        "name": "riskdesk",
        "endpoint": "https://desk.example/webhooks/zendesk",
        "subscriptions": ["zen:event-type:ticket.created"],
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
    }


WEBHOOK = {"id": "01H", "name": "x", "endpoint": "https://desk.example", "subscriptions": ["a"]}


@responses.activate
@pytest.mark.parametrize(
    ("found", "posts"),
    [
        pytest.param([WEBHOOK], 1, id="it was made"),
        pytest.param([], 2, id="it was not made"),
        pytest.param([WEBHOOK | {"subscriptions": ["b"]}], 2, id="only another one is there"),
    ],
)
def test_a_webhook_of_unknown_outcome_is_looked_for(
    found: list[dict[str, Any]], posts: int
) -> None:
    responses.post(f"{API}/webhooks", status=201, body="<html>")
    responses.post(f"{API}/webhooks", status=201, json={"webhook": WEBHOOK})
    responses.get(f"{API}/webhooks", json={"webhooks": found, "meta": {"has_more": False}})
    created = make_client().create_webhook(
        name="x", endpoint="https://desk.example", subscriptions=["a"]
    )

    assert created["id"] == "01H"
    assert [call.request.method for call in responses.calls].count("POST") == posts


@responses.activate
def test_a_macro_is_only_previewed() -> None:
    ticket = {"id": 7, "tags": ["x"], "comment": {"body": "Hello", "public": True}}
    url = f"{API}/tickets/7/macros/3/apply.json"
    responses.get(url, json={"result": {"ticket": ticket}})

    assert make_client().apply_macro(7, 3) == ticket


@responses.activate
@pytest.mark.parametrize(
    ("values", "expected"), [([4], 4), ([None, 4], 4), ([None], None)], ids=str
)
def test_a_view_is_counted_once_zendesk_has_counted_it(
    values: list[int | None], expected: int | None
) -> None:
    for value in values:
        responses.get(f"{API}/views/9/count.json", json={"view_count": {"value": value}})

    assert make_client().count_view(9) == expected


@responses.activate
def test_group_sla_policies_come_in_the_order_of_matching() -> None:
    policies = [{"id": "01B", "position": 2}, {"id": "01A", "position": 1}]
    responses.get(f"{API}/group_slas/policies.json", json={"group_sla_policies": policies})

    assert [policy["id"] for policy in make_client().group_sla_policies()] == ["01A", "01B"]


@responses.activate
def test_a_webhook_secret_is_read_and_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    secret = {"signing_secret": {"secret": "hush=", "algorithm": "SHA256"}}
    responses.get(f"{API}/webhooks/01H%2F..%2Fx/signing_secret", json=secret)
    with caplog.at_level(logging.DEBUG):
        assert make_client().webhook_secret("01H/../x") == "hush="

    assert "hush" not in caplog.text


@responses.activate
def test_a_user_is_read_afresh_each_time() -> None:
    responses.get(f"{API}/users/11.json", json={"user": ANA})
    responses.get(f"{API}/users/11.json", json={"user": ANA | {"name": "Ana Maria"}})
    client = make_client()

    assert [client.user(11)["name"], client.user(11)["name"]] == ["Ana", "Ana Maria"]


@responses.activate
def test_nothing_personal_is_logged_by_zenpy(caplog: pytest.LogCaptureFixture) -> None:
    responses.get(f"{API}/users/11.json", json={"user": ANA})
    client = make_client()
    with caplog.at_level(logging.DEBUG):
        assert client.user(11)["email"] == "ana@example.com"

    assert "ana@example.com" not in caplog.text


@responses.activate
@pytest.mark.parametrize("address", ["http://localhost:8123", "http://[::1]:8123"])
def test_two_accounts_in_one_process_keep_their_addresses(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", "evil.example")
    responses.get(f"{API}/users/11.json", json={"user": ANA | {"name": "real"}})
    responses.get(f"{address}/api/v2/users/11.json", json={"user": ANA | {"name": "local"}})
    clients = [make_client(), make_client(address)]

    assert [client.user(11)["name"] for client in clients] == ["real", "local"]


def test_connect_reads_the_settings_and_sends_nothing() -> None:
    settings = Settings(zendesk_url="https://acme.zendesk.com", zendesk_access_token="t")
    client = connect(settings)

    assert client.session.base.netloc == "acme.zendesk.com"
    assert client.server_time() is None


@pytest.mark.skipif("RISKDESK_ZENDESK_URL" in os.environ, reason="the address is set here")
def test_connect_without_an_address_names_the_setting() -> None:
    with pytest.raises(ConfigError, match="RISKDESK_ZENDESK_URL"):
        connect(Settings(zendesk_url=None))
