"""What a webhook may be: its method, format, subscriptions, credentials and own headers."""

import re
from typing import Any
from urllib.parse import urlsplit

from integrations.sandbox.state.refusals import blank, invalid
from integrations.sandbox.state.webhooks.event_types import CONDITIONAL, is_event_type

REQUIRED = ("name", "endpoint", "http_method", "request_format", "status")
CHOICES = {
    "http_method": ("GET", "POST", "PUT", "PATCH", "DELETE"),
    "request_format": ("json", "xml", "form_encoded"),
    "status": ("active", "inactive"),
}
SECRETS = {
    "basic_auth": ("username", "password"),
    "bearer_token": ("token",),
    "api_key": ("name", "value"),
}
SHOWN = {"basic_auth": ("username",), "bearer_token": (), "api_key": ("name",)}
MOST_HEADERS = 5
LONGEST_NAME, LONGEST_VALUE = 128, 1000
OWN_HEADERS = re.compile(
    "authorization|connection|content-length|content-type|host|transfer-encoding|user-agent|"
    "x-zendesk-.*"
)
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def check_webhook(webhook: dict[str, Any]) -> None:
    """Refuse a webhook that Zendesk would not keep."""
    for name in REQUIRED:
        if not webhook.get(name):
            raise blank(name)
    for name, choices in CHOICES.items():
        if webhook[name] not in choices:
            raise invalid(name, f"{name}: must be one of {', '.join(choices)}")
    if not is_web_address(webhook["endpoint"]):
        raise invalid("endpoint", "endpoint: is not a valid URL")
    _check_subscriptions(webhook)
    check_headers(webhook.get("custom_headers") or {})


def is_web_address(text: str) -> bool:
    """Return whether a request could be sent there."""
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False


def _check_subscriptions(webhook: dict[str, Any]) -> None:
    subscriptions = webhook["subscriptions"]
    if not subscriptions:
        raise blank("subscriptions")
    if CONDITIONAL in subscriptions:
        if set(subscriptions) != {CONDITIONAL}:
            message = f"subscriptions: {CONDITIONAL} cannot be mixed with event types"
            raise invalid("subscriptions", message)
        return
    unknown = [name for name in subscriptions if not is_event_type(name)]
    if unknown:
        raise invalid("subscriptions", f"subscriptions: {unknown[0]} is not an event type")
    if (webhook["http_method"], webhook["request_format"]) != ("POST", "json"):
        raise invalid("http_method", "Event-subscribed webhooks use POST and json")


def check_headers(headers: dict[str, str]) -> None:
    """Refuse headers that a webhook cannot set itself."""
    if len(headers) > MOST_HEADERS:
        raise invalid("custom_headers", f"custom_headers: cannot be more than {MOST_HEADERS}")
    for name, value in headers.items():
        if OWN_HEADERS.fullmatch(name.lower()) or not HEADER_NAME.fullmatch(name):
            raise invalid("custom_headers", f"custom_headers: {name!r} cannot be set")
        if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            raise invalid("custom_headers", f"custom_headers: {name[:LONGEST_NAME]!r} is too long")


def credentials_of(given: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return what the webhook is to send; secrets that are not given again stay as they were."""
    kind = given.get("type")
    if kind not in SECRETS:
        raise invalid("authentication", f"authentication: type must be one of {list(SECRETS)}")
    if given.get("add_position", "header") != "header":
        raise invalid("authentication", "authentication: add_position must be header")
    kept = known.get("data", {}) if known.get("type") == kind else {}
    values = {name: value for name, value in (given.get("data") or {}).items() if value is not None}
    merged = kept | values
    for name in SECRETS[kind]:
        if not _is_header_text(merged.get(name)):
            raise invalid("authentication", f"authentication: {name} must be a line of text")
    if kind == "api_key":
        check_headers({merged["name"]: merged["value"]})
    return {"type": kind, "data": {name: merged[name] for name in SECRETS[kind]}}


def shown_authentication(credentials: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the credentials that is no secret."""
    kind = credentials["type"]
    data = {name: credentials["data"][name] for name in SHOWN[kind]}
    return {"type": kind, "data": data, "add_position": "header"}


def _is_header_text(value: Any) -> bool:
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()
