"""One ticket's life from its rows in the warehouse: the state now, rolled back to creation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sync.sla.replies import FORWARDED
from sync.sla.rulebook import SCHEDULE_FIELD
from sync.sla.timeline import Event, Opening

TAGS, CUSTOM_FIELDS = "tags", "custom_fields"
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
FIELDS = (*sorted(IDS), "status", "priority", "type", TAGS)
# What a policy may look at, custom fields aside; all else is not known of tickets here.
KNOWN_FIELDS = frozenset({*FIELDS, "via"})
NUMBERS = IDS | {SCHEDULE_FIELD}
# The audit of the creation bears the ticket's own time; Zendesk may be a second late.
CREATION_SLACK_S = 2


class Audit(NamedTuple):
    """An update; `at` is a second since 1970, here and below."""

    ticket_id: int
    id: int
    author_id: int | None
    at: int


class Comment(NamedTuple):
    """A comment of an audit."""

    ticket_id: int
    audit_id: int
    author_id: int | None
    public: bool
    at: int


class Change(NamedTuple):
    """A value that an audit gave to a field, as text, and the one before."""

    ticket_id: int
    audit_id: int
    event_id: int
    field: str
    value: str | None
    before: str | None
    author_id: int | None
    at: int


_when = itemgetter(*map(Change._fields.index, ("at", "audit_id", "event_id")))


class TicketRows(NamedTuple):
    """All rows of one ticket; audits, comments and changes in any order, by their positions.

    The ticket has FIELDS, `id`, `created_at` (a second), `via_channel` and `custom_fields`.
    """

    ticket: Mapping[str, Any]
    audits: Iterable[Audit] = ()
    comments: Iterable[Comment] = ()
    changes: Sequence[Change] = ()


class _Draft:
    """An update as its rows tell of it, one after the other."""

    __slots__ = ("at", "author_id", "changes", "public", "said_by")

    def __init__(self, at: int, author_id: int | None) -> None:
        self.at, self.author_id = at, author_id
        self.public: bool | None = None
        self.said_by: int | None = None
        self.changes: dict[str, Any] = {}


def read_life(rows: TicketRows) -> tuple[Opening, list[Event]]:
    """Return the ticket at its creation and every update after it, oldest first."""
    ticket = rows.ticket
    changes = sorted(rows.changes, key=_when)
    drafts = _drafts(rows.audits, rows.comments, changes)
    order = sorted([(draft.at, number) for number, draft in drafts.items()])
    is_whole = bool(order) and order[0][0] - ticket["created_at"] <= CREATION_SLACK_S
    creation = order[0][1] if is_whole else None
    first = drafts.pop(creation, None) if creation is not None else None
    fields = _at_creation(ticket, changes, creation)
    spoke = first is not None and first.public is not None
    opening = Opening(
        ticket_id=ticket["id"],
        at=ticket["created_at"],
        submitter_id=ticket["submitter_id"],
        via=_channel(ticket, first if spoke else None, fields["requester_id"]),
        public=first.public if first else None,
        author_id=first.said_by if first and spoke else ticket["submitter_id"],
        fields=fields,
    )
    return opening, [
        Event(
            at=at,
            author_id=draft.author_id if draft.public is None else draft.said_by,
            public=draft.public,
            changes=draft.changes,
            id=number,
        )
        for at, number in order
        if (draft := drafts.get(number)) is not None
    ]


def _drafts(
    audits: Iterable[Audit], comments: Iterable[Comment], changes: Iterable[Change]
) -> dict[int, _Draft]:
    """Return the updates by their audits, known from whichever of their rows arrived."""
    drafts = {number: _Draft(at, author_id) for _, number, author_id, at in audits}
    for _, number, author_id, public, at in comments:
        draft = drafts.get(number)
        if draft is None:
            draft = drafts[number] = _Draft(at, author_id)
        # When an update has several comments, a public one counts.
        if draft.public is None or (public and not draft.public):
            draft.public, draft.said_by = bool(public), author_id
    for _, number, _, field, value, _, author_id, at in changes:
        draft = drafts.get(number)
        if draft is None:
            draft = drafts[number] = _Draft(at, author_id)
        elif draft.author_id is None:
            draft.author_id = author_id
        draft.changes[field] = _value(field, value)
    return drafts


def _at_creation(
    ticket: Mapping[str, Any], changes: Sequence[Change], creation: int | None
) -> dict[str, Any]:
    """Undo every later change; what the creation itself and its triggers set stays."""
    fields = {name: ticket[name] for name in FIELDS}
    fields["via"] = ticket["via_channel"]
    for custom in ticket[CUSTOM_FIELDS] or ():
        if isinstance(custom, Mapping):
            fields[str(custom.get("id"))] = custom.get("value")
    for _, audit_id, _, field, value, before, _, _ in reversed(changes):
        if audit_id != creation:
            fields[field] = _value(field, before)
        elif field == SCHEDULE_FIELD:  # a ticket does not tell its schedule: its history alone does
            fields.setdefault(field, _value(field, value))
    return fields


def _channel(ticket: Mapping[str, Any], first: _Draft | None, requester_id: int | None) -> Any:
    """Return the channel, telling e-mails apart that staff forwarded for their sender.

    Such a ticket is submitted by the one who forwarded, its first comment is of the one who was
    the requester then.
    """
    if (
        ticket["via_channel"] == "email"
        and first is not None
        and first.said_by == requester_id != ticket["submitter_id"]
    ):
        return FORWARDED
    return ticket["via_channel"]


def _value(name: str, text: str | None) -> Any:
    """Return a value of the history, which is kept as text, as the ticket itself has it."""
    if name in NUMBERS:
        return int(text) if text and text.lstrip("-").isdecimal() else None
    if name == TAGS and text and not text.startswith("["):
        return text.split()
    if text and text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text or ([] if name == TAGS else None)
