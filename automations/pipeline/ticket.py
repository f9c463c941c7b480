"""A ticket and its audits as the desk looks at them; pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from automations.triage.html_text import html_to_text
from automations.triage.mail_history import own_words
from integrations.runtime.clock import parse_instant
from sync.warehouse.history import COMMENT_KINDS

Record = dict[str, Any]


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """One comment of a ticket."""

    id: int
    author_id: int
    public: bool
    body: str
    created_at: datetime
    files: tuple[str, ...] = ()  # names of attachments


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    """What decisions are made from."""

    id: int
    subject: str
    status: str
    requester_id: int
    comments: tuple[Comment, ...]
    field_texts: tuple[str, ...] = ()  # what stands in its custom fields
    tags: tuple[str, ...] = ()
    fields: dict[str, str] = {}  # custom fields with a text, by their id as text

    @property
    def complaint(self) -> tuple[Comment, ...]:
        """Return the customer's own words: the opening comment and the requester's later ones.

        The opening counts whoever wrote it: an agent may open a ticket for a caller.
        """
        return tuple(
            comment
            for place, comment in enumerate(self.comments)
            if place == 0 or (comment.public and comment.author_id == self.requester_id)
        )

    @property
    def complaint_text(self) -> str:
        """Return all the customer wrote, oldest first, without the mails that they quote."""
        return "\n\n".join(own_words(html_to_text(one.body)) for one in self.complaint)


def view(ticket: Record, audits: Sequence[Record]) -> TicketView:
    """Build the view from Zendesk's records; audits oldest first."""
    return TicketView(
        id=int(ticket["id"]),
        subject=ticket.get("raw_subject") or ticket.get("subject") or "",
        status=ticket["status"],
        requester_id=int(ticket["requester_id"]),
        comments=tuple(_comments(audits)),
        field_texts=tuple(
            field["value"]
            for field in ticket.get("custom_fields") or ()
            if isinstance(field.get("value"), str)
        ),
        tags=tuple(ticket.get("tags") or ()),
        fields={
            str(one["id"]): one["value"]
            for one in ticket.get("custom_fields") or ()
            if isinstance(one.get("value"), str)
        },
    )


def _comments(audits: Sequence[Record]) -> Iterator[Comment]:
    for audit in audits:
        for event in audit.get("events") or ():
            if event.get("type") in COMMENT_KINDS:
                yield Comment(
                    id=int(event["id"]),
                    author_id=int(event.get("author_id") or audit["author_id"]),
                    public=bool(event.get("public", True)),
                    body=event.get("plain_body") or event.get("body") or "",
                    created_at=parse_instant(audit["created_at"]),
                    files=tuple(
                        str(file.get("file_name")) for file in event.get("attachments") or ()
                    ),
                )
