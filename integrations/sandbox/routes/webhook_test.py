"""Test requests: one delivery at once, from a webhook or from what the caller describes."""

import asyncio

from integrations.sandbox.deliveries.headers import credential_headers, signed_headers
from integrations.sandbox.deliveries.invocations import header_list
from integrations.sandbox.deliveries.messages import (
    CONTENT_TYPES,
    WITHOUT_BODY,
    Message,
    event_message,
)
from integrations.sandbox.deliveries.sending import TIMEOUT_S, send
from integrations.sandbox.routes.webhook_pages import plain
from integrations.sandbox.routes.webhooks import NAME
from integrations.sandbox.state.refusals import bad_request, invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.webhooks.event_types import CONDITIONAL, PREFIX
from integrations.sandbox.state.webhooks.events import VERSION, nanoseconds
from integrations.sandbox.state.webhooks.rules import (
    CHOICES,
    check_headers,
    credentials_of,
    is_web_address,
)
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import wrong_kind

TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - published by Zendesk
DEFAULTS = {"http_method": "POST", "request_format": "json"}


async def _test(call: Call) -> Answer:
    webhook_id = call.query.get("webhook_id")
    known = call.account.webhooks.store.get(webhook_id) if webhook_id else {}
    asked = {name: value for name, value in call.wrapped("request").items() if value is not None}
    described = DEFAULTS | known | asked
    _check(described)
    message = _message(call, described)
    reply = await asyncio.to_thread(
        send,
        message.address(described["endpoint"]),
        method=described["http_method"],
        body=message.body,
        headers=_headers(call, known, described, message),
        timeout=TIMEOUT_S,
    )
    shown = {
        "headers": header_list(reply.headers),
        "status_code": reply.status,
        "payload": reply.payload,
    }
    return plain({"response": shown})


def _check(described: Record) -> None:
    if not is_web_address(described.get("endpoint") or ""):
        raise bad_request("InvalidWebhook", "endpoint is not a valid URL")
    for name in DEFAULTS:
        if described[name] not in CHOICES[name]:
            raise invalid(name, f"{name}: must be one of {', '.join(CHOICES[name])}")
    if not isinstance(described.get("payload", ""), str):
        raise wrong_kind("payload", "must be a string")
    check_headers(described.get("custom_headers") or {})


def _message(call: Call, described: Record) -> Message:
    content_type = CONTENT_TYPES[described["request_format"]]
    if described["http_method"] in WITHOUT_BODY:
        return Message(CONDITIONAL, b"", content_type)
    if "payload" in described:
        body = described["payload"].encode("utf-8", "replace")
        return Message(CONDITIONAL, body, content_type)
    subscribed = [name for name in described.get("subscriptions", ()) if name.startswith(PREFIX)]
    return event_message(
        {
            "account_id": call.account.ids.account_id,
            "detail": {},
            "event": {},
            "id": call.account.ids.uuid(),
            "subject": "zen:ticket:0",
            "time": nanoseconds(call.account.clock.now(), 0),
            "type": subscribed[0] if subscribed else f"{PREFIX}ticket.created",
            "zendesk_event_version": VERSION,
        }
    )


def _headers(call: Call, known: Record, described: Record, message: Message) -> dict[str, str]:
    webhooks, webhook_id = call.account.webhooks, known.get("id")
    headers = signed_headers(
        message,
        secret=webhooks.secret(webhook_id) if webhook_id else TEST_SECRET,
        account_id=call.account.ids.account_id,
        invocation_id=call.account.ids.ulid(call.account.clock.now()),
        webhook_id=webhook_id,
    )
    kept = webhooks.credentials(webhook_id) if webhook_id else {}
    given = described.get("authentication")
    credentials = credentials_of(given, kept) if given else {}
    return headers | (described.get("custom_headers") or {}) | credential_headers(credentials)


ROUTES = (Route("POST", "webhooks/test", _test, NAME, "test", "webhook-test"),)
