"""One ticket with everything that ever happened to it."""

from array import array
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
VIA_API = {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
SYSTEM = {
    "client": "riskdesk sandbox",
    "ip_address": "127.0.0.1",
    "location": "Local",
    "latitude": 0.0,
    "longitude": 0.0,
}


@dataclass(slots=True)
class Timeline:
    """The moments from which ticket metrics are computed."""

    created: datetime
    statuses: list[tuple[datetime, str]] = field(default_factory=list)
    replies: list[datetime] = field(default_factory=list)
    assignees: list[tuple[datetime, int | None]] = field(default_factory=list)
    groups: list[tuple[datetime, int | None]] = field(default_factory=list)
    comments: list[tuple[datetime, int]] = field(default_factory=list)
    requester_touched: datetime | None = None
    assignee_touched: datetime | None = None


@dataclass(slots=True)
class TicketPast:
    """What a ticket has been through; everything here is told from the oldest to the newest."""

    timeline: Timeline
    audits: list[Record] = field(default_factory=list)


class Archive(Protocol):
    """Where the pasts of tickets lie that do not keep them themselves."""

    def past(self, number: int) -> TicketPast:
        """Return the past of a ticket; what is changed in it stays changed."""

    def glimpse(self, number: int, part: str, position: int | None = None) -> Any:
        """Return a part of a past, or one item of it, only to be read."""

    def derive(self, case: "TicketCase", make: "Callable[[TicketCase], T]") -> T:
        """Return what `make` finds in a ticket, without making its past if that can be."""


@dataclass(slots=True)
class TicketCase:
    """The ticket's record as Zendesk shows it, its past, and what exports need to know."""

    record: Record
    metric_id: int
    kept: TicketPast | None = None  # None: it lies in the archive
    archive: Archive | None = None
    generated: int = 0  # epoch second of the last change of any kind: what exports compare
    audits_told: int = 0  # how many of the audits the stream of ticket events has
    inline_files: dict[int, list[Record]] = field(default_factory=dict)  # by comment
    deleted_by: int | None = None
    status_before_deletion: str | None = None
    is_scrubbed: bool = False  # deleted for good
    schedule_id: int | None = None  # the schedule a rule chose; None: the first of the account
    metric_events: "array[int]" = field(default_factory=lambda: array("q"))  # packed

    @property
    def id(self) -> int:
        """The number of the ticket."""
        return int(self.record["id"])

    @property
    def is_deleted(self) -> bool:
        """Whether the ticket is in the bin."""
        return self.status_before_deletion is not None

    @property
    def past(self) -> TicketPast:
        """What the ticket has been through, to be read and changed."""
        if self.kept is not None:
            return self.kept
        if self.archive is None:
            raise LookupError(f"ticket {self.id} has no past")
        return self.archive.past(self.id)

    @property
    def audits(self) -> list[Record]:
        """The entries of the ticket's history."""
        return self.past.audits

    @property
    def timeline(self) -> Timeline:
        """The moments from which metrics are computed."""
        return self.past.timeline

    def glimpse(self, part: str, position: int | None = None) -> Any:
        """Return a part of the past by name, or one item of it, for reading only.

        For readers of many tickets: it costs no more than that part, and nothing is remembered.
        """
        if self.kept is None and self.archive is not None:
            return self.archive.glimpse(self.id, part, position)
        found = getattr(self.past, part)
        return found if position is None else found[position]

    def audit(self, audit_id: int) -> Record:
        """Return an audit of this ticket."""
        for audit in self.audits:
            if audit["id"] == audit_id:
                return audit
        raise not_found()

    def comment(self, comment_id: int) -> Record:
        """Return a comment of this ticket."""
        for event, _ in self.comments():
            if event["id"] == comment_id:
                return event
        raise not_found()

    def files_of(self, comment: Record) -> list[Record]:
        """Return the attachments of a comment, those inside its text last."""
        return [*comment["attachments"], *self.inline_files.get(comment["id"], ())]

    def derive(self, make: "Callable[[TicketCase], T]") -> T:
        """Return what `make` finds in the subject, description and past of the ticket.

        For readers of all tickets: what lies in the archive is worked out once for all its copies.
        """
        if self.kept is None and self.archive is not None:
            return self.archive.derive(self, make)
        return make(self)

    def texts(self) -> list[str]:
        """Return what a search without keywords reads of the ticket."""
        return self.derive(_texts)

    def comments(self) -> list[tuple[Record, Record]]:
        """Return every comment with the audit that brought it, oldest first."""
        return [
            (event, audit)
            for audit in self.audits
            for event in audit["events"]
            if event["type"] == "Comment"
        ]


def _texts(case: TicketCase) -> list[str]:
    said = (event["body"] or "" for event, _ in case.comments())
    return [case.record["subject"] or "", case.record["description"] or "", *said]


def empty_ticket() -> dict[str, Any]:
    """Return the fields of a ticket about which nothing is known yet."""
    return {
        "id": None,
        "external_id": None,
        "via": VIA_API,
        "created_at": None,
        "updated_at": None,
        "type": None,
        "subject": None,
        "raw_subject": None,
        "description": None,
        "priority": None,
        "status": "new",
        "recipient": None,
        "requester_id": None,
        "submitter_id": None,
        "assignee_id": None,
        "organization_id": None,
        "group_id": None,
        "collaborator_ids": [],
        "follower_ids": [],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": None,
        "tags": [],
        "custom_fields": [],
        "satisfaction_rating": None,
        "sharing_agreement_ids": [],
        "custom_status_id": None,
        "fields": [],
        "followup_ids": [],
        "ticket_form_id": None,
        "brand_id": None,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": False,
    }
