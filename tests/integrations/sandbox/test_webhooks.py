"""Webhooks: management, signed deliveries, retries and the log."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.runtime.clock import parse_instant
from integrations.sandbox.deliveries import dispatch as deliveries
from integrations.sandbox.deliveries.sending import Reply
from integrations.sandbox.deliveries.signing import signature
from tests.support.sandbox import Desk, Receiver
from tests.support.shared import shared_file


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "PAUSES_S", (0.01,))


def bodies(receiver: Receiver) -> list[Any]:
    """Return what was delivered, parsed."""
    return [json.loads(delivery.body) for delivery in receiver.deliveries]


def test_signature_of_the_published_vector() -> None:
    samples = json.loads(shared_file("zendesk/recorded/webhook_samples.json").read_text())
    vector = next(sample for sample in samples if "signature" in sample)

    made = signature(vector["secret"], vector["timestamp"], vector["body"].encode())

    assert made == vector["signature"]


def test_a_created_ticket_is_delivered_signed(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")
    secret = desk.get(f"webhooks/{webhook['id']}/signing_secret")["signing_secret"]["secret"]

    desk.ticket()
    desk.settle()

    (delivery,) = receiver.deliveries
    timestamp = delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    digest = hmac.new(secret.encode(), timestamp.encode() + delivery.body, hashlib.sha256).digest()
    assert delivery.headers["X-Zendesk-Webhook-Signature"] == base64.b64encode(digest).decode()
    assert delivery.headers["X-Zendesk-Webhook-Id"] == webhook["id"]
    assert delivery.headers["User-Agent"] == "Zendesk Webhook"


def test_event_has_the_keys_and_kinds_of_a_real_one(desk: Desk, receiver: Receiver) -> None:
    samples = json.loads(shared_file("zendesk/recorded/webhook_samples.json").read_text())
    real = next(sample["body"] for sample in samples if "body" in sample and "source" in sample)
    desk.subscribe(receiver.url, "created")

    desk.ticket(type="task", priority="low", tags=["a"], group_id=desk.group_id("Legal"))
    desk.settle()

    (mine,) = bodies(receiver)
    assert list(mine) == list(real)
    assert list(mine["detail"]) == list(real["detail"])
    assert (mine["detail"]["status"], mine["detail"]["priority"]) == ("NEW", "LOW")
    assert (mine["detail"]["id"], mine["subject"]) == ("1", "zen:ticket:1")
    assert mine["event"] == {}


def test_body_is_printed_with_three_spaces_and_a_newline(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe(receiver.url, "created")

    desk.ticket(subject="冻结")
    desk.settle()

    body = receiver.deliveries[0].body
    assert body == (json.dumps(json.loads(body), indent=3, ensure_ascii=False) + "\n").encode()


def test_the_signature_bears_the_machines_time_not_the_records(
    desk: Desk, receiver: Receiver
) -> None:
    desk.set_clock("2040-01-01T00:00:00Z")
    desk.subscribe(receiver.url, "created")

    desk.ticket()
    desk.settle()

    (delivery,) = receiver.deliveries
    signed = parse_instant(delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"])
    assert abs((datetime.now(UTC) - signed).total_seconds()) < 60
    assert json.loads(delivery.body)["time"].startswith("2040-01-01T00:00:00.")


def test_every_change_is_its_own_event(desk: Desk, receiver: Receiver) -> None:
    names = (
        "comment_added status_changed priority_changed tags_changed custom_field_changed "
        "group_assignment_changed agent_assignment_changed subject_changed soft_deleted undeleted"
    ).split()
    desk.subscribe(receiver.url, *names)
    ticket = desk.ticket()

    desk.update(
        ticket["id"],
        comment={"body": "Looking", "public": False},
        status="pending",
        priority="urgent",
        additional_tags=["risk_a1"],
        assignee_id=desk.user_id("priya.nair@example.com"),
        subject="New",
    )
    desk.delete(f"tickets/{ticket['id']}")
    desk.put(f"deleted_tickets/{ticket['id']}/restore")
    desk.settle()

    events = {body["type"].rsplit(".", 1)[-1]: body["event"] for body in bodies(receiver)}
    assert set(events) == set(names)
    assert events["comment_added"]["comment"]["is_public"] is False
    assert (events["status_changed"]["previous"], events["status_changed"]["current"]) == (
        "NEW",
        "PENDING",
    )
    assert events["tags_changed"]["tags_added"] == ["risk_a1"]
    assert events["custom_field_changed"]["custom_field"]["title"] == "Risk reason"
    group = str(desk.group_id("Account Security"))
    assert events["group_assignment_changed"]["current"] == group
    assert len({one["meta"]["sequence"]["id"] for one in events.values() if "meta" in one}) == 1


def test_only_active_subscribed_webhooks_are_called(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe(receiver.url, "status_changed")
    desk.subscribe(receiver.url, "created", status="inactive")

    desk.ticket()
    desk.settle()

    assert receiver.deliveries == []


@pytest.mark.parametrize(
    ("answers", "attempts", "status"),
    [
        pytest.param([(409, {})] * 2, 3, "success", id="conflict, then accepted"),
        pytest.param([(409, {})] * 9, 4, "failed", id="conflict for ever"),
        pytest.param([(503, {"Retry-After": "0.01"})], 2, "success", id="busy for a moment"),
        pytest.param([(503, {"Retry-After": "60"})], 1, "failed", id="busy for a minute"),
        pytest.param([(503, {})], 1, "failed", id="busy without a time"),
        pytest.param([(500, {})], 1, "failed", id="broken"),
        pytest.param([(403, {})], 1, "failed", id="refused"),
    ],
)
def test_few_answers_are_tried_again(
    desk: Desk,
    receiver: Receiver,
    answers: list[tuple[int, dict[str, str]]],
    attempts: int,
    status: str,
) -> None:
    webhook = desk.subscribe(receiver.url, "created")
    receiver.answers = answers

    desk.ticket()
    desk.settle()

    (invocation,) = desk.get(f"webhooks/{webhook['id']}/invocations")["invocations"]
    log = desk.get(f"webhooks/{webhook['id']}/invocations/{invocation['id']}/attempts")["attempts"]
    sent = {delivery.headers["X-Zendesk-Webhook-Invocation-Id"] for delivery in receiver.deliveries}
    assert len(receiver.deliveries) == len(log) == attempts
    assert invocation["status"] == status
    assert sent == {invocation["id"]}


def test_an_endpoint_that_is_down_is_tried_a_few_times(desk: Desk) -> None:
    webhook = desk.subscribe("http://127.0.0.1:9/hook", "created")

    desk.ticket()
    desk.settle()

    (invocation,) = desk.get(f"webhooks/{webhook['id']}/invocations")["invocations"]
    assert invocation["status"] == "failed"
    assert desk.get("/sandbox/state")["deliveries"]["attempts"] == 7


def test_nothing_leaves_the_machine(desk: Desk) -> None:
    webhook = desk.subscribe("https://hooks.example.com/x", "created")

    desk.ticket()
    desk.settle()

    (invocation,) = desk.get(f"webhooks/{webhook['id']}/invocations")["invocations"]
    assert (invocation["status"], invocation["status_code"]) == ("terminated", 0)


def test_a_slow_endpoint_does_not_hold_up_the_api(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any, **__: Any) -> Any:
        time.sleep(0.3)
        return Reply(200, {}, "")

    monkeypatch.setattr(deliveries, "send", slow)
    desk.subscribe(receiver.url, "created")
    desk.ticket()
    started = time.monotonic()

    desk.get("users/me")

    assert time.monotonic() - started < 0.25
    desk.settle()


def test_deliveries_to_one_webhook_keep_their_order(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe(receiver.url, "created")

    for _ in range(20):
        desk.ticket()
        desk.settle()

    assert [body["detail"]["id"] for body in bodies(receiver)] == [str(n) for n in range(1, 21)]


def test_a_rotated_secret_signs_from_then_on(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")
    path = f"webhooks/{webhook['id']}/signing_secret"
    old = desk.get(path)["signing_secret"]["secret"]

    new = desk.post(path)["signing_secret"]["secret"]
    desk.ticket()
    desk.settle()

    (delivery,) = receiver.deliveries
    timestamp = delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    assert new != old
    assert delivery.headers["X-Zendesk-Webhook-Signature"] == signature(
        new, timestamp, delivery.body
    )


def test_credentials_are_sent_but_never_shown(desk: Desk, receiver: Receiver) -> None:
    secret = {"type": "bearer_token", "data": {"token": "t0p"}, "add_position": "header"}
    webhook = desk.subscribe(receiver.url, "created", authentication=secret)

    desk.ticket()
    desk.settle()

    assert receiver.deliveries[0].headers["Authorization"] == "Bearer t0p"
    assert "t0p" not in desk.call("GET", f"webhooks/{webhook['id']}").text
    log = desk.call("GET", f"webhooks/{webhook['id']}/invocations").text
    assert "t0p" not in log


def test_webhooks_are_changed_cloned_and_deleted(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")
    path = f"webhooks/{webhook['id']}"

    assert desk.call("PATCH", path, json={"webhook": {"name": "renamed"}}).status_code == 204
    clone = desk.post(f"webhooks?clone_webhook_id={webhook['id']}")["webhook"]
    assert clone["name"] == "renamed (copy)"
    assert desk.call("DELETE", path).status_code == 204
    assert [one["id"] for one in desk.get("webhooks")["webhooks"]] == [clone["id"]]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"endpoint": None}, id="no endpoint"),
        pytest.param({"status": "sleepy"}, id="unknown status"),
        pytest.param({"http_method": "GET"}, id="events by GET"),
        pytest.param({"subscriptions": []}, id="no subscriptions"),
    ],
)
def test_impossible_webhooks_are_refused(desk: Desk, changes: dict[str, Any]) -> None:
    asked = {
        "name": "n",
        "endpoint": "http://127.0.0.1:9/",
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": ["zen:event-type:ticket.created"],
    }

    answer = desk.call("POST", "webhooks", json={"webhook": asked | changes})

    assert answer.status_code == 422


def test_a_subscription_cannot_change_its_kind(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")

    answer = desk.call(
        "PATCH",
        f"webhooks/{webhook['id']}",
        json={"webhook": {"subscriptions": ["conditional_ticket_events"]}},
    )

    assert answer.status_code == 422


def test_a_test_request_is_sent_and_its_answer_shown(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")

    shown = desk.post(f"webhooks/test?webhook_id={webhook['id']}", {"request": {}})["response"]

    assert (shown["status_code"], shown["payload"]) == (200, "ok")
    assert len(receiver.deliveries) == 1
