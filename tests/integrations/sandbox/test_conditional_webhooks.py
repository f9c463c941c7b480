"""Webhooks that triggers and automations call."""

from typing import Any

import pytest

from integrations.sandbox.deliveries.signing import signature
from tests.support.sandbox import Desk, Receiver


@pytest.mark.parametrize(
    ("method", "form", "body", "arrives", "address"),
    [
        pytest.param("POST", "json", '{"id": 1}', b'{"id": 1}', "/hook", id="json"),
        pytest.param("PUT", "xml", "<id>1</id>", b"<id>1</id>", "/hook", id="xml"),
        pytest.param("PATCH", "json", "1", b"1", "/hook", id="patch"),
        pytest.param(
            "POST", "form_encoded", [("id", "1"), ("a", "x y")], b"id=1&a=x+y", "/hook", id="form"
        ),
        pytest.param("GET", "json", [("id", "1")], b"", "/hook?id=1", id="get"),
        pytest.param("DELETE", "json", "text", b"", "/hook", id="delete"),
    ],
)
def test_a_trigger_calls_a_conditional_webhook_in_its_method_and_format(
    desk: Desk, receiver: Receiver, method: str, form: str, body: Any, arrives: bytes, address: str
) -> None:
    fields = {"subscriptions": ["conditional_ticket_events"], "request_format": form}
    webhook = desk.subscribe(receiver.url, http_method=method, **fields)
    secret = desk.get(f"webhooks/{webhook['id']}/signing_secret")["signing_secret"]["secret"]

    desk.sandbox.state.call_webhook(webhook["id"], body)
    desk.settle()

    (delivery,) = receiver.deliveries
    headers = delivery.headers
    made = signature(secret, headers["X-Zendesk-Webhook-Signature-Timestamp"], arrives)
    assert (delivery.method, delivery.path, delivery.body) == (method, address, arrives)
    assert headers["X-Zendesk-Webhook-Signature"] == made


def test_triggers_call_active_conditional_webhooks_only(desk: Desk, receiver: Receiver) -> None:
    conditional = {"subscriptions": ["conditional_ticket_events"]}
    ids = [
        desk.subscribe(receiver.url, "created")["id"],
        desk.subscribe(receiver.url, status="inactive", **conditional)["id"],
        "01HAN96XNH1J7DY8D7RZ22QMT9",
    ]

    for webhook_id in ids:
        desk.sandbox.state.call_webhook(webhook_id, "{}")
    desk.settle()

    assert receiver.deliveries == []
