"""Webhooks as records: what is subscribed, with which secret."""

from typing import Any

from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.webhooks.event_types import CONDITIONAL
from integrations.sandbox.state.webhooks.rules import (
    check_webhook,
    credentials_of,
    shown_authentication,
)

TEXTS = ("name", "description", "status")
SENDING = ("endpoint", "http_method", "request_format")
SETTABLE = (*TEXTS, "subscriptions", *SENDING, "authentication", "custom_headers")
REPLACED = ("description", "authentication", "custom_headers")  # a PUT without them removes them
MOST_ON_TRIAL = 10


class Webhooks:
    """The webhooks of the account and their signing secrets."""

    def __init__(self, ids: Ids, clock: RecordClock) -> None:
        self._ids = ids
        self._clock = clock
        self.store = Store()
        self.is_trial = False
        self._secrets: dict[str, str] = {}
        self._credentials: dict[str, dict[str, Any]] = {}

    def create(self, asked: dict[str, Any], actor_id: int) -> Record:
        """Keep a new webhook."""
        return self._keep(_wanted(asked, {"subscriptions": [CONDITIONAL]}), {}, actor_id)

    def clone(self, webhook: Record, actor_id: int) -> Record:
        """Keep a copy of a webhook, with its credentials and a secret of its own."""
        copied = _wanted(webhook, {}) | {"name": f"{webhook['name']} (copy)"}
        return self._keep(copied, self.credentials(webhook["id"]), actor_id)

    def change(
        self, webhook: Record, asked: dict[str, Any], actor_id: int, *, replace: bool
    ) -> None:
        """Change a webhook, wholly when `replace` says so; its kind of subscription is for life."""
        before = {
            name: value
            for name, value in _wanted(webhook, {}).items()
            if not (replace and name in REPLACED)
        }
        after = _wanted(asked, before)
        check_webhook(after)
        if (CONDITIONAL in after["subscriptions"]) != (CONDITIONAL in webhook["subscriptions"]):
            raise invalid("subscriptions", "The kind of subscription cannot be changed")
        credentials = self._shown(after, self.credentials(webhook["id"]))
        made = {name: webhook[name] for name in ("created_at", "created_by")}
        changed = {"updated_at": self._clock.stamp(), "updated_by": str(actor_id)}
        # a new record, not a changed one: deliveries read the old one on other threads
        self.store.add(_record(webhook["id"], after, made | changed))
        self._credentials[webhook["id"]] = credentials

    def secret(self, webhook_id: str) -> str:
        """Return the secret with which new deliveries are signed."""
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

    def conditional(self, webhook_id: str) -> Record | None:
        """Return the active webhook of this id that triggers may call, or None."""
        webhook = self.store.find(webhook_id)
        if webhook is None or webhook["status"] != "active":
            return None
        return webhook if CONDITIONAL in webhook["subscriptions"] else None

    def _keep(self, wanted: dict[str, Any], known: dict[str, Any], actor_id: int) -> Record:
        check_webhook(wanted)
        if self.is_trial and len(self.store) >= MOST_ON_TRIAL:
            message = f"Trial accounts are limited to {MOST_ON_TRIAL} webhooks"
            raise invalid("base", message)
        credentials = self._shown(wanted, known)
        ulid = self._ids.ulid(self._clock.now())
        self._secrets[ulid] = self._ids.secret()
        self._credentials[ulid] = credentials
        made = {"created_at": self._clock.stamp(), "created_by": str(actor_id)}
        return self.store.add(_record(ulid, wanted, made))

    def _shown(self, webhook: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        """Take the secrets out of a webhook and return its credentials, which are kept apart."""
        given = webhook.get("authentication")
        if not given:
            webhook.pop("authentication", None)
            return {}
        credentials = credentials_of(given, known)
        webhook["authentication"] = shown_authentication(credentials)
        return credentials


def _wanted(asked: dict[str, Any], otherwise: dict[str, Any]) -> dict[str, Any]:
    return otherwise | {
        name: asked[name] for name in SETTABLE if name in asked and asked[name] is not None
    }


def _record(ulid: str, wanted: dict[str, Any], moments: dict[str, Any]) -> Record:
    """Return a webhook with its fields in the order in which Zendesk lists them."""
    ordered = (*TEXTS, "subscriptions"), (*SENDING, "authentication", "custom_headers")
    first, last = ({name: wanted[name] for name in names if name in wanted} for names in ordered)
    return {"id": ulid} | first | moments | last
