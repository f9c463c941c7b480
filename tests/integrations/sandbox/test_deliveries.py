"""Deliveries: signed, in the real form, retried for few reasons, stopped when all fails, logged."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.runtime.clock import parse_instant
from integrations.sandbox.deliveries import dispatch
from integrations.sandbox.deliveries.sending import Reply
from integrations.sandbox.deliveries.signing import signature
from tests.support.sandbox import Desk, Receiver
from tests.support.shared import shared_file

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def samples() -> list[Any]:
    """Return the recorded deliveries."""
    read: list[Any] = json.loads(shared_file("zendesk/recorded/webhook_samples.json").read_text())
    return read


def bodies(receiver: Receiver) -> list[Any]:
    """Return what was delivered, parsed."""
    return [json.loads(delivery.body) for delivery in receiver.deliveries]


def test_signature_of_the_published_vector() -> None:
    vector = next(sample for sample in samples() if "signature" in sample)

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


def test_the_headers_are_those_of_the_recorded_delivery(desk: Desk, receiver: Receiver) -> None:
    recorded = next(sample["headers"] for sample in samples() if "headers" in sample)
    desk.subscribe(receiver.url, "created")

    desk.ticket()
    desk.settle()

    headers = receiver.deliveries[0].headers
    sent = {name: headers[name] for name in headers if name in recorded}
    assert list(sent) == list(recorded)
    assert set(headers) - set(recorded) == {"Host", "Content-Length"}
    for name in ("Content-Type", "User-Agent"):
        assert sent[name] == recorded[name]
    assert {name: len(sent[name]) for name in recorded} == {
        name: len(value) for name, value in recorded.items()
    }


def test_event_has_the_keys_and_kinds_of_a_real_one(desk: Desk, receiver: Receiver) -> None:
    real = next(sample["body"] for sample in samples() if "body" in sample and "source" in sample)
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


def test_a_slow_endpoint_does_not_hold_up_the_api(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()

    def slow(*_: Any, **__: Any) -> Reply:
        assert answers.wait(10)
        return Reply(200)

    monkeypatch.setattr(dispatch, "send", slow)
    desk.subscribe(receiver.url, "created")
    desk.ticket()
    desk.get("users/me")
    queued_meanwhile = desk.sandbox.deliveries.queued
    answers.set()
    desk.settle()

    assert queued_meanwhile == 1


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
