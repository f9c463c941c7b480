"""What people of the desk said that tickets are: the reason field as a person left it.

A reason that riskdesk wrote and nobody touched is no label: a model that learns from its own
answers only grows surer of them. What triggers and Zendesk itself write is none either.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, select

from automations.pipeline.directory import REASON_FIELD
from automations.triage.html_text import html_to_text
from automations.triage.mail_history import own_words
from automations.triage.taxonomy import current_code
from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets

OUR_MARK = "riskdesk"  # in the custom metadata of our own updates
_PREFIX = "risk_"
_MACHINES = frozenset({"rule", "system"})
_ENDED = frozenset({"solved", "closed"})
_AT_ONCE = 500


class DeskLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket and the reason that a person gave it."""

    ticket_id: int
    requester_id: int
    code: str  # of the taxonomy as it is now
    corrects: str | None  # the code that riskdesk had written before; None: it had written none
    given_at: datetime


class DeskExample(msgspec.Struct, frozen=True, kw_only=True):
    """A label with the customer's own words."""

    label: DeskLabel
    text: str


def desk_labels(connection: Connection, *, since: datetime | None = None) -> list[DeskLabel]:
    """Return the newest label of every ticket: of solved ones, and of those that were corrected."""
    found: dict[int, DeskLabel] = {}
    written: dict[int, str] = {}
    ended: set[int] = set()
    for row in connection.execute(_changes(connection)):
        code = _code(row.value)
        if row.status in _ENDED:
            ended.add(row.ticket_id)
        if OUR_MARK in (row.custom_metadata or {}):
            written[row.ticket_id] = code or ""
        elif code is not None and _is_person(row):
            found[row.ticket_id] = _label(row, code, written.get(row.ticket_id))
    return [
        label
        for label in found.values()
        # An open ticket's reason may still be a first guess; a correction is none.
        if (label.corrects or label.ticket_id in ended)
        and (since is None or label.given_at >= since)
    ]


def desk_examples(connection: Connection, labels: list[DeskLabel]) -> Iterator[DeskExample]:
    """Yield the labels whose ticket still has words."""
    by_ticket = {label.ticket_id: label for label in labels}
    ids = sorted(by_ticket)
    for start in range(0, len(ids), _AT_ONCE):
        texts = _texts(connection, ids[start : start + _AT_ONCE])
        for ticket_id, text in texts.items():
            if text.strip():
                yield DeskExample(label=by_ticket[ticket_id], text=text)


def _changes(connection: Connection) -> Select[Any]:
    history = ticket_field_history
    fields = select(ticket_fields.c.id).where(ticket_fields.c.title == REASON_FIELD)
    return (
        select(
            history.c.ticket_id,
            history.c.value,
            history.c.author_id,
            history.c.via_channel,
            history.c.valid_from,
            ticket_audits.c.custom_metadata,
            tickets.c.requester_id,
            tickets.c.status,
            users.c.role,
        )
        .select_from(
            history.join(tickets, tickets.c.id == history.c.ticket_id)
            .outerjoin(ticket_audits, ticket_audits.c.id == history.c.audit_id)
            .outerjoin(users, users.c.id == history.c.author_id)
        )
        .where(
            history.c.field.in_([str(field) for field in connection.scalars(fields)]),
            tickets.c.erased_at.is_(None),
        )
        .order_by(history.c.valid_from, history.c.event_id)
    )


def _is_person(row: Row[Any]) -> bool:
    """Tell whether somebody of the team made the change."""
    is_somebody = row.author_id is not None and row.author_id > 0
    return is_somebody and row.via_channel not in _MACHINES and row.role != "end-user"


def _code(value: str | None) -> str | None:
    return current_code((value or "").removeprefix(_PREFIX).upper())


def _label(row: Row[Any], code: str, written: str | None) -> DeskLabel:
    return DeskLabel(
        ticket_id=row.ticket_id,
        requester_id=row.requester_id or 0,
        code=code,
        corrects=written if written != code else None,
        given_at=row.valid_from,
    )


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return subject and the requester's own words of tickets; the opening counts whoever wrote."""
    comments = ticket_comments
    query = (
        select(
            comments.c.ticket_id,
            comments.c.body,
            comments.c.author_id,
            comments.c.public,
            tickets.c.requester_id,
            tickets.c.subject,
        )
        .select_from(comments.join(tickets, tickets.c.id == comments.c.ticket_id))
        .where(comments.c.ticket_id.in_(ids))
        .order_by(comments.c.ticket_id, comments.c.created_at, comments.c.id)
    )
    parts: dict[int, list[str]] = {}
    for row in connection.execute(query):
        opening = row.ticket_id not in parts
        said = parts.setdefault(row.ticket_id, [row.subject or ""])
        if opening or (row.public and row.author_id == row.requester_id):
            said.append(own_words(html_to_text(row.body)))
    return {ticket_id: "\n\n".join(filter(None, said)) for ticket_id, said in parts.items()}
