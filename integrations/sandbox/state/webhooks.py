"""Webhooks as records: what is subscribed, with which secret."""

from typing import Any

from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.refusals import blank, invalid
from integrations.sandbox.state.store import Record, Store

SETTABLE = (
    "name description endpoint http_method request_format status subscriptions authentication "
    "custom_headers"
).split()
REQUIRED = ("name", "endpoint", "http_method", "request_format", "status")
CONDITIONAL = "conditional_ticket_events"


class Webhooks:
    """The webhooks of the account and their signing secrets."""

    def __init__(self, ids: Ids, clock: RecordClock) -> None:
        self._ids = ids
        self._clock = clock
        self.store = Store()
        self._secrets: dict[str, str] = {}
        self._credentials: dict[str, dict[str, Any]] = {}

    def create(self, asked: dict[str, Any], actor_id: int) -> Record:
        """Keep a new webhook."""
        given = {name: asked[name] for name in SETTABLE if name in asked}
        given.setdefault("subscriptions", [CONDITIONAL])
        _check(given)
        webhook = {
            "id": self._ids.ulid(self._clock.now()),
            **given,
            "created_at": self._clock.stamp(),
            "created_by": str(actor_id),
        }
        self._hide_credentials(webhook)
        self._secrets[webhook["id"]] = self._ids.secret()
        return self.store.add(webhook)

    def change(self, webhook: Record, asked: dict[str, Any], actor_id: int) -> None:
        """Change a webhook; the kind of its subscription is for life."""
        changed = webhook | {name: asked[name] for name in SETTABLE if name in asked}
        _check(changed)
        if (CONDITIONAL in changed["subscriptions"]) != (CONDITIONAL in webhook["subscriptions"]):
            raise invalid("subscriptions", "The kind of subscription cannot be changed")
        webhook |= changed | {"updated_at": self._clock.stamp(), "updated_by": str(actor_id)}
        self._hide_credentials(webhook)

    def clone(self, webhook: Record, actor_id: int) -> Record:
        """Keep a copy of a webhook."""
        copy = self.create(webhook | {"name": f"{webhook['name']} (copy)"}, actor_id)
        if webhook["id"] in self._credentials:
            self._credentials[copy["id"]] = self._credentials[webhook["id"]]
        return copy

    def secret(self, webhook_id: str) -> str:
        """Return the secret with which deliveries are signed now."""
        self.store.get(webhook_id)
        return self._secrets[webhook_id]

    def rotate_secret(self, webhook_id: str) -> str:
        """Replace the secret and return the new one."""
        self.store.get(webhook_id)
        self._secrets[webhook_id] = self._ids.secret()
        return self._secrets[webhook_id]

    def credentials(self, webhook_id: str) -> dict[str, Any]:
        """Return what the webhook sends to authenticate itself; never shown by the API."""
        return self._credentials.get(webhook_id, {})

    def subscribed_to(self, event_type: str) -> list[Record]:
        """Return the active webhooks that want events of this type."""
        return [
            webhook
            for webhook in self.store.all()
            if webhook["status"] == "active" and event_type in webhook["subscriptions"]
        ]

    def _hide_credentials(self, webhook: Record) -> None:
        given = webhook.get("authentication")
        if not isinstance(given, dict) or not isinstance(given.get("data"), dict):
            return
        if set(given["data"]) != {"username"}:
            self._credentials[webhook["id"]] = given
        shown = {key: value for key, value in given["data"].items() if key in ("username", "name")}
        webhook["authentication"] = given | {"data": shown}


def _check(webhook: dict[str, Any]) -> None:
    for name in REQUIRED:
        if not webhook.get(name):
            raise blank(name)
    if not isinstance(webhook["subscriptions"], list) or not webhook["subscriptions"]:
        raise blank("subscriptions")
    if webhook["status"] not in ("active", "inactive"):
        raise invalid("status", "Status: must be active or inactive")
    is_event = CONDITIONAL not in webhook["subscriptions"]
    if is_event and (webhook["http_method"], webhook["request_format"]) != ("POST", "json"):
        raise invalid("http_method", "Event-subscribed webhooks use POST and json")
