"""Tickets, audits and assessments for the tests of actions and decisions, and a fake writer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from automations.actions.plan import Action, Changes, Kind
from automations.escalations.routing import Route, route
from automations.pipeline.ticket import Comment, TicketView
from automations.triage.assessment import Assessment
from integrations.redaction.redactor import Redactor
from integrations.zendesk.leaks import changes_without_secrets

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
CUSTOMER = 501
Record = dict[str, Any]


class Clock:
    """Shows noon until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> None:
        """Move on by a `timedelta`'s keywords."""
        self.now += timedelta(**length)


def make_ticket(ticket_id: int = 17, **changes: Any) -> Record:
    """Build a ticket as Zendesk shows it."""
    return {
        "id": ticket_id,
        "subject": "Withdrawal",
        "status": "open",
        "priority": "normal",
        "requester_id": CUSTOMER,
        "group_id": 801,
        "tags": ["vip"],
        "custom_fields": [{"id": 901, "value": None}],
        "updated_at": "2026-03-03T11:00:00Z",
    } | changes


def make_audit(audit_id: int, *events: Record, marker: str | None = None, **changes: Any) -> Record:
    """Build an audit; `marker` is the key of the action that made it."""
    return {
        "id": audit_id,
        "author_id": CUSTOMER,
        "created_at": "2026-03-03T11:00:00Z",
        "metadata": {"system": {}, "custom": {"riskdesk": marker} if marker else {}},
        "events": list(events),
    } | changes


def make_comment(comment_id: int, body: str = "Where is my money?", **changes: Any) -> Record:
    """Build the audit event of a public comment by the customer."""
    return {
        "id": comment_id,
        "type": "Comment",
        "author_id": CUSTOMER,
        "public": True,
        "body": body,
        "plain_body": body,
    } | changes


def make_action(
    key: str = "draft:17", *, ticket_id: int = 17, kind: Kind = Kind.DRAFT, **changes: Any
) -> Action:
    """Build an action that writes an internal note unless told otherwise."""
    wanted = Changes(**(changes or {"note": "Please look."}))
    return Action(ticket_id=ticket_id, kind=kind, key=key, changes=wanted)


def make_view(
    *comment_ids: int,
    status: str = "open",
    tags: tuple[str, ...] = (),
    text: str = "…",
    fields: dict[str, str] | None = None,
) -> TicketView:
    """Build ticket 17 as decisions see it, with comments of the customer."""
    return TicketView(
        id=17,
        subject="Withdrawal",
        status=status,
        requester_id=CUSTOMER,
        comments=tuple(
            Comment(id=one, author_id=CUSTOMER, public=True, body=text, created_at=NOON)
            for one in comment_ids or (1001,)
        ),
        tags=tags,
        fields=fields or {},
    )


def way_of(assessment: Assessment) -> Route | None:
    """Return the real route of an assessment."""
    return route(
        family=assessment.family,
        reason=assessment.reason,
        severity=assessment.severity,
        owner=assessment.owner,
        abstained=assessment.abstained,
        complexity=assessment.complexity,
        language=assessment.language,
    )


class FakeWriter:
    """Applies updates to one ticket, unless told to fail.

    For each marker, in turn: `failures` are raised instead of the change, `lost_answers` after it.
    """

    def __init__(self, ticket: Record) -> None:
        self.ticket = ticket
        self.audits: list[Record] = []
        self.sent: list[str] = []
        self.bodies: list[Mapping[str, Any]] = []
        self.stamps: list[str | None] = []
        self.failures: dict[str, list[BaseException]] = {}
        self.lost_answers: dict[str, list[BaseException]] = {}
        self.on_update: Callable[[], None] = lambda: None

    def update_ticket(
        self, ticket_id: int, changes: Mapping[str, Any], *, marker: str, updated_stamp: str | None
    ) -> Record:
        assert ticket_id == self.ticket["id"]
        self.sent.append(marker)
        self.bodies.append(changes)
        self.stamps.append(updated_stamp)
        self.on_update()
        if self.failures.get(marker):
            raise self.failures[marker].pop(0)
        audit = make_audit(7000 + len(self.audits), marker=marker)
        self.audits.append(audit)
        plain = {key: value for key, value in changes.items() if key in {"priority", "tags"}}
        self.ticket = self.ticket | plain | {"updated_at": f"2026-03-03T12:00:0{len(self.audits)}Z"}
        if self.lost_answers.get(marker):
            raise self.lost_answers[marker].pop(0)
        return {"ticket": self.ticket, "audit": audit}

    def take_back_secrets(self, ticket_id: int, redactor: Redactor) -> tuple[Record, Record]:
        assert ticket_id == self.ticket["id"]
        return self.ticket, changes_without_secrets(self.ticket, redactor)

    def effects(self, key: str) -> int:
        """Return how often an action took effect."""
        markers = [(one.get("metadata") or {}).get("custom") or {} for one in self.audits]
        return sum(marker.get("riskdesk") == key for marker in markers)


def keys(actions: Sequence[Action]) -> list[str]:
    """Return the keys of actions, in order."""
    return [action.key for action in actions]
