"""One ticket's life from its rows in the warehouse: the state now, rolled back to creation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sync.sla.replies import FORWARDED
from sync.sla.schedules import to_second
from sync.sla.timeline import Event, Opening

Record = Mapping[str, Any]
TAGS = "tags"
IDS = frozenset(
    {
        "requester_id",
        "submitter_id",
        "assignee_id",
        "group_id",
        "organization_id",
        "brand_id",
        "ticket_form_id",
        "custom_status_id",
    }
)
SCHEDULE = "schedule_id"  # tickets do not show it, only their history does
FIELDS = (*sorted(IDS), "status", "priority", "type", TAGS)
# What a policy may look at, custom fields aside; all else is not known of tickets here.
KNOWN_FIELDS = frozenset({*FIELDS, "via"})
# The audit of the creation bears the ticket's own time; Zendesk may be a second late.
CREATION_SLACK = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class TicketRows:
    """All rows of one ticket; audits, comments and changes in any order."""

    ticket: Record
    audits: Sequence[Record]
    comments: Sequence[Record]
    changes: Sequence[Record]


def read_life(rows: TicketRows) -> tuple[Opening, list[Event]]:
    """Return the ticket at its creation and every update after it, oldest first."""
    born = rows.ticket["created_at"]
    order = sorted(_times(rows).items(), key=lambda entry: (entry[1], entry[0]))
    creation = order[0][0] if order and order[0][1] - born <= CREATION_SLACK else None
    authors = {audit["id"]: audit["author_id"] for audit in rows.audits}
    comments = _by_audit(rows.comments)
    changes = _by_audit(sorted(rows.changes, key=_when))
    first = _leading(comments.get(creation, ()))
    fields = _at_creation(rows, creation)
    opening = Opening(
        ticket_id=rows.ticket["id"],
        at=to_second(born),
        submitter_id=rows.ticket["submitter_id"],
        via=_channel(rows.ticket, first, fields["requester_id"]),
        public=first["public"] if first else None,
        author_id=first["author_id"] if first else rows.ticket["submitter_id"],
        fields=fields,
    )
    return opening, [
        _event(
            to_second(at),
            authors.get(audit_id),
            _leading(comments.get(audit_id, ())),
            changes.get(audit_id, ()),
        )
        for audit_id, at in order
        if audit_id != creation
    ]


def _times(rows: TicketRows) -> dict[int, Any]:
    """Return when each audit was made, known from whichever of its rows arrived."""
    times = {change["audit_id"]: change["valid_from"] for change in rows.changes}
    times.update((comment["audit_id"], comment["created_at"]) for comment in rows.comments)
    times.update((audit["id"], audit["created_at"]) for audit in rows.audits)
    return times


def _at_creation(rows: TicketRows, creation: int | None) -> dict[str, Any]:
    """Undo every later change; what the creation itself and its triggers set stays."""
    fields = {name: rows.ticket[name] for name in FIELDS}
    fields["via"] = rows.ticket["via_channel"]
    for custom in rows.ticket["custom_fields"] or ():
        if isinstance(custom, Mapping):
            fields[str(custom.get("id"))] = custom.get("value")
    for change in sorted(rows.changes, key=_when, reverse=True):
        if change["audit_id"] != creation:
            fields[change["field"]] = _value(change["field"], change["previous_value"])
        elif change["field"] == SCHEDULE:
            fields[SCHEDULE] = _value(SCHEDULE, change["value"])
    return fields


def _event(
    at: int, audit_author: int | None, comment: Record | None, changes: Iterable[Record]
) -> Event:
    changes = list(changes)
    author = audit_author if audit_author is not None or not changes else changes[0]["author_id"]
    return Event(
        at=at,
        author_id=comment["author_id"] if comment else author,
        public=comment["public"] if comment else None,
        changes={row["field"]: _value(row["field"], row["value"]) for row in changes},
    )


def _by_audit(rows: Iterable[Record]) -> dict[int | None, list[Record]]:
    found: dict[int | None, list[Record]] = {}
    for row in rows:
        found.setdefault(row["audit_id"], []).append(row)
    return found


def _leading(comments: Sequence[Record]) -> Record | None:
    """Return the comment that counts when an update has several: a public one."""
    return max(comments, key=lambda comment: bool(comment["public"]), default=None)


def _channel(ticket: Record, first: Record | None, requester_id: int | None) -> str | None:
    """Return the channel, telling e-mails apart that staff forwarded for their sender.

    Such a ticket is submitted by the one who forwarded, its first comment is of the one who was
    the requester then.
    """
    if (
        ticket["via_channel"] == "email"
        and first is not None
        and first["author_id"] == requester_id != ticket["submitter_id"]
    ):
        return FORWARDED
    return ticket["via_channel"]  # type: ignore[no-any-return]


def _when(change: Record) -> tuple[Any, int, int]:
    return change["valid_from"], change["audit_id"], change["event_id"]


def _value(name: str, text: str | None) -> Any:
    """Return a value of the history, which is kept as text, as the ticket itself has it."""
    if name in IDS or name == SCHEDULE:
        return int(text) if text and text.lstrip("-").isdecimal() else None
    if name == TAGS and text and not text.startswith("["):
        return text.split()
    if text and text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text or ([] if name == TAGS else None)
