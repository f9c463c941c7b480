"""What riskdesk asks of Zendesk: one method for each question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from zenpy.lib.api_objects import Webhook

from integrations.runtime.errors import ConfigError, LoginRefused, RecordGone
from integrations.runtime.settings import Settings
from integrations.zendesk.answers import read_answer
from integrations.zendesk.auth import choose_login
from integrations.zendesk.budgets import limits
from integrations.zendesk.export import list_export
from integrations.zendesk.failures import unreadable
from integrations.zendesk.ledger import OwnLedger
from integrations.zendesk.meeting_point import MeetingPoint
from integrations.zendesk.objects import build_zenpy, many, one
from integrations.zendesk.session import ZendeskSession
from integrations.zendesk.shared_ledger import SharedLedger

MARKER_KEY = "riskdesk"  # where an audit's custom metadata names the action that made the change


def connect(settings: Settings) -> "ZendeskClient":
    """Return a client for the account of the settings; nothing is sent before its first call."""
    settings.require("zendesk_url")
    meeting_point = MeetingPoint(settings.database_url)
    budgets = limits(
        requests=settings.requests_per_minute,
        exports=settings.export_requests_per_minute,
        ticket_updates=settings.ticket_updates_per_minute,
    )
    return ZendeskClient(
        ZendeskSession(
            str(settings.zendesk_url),
            choose_login(settings, meeting_point),
            budgets=budgets,
            ledger=SharedLedger(meeting_point, OwnLedger()),
        )
    )


class ZendeskClient:
    """Single records by zenpy where it keeps them as they are, by plain requests where not."""

    def __init__(self, session: ZendeskSession) -> None:
        self.session = session
        self.zenpy = build_zenpy(session)

    def me(self) -> dict[str, Any]:
        """Return the user behind the credentials; LoginRefused when Zendesk sees nobody."""
        try:
            user = one("GET", "/api/v2/users/me", self.zenpy.users.me)
        except RecordGone:
            raise ConfigError(
                f"There is no Zendesk account at {self.session.base.geturl()}.",
                hint="correct RISKDESK_ZENDESK_URL.",
            ) from None
        if not user.get("id") or user.get("role") not in {"agent", "admin"}:
            raise LoginRefused(
                "Zendesk treats these credentials as an anonymous or end user.",
                hint="use credentials of an agent or admin; `riskdesk doctor` tests them.",
            )
        return {name: user.get(name) for name in ("id", "name", "email", "role")}

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """Return the ticket as it is now; RecordGone when it vanished."""
        return _record(self.session.read(_ticket(ticket_id)), "ticket", "GET", _ticket(ticket_id))

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        """Return the whole history of the ticket with its events, oldest first."""
        path = f"/api/v2/tickets/{ticket_id:d}/audits.json"
        audits = [a for page in list_export(self.session, path, "audits") for a in page.records]
        return sorted(audits, key=lambda a: (str(a.get("created_at")), _number(a.get("id"))))

    def user(self, user_id: int) -> dict[str, Any]:
        """Return the user; RecordGone when there is none."""
        return one("GET", f"/api/v2/users/{user_id:d}", lambda: self.zenpy.users(id=user_id))

    def update_ticket(
        self,
        ticket_id: int,
        changes: Mapping[str, Any],
        *,
        marker: str,
        updated_stamp: str | None,
    ) -> dict[str, Any]:
        """Change the ticket and return `ticket` and `audit`; the audit carries the marker.

        With a stamp the change is refused (UpdateConflict) if somebody was faster. After
        OutcomeUnknown the marker in the ticket's audits tells whether the change was made.
        """
        ticket = {**changes, "metadata": {**(changes.get("metadata") or {}), MARKER_KEY: marker}}
        if updated_stamp is not None:
            ticket |= {"safe_update": True, "updated_stamp": updated_stamp}
        path = _ticket(ticket_id)
        answer = read_answer(self.session.put(path, json={"ticket": ticket}))
        _record(answer, "ticket", "PUT", path)
        return {"ticket": answer["ticket"], "audit": _record(answer, "audit", "PUT", path)}

    def create_ticket(self, ticket: Mapping[str, Any], *, idempotency_key: str) -> dict[str, Any]:
        """Create a ticket and return it; the same key within two hours returns the same ticket."""
        path = "/api/v2/tickets.json"
        answer = self.session.post(
            path, json={"ticket": dict(ticket)}, headers={"Idempotency-Key": idempotency_key}
        )
        return _record(read_answer(answer), "ticket", "POST", path)

    def groups(self) -> list[dict[str, Any]]:
        """Return all groups: the department queues."""
        return many("/api/v2/groups", self.zenpy.groups)

    def group_memberships(self) -> list[dict[str, Any]]:
        """Return who is in which group."""
        path = "/api/v2/group_memberships.json"
        pages = list_export(self.session, path, "group_memberships")
        return [membership for page in pages for membership in page.records]

    def ticket_fields(self) -> list[dict[str, Any]]:
        """Return all ticket fields, with the options of the drop-downs."""
        return many("/api/v2/ticket_fields", self.zenpy.ticket_fields)

    def sla_policies(self) -> list[dict[str, Any]]:
        """Return all SLA policies in the order in which Zendesk matches them."""
        policies = many("/api/v2/slas/policies", self.zenpy.sla_policies)
        return sorted(policies, key=lambda policy: _number(policy.get("position")))

    def schedules(self) -> list[dict[str, Any]]:
        """Return the business-hours schedules with their intervals."""
        path = "/api/v2/business_hours/schedules.json"
        return [s for page in list_export(self.session, path, "schedules") for s in page.records]

    def create_webhook(
        self, *, name: str, endpoint: str, subscriptions: Sequence[str]
    ) -> dict[str, Any]:
        """Subscribe an endpoint to event types; Zendesk signs what it will POST there."""
        webhook = Webhook(
            name=name,
            endpoint=endpoint,
            subscriptions=list(subscriptions),
            http_method="POST",
            request_format="json",
            status="active",
        )
        return one("POST", "/api/v2/webhooks", lambda: self.zenpy.webhooks.create(webhook))

    def webhook_secret(self, webhook_id: str) -> str:
        """Return the secret with which Zendesk signs this webhook's deliveries."""
        path = f"/api/v2/webhooks/{quote(webhook_id, safe='')}/signing_secret"
        secret = _record(self.session.read(path), "signing_secret", "GET", path).get("secret")
        if not isinstance(secret, str):
            raise unreadable("GET", path)
        return secret

    def server_time(self) -> datetime | None:
        """Return Zendesk's clock as of its newest answer; None before the first."""
        return self.session.server_time


def _ticket(ticket_id: int) -> str:
    return f"/api/v2/tickets/{ticket_id:d}.json"


def _number(value: object) -> int:
    """Return a number to sort by; what is none goes first."""
    return value if isinstance(value, int) else 0


def _record(answer: Mapping[str, Any], key: str, method: str, path: str) -> dict[str, Any]:
    """Return the record under this key of an answer."""
    record = answer.get(key)
    if not isinstance(record, dict):
        raise unreadable(method, path)
    return record
