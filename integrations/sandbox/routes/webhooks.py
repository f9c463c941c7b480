"""Webhooks: subscriptions, signing secrets, test requests and the log of invocations."""

import asyncio
from typing import Any

import msgspec

from integrations.runtime.clock import format_instant, utc_now
from integrations.sandbox.deliveries.dispatch import Invocation
from integrations.sandbox.deliveries.sending import TIMEOUT_S, Reply, send
from integrations.sandbox.deliveries.signing import signature
from integrations.sandbox.state.events import VERSION, nanoseconds
from integrations.sandbox.state.refusals import bad_request, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, no_content
from integrations.sandbox.wire.paging import page_size

PLAIN_JSON = "application/json"
TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - published by Zendesk


def _plain(body: Any, status: int = 200) -> Answer:
    return Answer(body, status, content_type=PLAIN_JSON)


def _webhook(call: Call) -> Record:
    return call.account.webhooks.store.get(call.params[0])


def _index(call: Call) -> Answer:
    found = list(reversed(call.account.webhooks.store.all()))
    wanted = call.query.get("filter[name_contains]")
    if wanted:
        found = [webhook for webhook in found if wanted.lower() in webhook["name"].lower()]
    return _plain({"webhooks": found, "meta": {"has_more": False}})


def _show(call: Call) -> Answer:
    return _plain({"webhook": _webhook(call)})


def _create(call: Call) -> Answer:
    webhooks = call.account.webhooks
    copied = call.query.get("clone_webhook_id")
    if copied:
        webhook = webhooks.clone(webhooks.store.get(copied), call.actor["id"])
    else:
        webhook = webhooks.create(call.wrapped("webhook"), call.actor["id"])
    moment = nanoseconds(call.account.clock.now(), 0)
    return _plain({"webhook": webhook | {"created_at": moment}}, 201)


def _update(call: Call) -> Answer:
    call.account.webhooks.change(_webhook(call), call.wrapped("webhook"), call.actor["id"])
    return no_content(PLAIN_JSON)


def _destroy(call: Call) -> Answer:
    call.account.webhooks.store.remove(call.params[0])
    return no_content(PLAIN_JSON)


def _secret(call: Call) -> Answer:
    secret = call.account.webhooks.secret(call.params[0])
    return _plain({"signing_secret": {"secret": secret, "algorithm": "SHA256"}})


def _rotate(call: Call) -> Answer:
    secret = call.account.webhooks.rotate_secret(call.params[0])
    return _plain({"signing_secret": {"secret": secret, "algorithm": "SHA256"}}, 201)


async def _test(call: Call) -> Answer:
    """Send one request now, from a webhook or from what the caller describes."""
    asked = call.wrapped("request")
    webhook_id = call.query.get("webhook_id") or call.query.get("test_webhook_id")
    known = call.account.webhooks.store.get(webhook_id) if webhook_id else {}
    described = known | {key: value for key, value in asked.items() if value is not None}
    endpoint = described.get("endpoint")
    if not isinstance(endpoint, str) or not endpoint:
        raise bad_request("InvalidWebhook", "endpoint is required")
    body = _test_body(call, described)
    headers = _test_headers(call, known, body)
    method = str(described.get("http_method", "POST"))
    reply = await asyncio.to_thread(
        send, endpoint, method=method, body=body, headers=headers, timeout=TIMEOUT_S
    )
    return _plain({"response": _reply(reply)})


def _test_body(call: Call, described: Record) -> bytes:
    payload = described.get("payload")
    if isinstance(payload, str):
        return payload.encode()
    if described.get("http_method", "POST") in ("GET", "DELETE"):
        return b""
    subscribed = [kind for kind in described.get("subscriptions", ()) if kind.startswith("zen:")]
    event: Record = {
        "account_id": call.account.ids.account_id,
        "detail": {},
        "event": {},
        "id": call.account.ids.uuid(),
        "subject": "zen:ticket:0",
        "time": nanoseconds(call.account.clock.now(), 0),
        "type": subscribed[0] if subscribed else "zen:event-type:ticket.created",
        "zendesk_event_version": VERSION,
    }
    return msgspec.json.format(msgspec.json.encode(event), indent=3) + b"\n"


def _test_headers(call: Call, known: Record, body: bytes) -> dict[str, str]:
    ulid = call.account.ids.ulid(call.account.clock.now())
    if known:
        return call.deliveries.headers_for(known, ulid, body)
    timestamp = format_instant(utc_now())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Account-Id": str(call.account.ids.account_id),
        "X-Zendesk-Webhook-Invocation-Id": ulid,
        "X-Zendesk-Webhook-Signature": signature(TEST_SECRET, timestamp, body),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }


def _reply(reply: Reply) -> Record:
    return {
        "headers": [{"key": key, "value": value} for key, value in reply.headers.items()],
        "status_code": reply.status,
        "payload": reply.payload,
    }


def _invocations(call: Call) -> Answer:
    log = list(reversed(call.deliveries.invocations(_webhook(call)["id"])))
    if call.query.get("filter[status]"):
        log = [one for one in log if one.status == call.query["filter[status]"]]
    after = call.query.get("page[after]", "").split(",")[0]
    if after:
        log = [one for one in log if one.id < after]
    size = page_size(call)
    page = log[:size]
    meta: dict[str, Any] = {"has_more": len(log) > size}
    if page:
        meta |= {"after_cursor": f"{page[-1].id},desc", "before_cursor": f"{page[0].id},desc"}
    next_page = f"page%5Bafter%5D={page[-1].id}%2Cdesc&page%5Bsize%5D={size}" if page else ""
    links = {"next": f"{call.base}{call.path}?{next_page}"} if len(log) > size else {}
    shown = [_invocation(one) for one in page]
    return _plain({"invocations": shown, "meta": meta, "links": links})


def _invocation(one: Invocation) -> Record:
    return {
        "id": one.id,
        "latest_completed_at": one.completed_at,
        "status": one.status,
        "status_code": one.status_code,
    }


def _attempts(call: Call) -> Answer:
    for one in call.deliveries.invocations(_webhook(call)["id"]):
        if one.id == call.params[1]:
            return _plain({"attempts": list(one.attempts)})
    raise not_found()


NAME = "webhooks"
SECRET = "webhooks/{key}/signing_secret"  # noqa: S105 - a path
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("POST", "webhooks/test", _test, NAME, "test", "webhook-test"),
    Route("GET", "webhooks/{key}", _show, NAME, "show"),
    Route("PUT", "webhooks/{key}", _update, NAME, "update"),
    Route("PATCH", "webhooks/{key}", _update, NAME, "update"),
    Route("DELETE", "webhooks/{key}", _destroy, NAME, "destroy"),
    Route("GET", SECRET, _secret, NAME, "show_signing_secret"),
    Route("POST", SECRET, _rotate, NAME, "reset_signing_secret"),
    Route("GET", "webhooks/{key}/invocations", _invocations, NAME, "invocations"),
    Route("GET", "webhooks/{key}/invocations/{key}/attempts", _attempts, NAME, "attempts"),
)
