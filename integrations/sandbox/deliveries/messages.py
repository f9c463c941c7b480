"""What a webhook sends: an event as Zendesk prints it, or what a trigger composed."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import msgspec

from integrations.sandbox.state.changes import WebhookBody
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.webhooks.event_types import CONDITIONAL

CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "form_encoded": "application/x-www-form-urlencoded; charset=utf-8",
}
WITHOUT_BODY = ("GET", "DELETE")


@dataclass(frozen=True, slots=True)
class Message:
    """The content of one invocation; `parameters` are added to the endpoint's query."""

    event_type: str
    body: bytes
    content_type: str = CONTENT_TYPES["json"]
    parameters: Sequence[tuple[str, str]] = ()

    def address(self, endpoint: str) -> str:
        """Return where the request goes."""
        if not self.parameters:
            return endpoint
        joint = "&" if urlsplit(endpoint).query else "?"
        return f"{endpoint}{joint}{urlencode(self.parameters)}"


def event_message(event: Record) -> Message:
    """Return an event in the form of the real ones: three spaces, a newline at the end."""
    printed = msgspec.json.format(msgspec.json.encode(event), indent=3)
    return Message(event["type"], printed + b"\n")


def conditional_message(webhook: Record, body: WebhookBody) -> Message:
    """Return what a trigger composed, in the method and format of its webhook."""
    pairs = [(str(key), str(value)) for key, value in body] if isinstance(body, list) else []
    content_type = CONTENT_TYPES[webhook["request_format"]]
    if webhook["http_method"] in WITHOUT_BODY:
        return Message(CONDITIONAL, b"", content_type, pairs)
    if webhook["request_format"] == "form_encoded" and pairs:
        return Message(CONDITIONAL, urlencode(pairs).encode(), content_type)
    if isinstance(body, list):
        return Message(CONDITIONAL, msgspec.json.encode(dict(pairs)), content_type)
    return Message(CONDITIONAL, body.encode("utf-8", "replace"), content_type)
