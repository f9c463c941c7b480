"""What riskdesk asks of Zendesk: one method for each question."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import quote

from zenpy.lib.api_objects import Webhook

from integrations.redaction.redactor import Redactor
from integrations.runtime.errors import (
    ConfigError,
    LoginRefused,
    OutcomeUnknown,
    RecordGone,
    UpdateConflict,
    ZendeskRefused,
)
from integrations.zendesk.deletions import Deletions
from integrations.zendesk.export import list_export
from integrations.zendesk.failures import record_in, unreadable
from integrations.zendesk.jobs import Jobs
from integrations.zendesk.leaks import Leaks, changes_without_secrets
from integrations.zendesk.markers import effect_of, marked
from integrations.zendesk.objects import build_zenpy, many, one
from integrations.zendesk.redactions import Redactions
from integrations.zendesk.retries import MOST_LOOKS
from integrations.zendesk.session import ZendeskSession
from integrations.zendesk.side_conversations import SideConversations

MOST_DECISIONS = 5  # so often an update is decided anew before the conflict is handed on

# Says what to change on a ticket as it is now; None: nothing.
Decide = Callable[[dict[str, Any]], Mapping[str, Any] | None]


class ZendeskClient:
    """Single records by zenpy where it keeps them as they are, by plain requests where not."""

    def __init__(self, session: ZendeskSession) -> None:
        self.session = session
        self.zenpy = build_zenpy(session)
        self.jobs = Jobs(session, self.audits)
        self.side_conversations = SideConversations(session)
        self.redactions = Redactions(session)
        self.leaks = Leaks(self.redactions)
        self.deletions = Deletions(session)

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
                hint="correct the RISKDESK_ZENDESK_ settings for an agent or admin; "
                "`riskdesk doctor` tests them.",
            )
        return {name: user.get(name) for name in ("id", "name", "email", "role")}

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """Return the ticket as it is now; RecordGone when it vanished."""
        return record_in(self.session.read(_ticket(ticket_id)), "ticket", "GET", _ticket(ticket_id))

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        """Return the whole history of the ticket with its events, oldest first."""
        path = f"/api/v2/tickets/{ticket_id:d}/audits.json"
        audits = self._listed(path, "audits")
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

        With a stamp the change is refused (UpdateConflict) if somebody was faster. Sent once: after
        OutcomeUnknown the marker in the ticket's audits tells whether the change was made.
        """
        ticket = marked(changes, marker)
        if updated_stamp is not None:
            ticket |= {"safe_update": True, "updated_stamp": updated_stamp}
        path = _ticket(ticket_id)
        answer = self.session.write("PUT", path, {"ticket": ticket})
        changed = record_in(answer, "ticket", "PUT", path)
        return {"ticket": changed, "audit": record_in(answer, "audit", "PUT", path)}

    def update_with(self, ticket_id: int, decide: Decide, *, marker: str) -> dict[str, Any] | None:
        """Change a ticket as `decide` says of its present state; return `ticket` and `audit`.

        When somebody was faster, the ticket is read and decided about anew. When an answer was
        lost, the marker tells whether the change was made, and only if not it is sent again; so
        the marker must belong to this one change. None when `decide` wants no change.
        """
        in_doubt = False
        for attempt in count(1):
            done = effect_of(marker, self.audits(ticket_id)) if in_doubt else None
            ticket = self.ticket(ticket_id)
            changes = None if done else decide(ticket)
            if changes is None:
                return {"ticket": ticket, "audit": done} if done else None
            try:
                stamp = ticket.get("updated_at")
                return self.update_ticket(ticket_id, changes, marker=marker, updated_stamp=stamp)
            except (UpdateConflict, OutcomeUnknown) as error:
                if attempt == MOST_DECISIONS:
                    raise
                in_doubt = in_doubt or isinstance(error, OutcomeUnknown)
            self.session.patience.pause(attempt)
        return None

    def take_back_secrets(
        self, ticket_id: int, redactor: Redactor
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Take secrets out of the ticket's comments; return the ticket and what is left to change.

        Changes are for its subject and fields. Done twice it is as if done once.
        """
        try:
            self.leaks.take_back(ticket_id)
        except LoginRefused as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            raise ZendeskRefused(
                f"Zendesk does not let riskdesk redact comments of ticket {ticket_id}.",
                hint="give its user a role that may redact; then `riskdesk actions retry`.",
                status=error.status,
            ) from None
        ticket = self.ticket(ticket_id)
        return ticket, changes_without_secrets(ticket, redactor)

    def create_ticket(self, ticket: Mapping[str, Any], *, idempotency_key: str) -> dict[str, Any]:
        """Create a ticket and return it; the same key within two hours returns the same ticket."""
        path, key = "/api/v2/tickets.json", {"Idempotency-Key": idempotency_key}
        body = {"ticket": dict(ticket)}
        answer = self.session.write("POST", path, body, headers=key, idempotent=True)
        return record_in(answer, "ticket", "POST", path)

    def groups(self) -> list[dict[str, Any]]:
        """Return all groups: the department queues."""
        return many("/api/v2/groups", self.zenpy.groups)

    def group_memberships(self) -> list[dict[str, Any]]:
        """Return who is in which group."""
        return self._listed("/api/v2/group_memberships.json", "group_memberships")

    def ticket_fields(self) -> list[dict[str, Any]]:
        """Return all ticket fields, with the options of the drop-downs."""
        return many("/api/v2/ticket_fields", self.zenpy.ticket_fields)

    def sla_policies(self) -> list[dict[str, Any]]:
        """Return all SLA policies in the order in which Zendesk matches them."""
        policies = many("/api/v2/slas/policies", self.zenpy.sla_policies)
        return sorted(policies, key=lambda policy: _number(policy.get("position")))

    def schedules(self) -> list[dict[str, Any]]:
        """Return the business-hours schedules with their intervals."""
        return self._listed("/api/v2/business_hours/schedules.json", "schedules")

    def group_sla_policies(self) -> list[dict[str, Any]]:
        """Return the SLA policies of groups in the order in which Zendesk matches them."""
        path = "/api/v2/group_slas/policies.json"
        policies = self._listed(path, "group_sla_policies")
        return sorted(policies, key=lambda policy: _number(policy.get("position")))

    def holidays(self, schedule_id: int) -> list[dict[str, Any]]:
        """Return the holidays of a business-hours schedule."""
        path = f"/api/v2/business_hours/schedules/{schedule_id:d}/holidays.json"
        return self._listed(path, "holidays")

    def apply_macro(self, ticket_id: int, macro_id: int) -> dict[str, Any]:
        """Return the ticket as it would be after a macro, comment included; nothing is changed."""
        path = f"/api/v2/tickets/{ticket_id:d}/macros/{macro_id:d}/apply.json"
        result = record_in(self.session.read(path), "result", "GET", path)
        return record_in(result, "ticket", "GET", path)

    def count_view(self, view_id: int) -> int | None:
        """Return how many tickets a view holds; None while Zendesk is still counting."""
        path = f"/api/v2/views/{view_id:d}/count.json"
        for attempt in range(1, MOST_LOOKS + 1):
            found = record_in(self.session.read(path), "view_count", "GET", path).get("value")
            if isinstance(found, int):
                return found
            self.session.patience.pause(attempt)
        return None

    def webhooks(self) -> list[dict[str, Any]]:
        """Return all webhooks of the account."""
        return self._listed("/api/v2/webhooks", "webhooks")

    def create_webhook(
        self, *, name: str, endpoint: str, subscriptions: Sequence[str]
    ) -> dict[str, Any]:
        """Subscribe an endpoint to event types; Zendesk signs what it will POST there.

        After a lost answer a webhook of this name, endpoint and subscriptions is looked for.
        """
        webhook = Webhook(
            name=name,
            endpoint=endpoint,
            subscriptions=list(subscriptions),
            http_method="POST",
            request_format="json",
            status="active",
        )

        def find() -> dict[str, Any] | None:
            for found in self.webhooks():
                same = (found.get("name"), found.get("endpoint")) == (name, endpoint)
                if same and set(found.get("subscriptions") or ()) == set(subscriptions):
                    return found
            return None

        return self.session.patience.settle(
            lambda: one("POST", "/api/v2/webhooks", lambda: self.zenpy.webhooks.create(webhook)),
            find,
        )

    def webhook_secret(self, webhook_id: str) -> str:
        """Return the secret with which Zendesk signs this webhook's deliveries."""
        path = f"/api/v2/webhooks/{quote(webhook_id, safe='')}/signing_secret"
        secret = record_in(self.session.read(path), "signing_secret", "GET", path).get("secret")
        if not isinstance(secret, str):
            raise unreadable("GET", path)
        return secret

    def server_time(self) -> datetime | None:
        """Return Zendesk's clock as of its newest answer; None before the first."""
        return self.session.server_time

    def _listed(self, path: str, key: str) -> list[dict[str, Any]]:
        return [one for page in list_export(self.session, path, key) for one in page.objects()]


def _ticket(ticket_id: int) -> str:
    return f"/api/v2/tickets/{ticket_id:d}.json"


def _number(value: object) -> int:
    """Return a number to sort by; what is none goes first."""
    return value if isinstance(value, int) else 0
