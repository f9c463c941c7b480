"""The headers of a delivery: whose it is, its signature, and how the webhook authenticates."""

import base64
from typing import Any

from integrations.runtime.clock import format_instant, utc_now
from integrations.sandbox.deliveries.messages import Message
from integrations.sandbox.deliveries.signing import signature

USER_AGENT = "Zendesk Webhook"


def signed_headers(
    message: Message, *, secret: str, account_id: int, invocation_id: str, webhook_id: str | None
) -> dict[str, str]:
    """Return the standing headers; the signature carries the machine's own time."""
    timestamp = format_instant(utc_now())
    named = {"X-Zendesk-Webhook-Id": webhook_id} if webhook_id else {}
    return {
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
        "X-Zendesk-Webhook-Signature": signature(secret, timestamp, message.body),
        "Content-Type": message.content_type,
        "User-Agent": USER_AGENT,
        "X-Zendesk-Account-Id": str(account_id),
        **named,
        "X-Zendesk-Webhook-Invocation-Id": invocation_id,
    }


def credential_headers(authentication: dict[str, Any]) -> dict[str, str]:
    """Return the header with which a webhook shows that it may call."""
    given = authentication.get("data") or {}
    kind = authentication.get("type")
    if kind == "basic_auth":
        pair = f"{given['username']}:{given['password']}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    if kind == "bearer_token":
        return {"Authorization": f"Bearer {given['token']}"}
    if kind == "api_key":
        return {given["name"]: given["value"]}
    return {}
