"""A Zendesk in memory for the pipeline's tests, and a desk that works on it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Engine

from automations.macros.service import load_macros
from automations.pipeline.handle import Pipeline
from automations.pipeline.judge import Judge
from automations.triage.assessment import Assessment
from automations.triage.context import NOTHING_KNOWN, Context
from integrations.redaction.redactor import Redactor
from integrations.redaction.views import PLACEHOLDER
from integrations.runtime.clock import format_instant
from integrations.runtime.database import transaction
from integrations.runtime.errors import RecordGone, UpdateConflict
from integrations.runtime.settings import Mode
from integrations.webhooks import repository as inbox
from integrations.webhooks.events import Delivery, Mark
from integrations.zendesk.leaks import changes_without_secrets

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
CUSTOMER, RISKDESK, SECURITY_AGENT = 501, 601, 701
SECURITY_GROUP, REASON_FIELD = 801, 901


class FakeZendesk:
    """Tickets with audits; `before_update` and `after_update` inject faults."""

    def __init__(self) -> None:
        self.now = NOON
        self.tickets: dict[int, dict[str, Any]] = {}
        self.history: dict[int, list[dict[str, Any]]] = {}
        self.reads = 0
        self.before_update: Callable[[], None] = lambda: None
        self.after_update: Callable[[], None] = lambda: None
        self._next_id = 10_000

    def open_ticket(self, text: str, *, ticket_id: int = 17, requester_id: int = CUSTOMER) -> int:
        """Open a ticket as the customer."""
        stamp = format_instant(self.now)
        self.tickets[ticket_id] = {
            "id": ticket_id,
            "subject": "Help",
            "status": "new",
            "priority": None,
            "requester_id": requester_id,
            "submitter_id": requester_id,
            "group_id": None,
            "tags": [],
            "custom_fields": [{"id": REASON_FIELD, "value": None}],
            "created_at": stamp,
            "updated_at": stamp,
            "via": {"channel": "web"},
        }
        self.history[ticket_id] = []
        self._audit(ticket_id, requester_id, comment={"body": text, "public": True})
        return ticket_id

    def comment(self, ticket_id: int, author_id: int, text: str, *, public: bool = True) -> None:
        """Add a comment a minute later."""
        self.now += timedelta(minutes=1)
        self._audit(ticket_id, author_id, comment={"body": text, "public": public})

    def set_status(self, ticket_id: int, status: str) -> None:
        """Change the status a minute later, as an agent."""
        self.now += timedelta(minutes=1)
        self.tickets[ticket_id]["status"] = status
        self._audit(ticket_id, SECURITY_AGENT)

    def notes(self, ticket_id: int) -> list[str]:
        """Return the internal notes that riskdesk wrote."""
        return [
            event["body"]
            for audit in self.history[ticket_id]
            for event in audit["events"]
            if event["type"] == "Comment" and audit["author_id"] == RISKDESK
        ]

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        self.reads += 1
        if ticket_id not in self.tickets:
            raise RecordGone("The ticket is gone.", hint="nothing.", status=404)
        return dict(self.tickets[ticket_id])

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        return list(self.history[ticket_id])

    def update_ticket(
        self, ticket_id: int, changes: Mapping[str, Any], *, marker: str, updated_stamp: str | None
    ) -> dict[str, Any]:
        self.before_update()
        ticket = self.tickets[ticket_id]
        if updated_stamp not in {None, ticket["updated_at"]}:
            raise UpdateConflict("Somebody was faster.", hint="read again.", status=409)
        self.now += timedelta(seconds=1)
        plain = {key: value for key, value in changes.items() if key != "comment"}
        ticket.update(plain)
        audit = self._audit(ticket_id, RISKDESK, comment=changes.get("comment"), marker=marker)
        self.after_update()
        return {"ticket": dict(ticket), "audit": audit}

    def take_back_secrets(
        self, ticket_id: int, redactor: Redactor
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Black out secrets of comments, as Zendesk does."""
        for audit in self.history[ticket_id]:
            for event in audit["events"]:
                if "body" in event:
                    event["body"] = PLACEHOLDER.sub("\u2587", redactor.text(event["body"]))
        ticket = self.tickets[ticket_id]
        return dict(ticket), changes_without_secrets(ticket, redactor)

    def user(self, user_id: int) -> dict[str, Any]:
        return {"id": user_id, "name": "Lin Mei"}

    def me(self) -> dict[str, Any]:
        return {"id": RISKDESK, "role": "agent"}

    def server_time(self) -> datetime | None:
        return self.now

    def groups(self) -> list[dict[str, Any]]:
        return [{"id": SECURITY_GROUP, "name": "Account Security"}]

    def group_memberships(self) -> list[dict[str, Any]]:
        return [{"group_id": SECURITY_GROUP, "user_id": SECURITY_AGENT}]

    def ticket_fields(self) -> list[dict[str, Any]]:
        return [{"id": REASON_FIELD, "title": "Risk reason"}]

    def _audit(
        self,
        ticket_id: int,
        author_id: int,
        *,
        comment: Mapping[str, Any] | None = None,
        marker: str | None = None,
    ) -> dict[str, Any]:
        stamp = format_instant(self.now)
        self.tickets[ticket_id]["updated_at"] = stamp
        self._next_id += 2
        events = []
        if comment is not None:
            events.append(
                {"id": self._next_id + 1, "type": "Comment", "author_id": author_id, **comment}
            )
        audit = {
            "id": self._next_id,
            "ticket_id": ticket_id,
            "created_at": stamp,
            "author_id": author_id,
            "metadata": {"system": {}, "custom": {"riskdesk": marker} if marker else {}},
            "events": events,
            "via": {"channel": "api"},
        }
        self.history[ticket_id].append(audit)
        return audit


class FixedTriage:
    """Gives every text the same assessment, which a test may change."""

    def __init__(self) -> None:
        self.assessment = make_assessment()
        self.read: list[str] = []

    def assess(
        self,
        subject: str,  # noqa: ARG002 - triage's signature
        text: str,
        context: Context = NOTHING_KNOWN,  # noqa: ARG002 - same
    ) -> Assessment:
        self.read.append(text)
        return self.assessment


def make_assessment(**changes: Any) -> Assessment:
    """Build an account-takeover assessment with these differences."""
    plain = Assessment(
        family="A",
        reason="A1",
        language="en",
        severity="S1",
        owner="SEC",
        confidence=0.93,
        abstained=False,
        words=("withdrew my coins",),
        candidates=(("A", 0.93), ("B", 0.04), ("F", 0.02)),
        signals={},
        secrets=(),
        taxonomy_version="test",
        model_version="test",
    )
    return msgspec.structs.replace(plain, **changes)


ABSTAINED = {
    "family": None,
    "reason": None,
    "severity": "S3",
    "owner": "RC",
    "abstained": True,
    "confidence": 0.2,
}


class Clock:
    """This machine's clock, moved by the test."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Bench:
    """A pipeline on a real database, a Zendesk in memory and a triage that says what it is told."""

    def __init__(self, engine: Engine, *, mode: Mode = Mode.ACT) -> None:
        self.engine = engine
        self.zendesk = FakeZendesk()
        self.triage = FixedTriage()
        self.clock = Clock()
        self._deliveries = 0
        self.pipeline = Pipeline(
            engine,
            self.zendesk,
            Judge(self.triage, load_macros()),
            mode=mode,
            lease_time=timedelta(seconds=90),
            clock=self.clock,
        )

    def deliver(
        self,
        ticket_id: int,
        *,
        actor_id: int = CUSTOMER,
        happened_at: datetime | None = None,
        event_type: str = "comment_added",
    ) -> None:
        """Put a delivery about the ticket's newest change into the inbox."""
        self._deliveries += 1
        delivery = Delivery(
            dedupe_key=f"event:{self._deliveries}",
            mark=Mark.EVENT,
            body="{}",
            event_type=event_type,
            ticket_id=ticket_id,
            actor_id=actor_id,
            happened_at=happened_at or self.zendesk.now,
        )
        with transaction(self.engine) as connection:
            inbox.store(connection, [delivery], source="webhook", now=self.clock())

    def handle(self, ticket_id: int) -> None:
        """Deliver and handle, once."""
        self.deliver(ticket_id)
        self.pipeline.handle(ticket_id)
