"""The lives of tickets as the engine needs them, read from the warehouse."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Select, select

from sync.sla.lives import CUSTOM_FIELDS, FIELDS, TicketRows, read_life
from sync.sla.timeline import Event, Opening, Role, Timeline, build_timeline
from sync.warehouse.bulk import among
from sync.warehouse.epoch import epoch_second
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets

LIGHT_AGENT = 1  # Zendesk's role_type
STAFF = ("agent", "admin")

_BORN = epoch_second(tickets.c.created_at).label("created_at")
_TICKET = [*(tickets.c[name] for name in (*FIELDS, "id", "via_channel", CUSTOM_FIELDS)), _BORN]
_audits, _comments, _history = ticket_audits.c, ticket_comments.c, ticket_field_history.c
_AUDIT = select(_audits.ticket_id, _audits.id, _audits.author_id, epoch_second(_audits.created_at))
_COMMENT = select(
    _comments.ticket_id,
    _comments.audit_id,
    _comments.author_id,
    _comments.public,
    epoch_second(_comments.created_at),
).order_by(_comments.id)
_CHANGE = select(
    _history.ticket_id,
    _history.audit_id,
    _history.event_id,
    _history.field,
    _history.value,
    _history.previous_value,
    _history.author_id,
    epoch_second(_history.valid_from),
)


def load_timelines(
    connection: Connection,
    ticket_ids: Collection[int],
    *,
    roles: Mapping[int, Role] | None = None,
    fields: Collection[str] | None = None,
) -> Iterator[Timeline]:
    """Yield the lives of these tickets after a fixed number of queries; deleted ones have none.

    `roles` are all of the staff, read here when they are not given; `fields` those whose changes
    matter, all by default.
    """
    kept = select(*_TICKET).where(
        among(connection, tickets.c.id, ticket_ids), tickets.c.deleted_at.is_(None)
    )
    found = connection.execute(kept.order_by(tickets.c.id)).mappings().all()
    audits = _AUDIT.where(_audits.deleted_at.is_(None))
    comments = _COMMENT.where(_comments.deleted_at.is_(None))
    changes = _CHANGE if fields is None else _CHANGE.where(_history.field.in_(sorted(fields)))
    parts = (
        _by_ticket(connection, audits, _audits.ticket_id, ticket_ids),
        _by_ticket(connection, comments, _comments.ticket_id, ticket_ids),
        _by_ticket(connection, changes, _history.ticket_id, ticket_ids),
    )
    lives = [
        read_life(TicketRows(dict(ticket), *(part[ticket["id"]] for part in parts)))
        for ticket in found
    ]
    known = staff_among(connection, _people(lives)) if roles is None else roles
    for opening, events in lives:
        yield build_timeline(opening, events, known)


def all_staff(connection: Connection) -> dict[int, Role]:
    """Return everybody who is not a customer."""
    query = select(users.c.id, users.c.raw).where(users.c.role.in_(STAFF))
    return {user_id: _role(raw) for user_id, raw in connection.execute(query)}


def staff_among(connection: Connection, people: Collection[int]) -> dict[int, Role]:
    """Return the staff among these people; whoever is not here counts as a customer."""
    query = select(users.c.id, users.c.raw).where(
        among(connection, users.c.id, people), users.c.role.in_(STAFF)
    )
    return {user_id: _role(raw) for user_id, raw in connection.execute(query)}


def _by_ticket(
    connection: Connection, query: Select[Any], number: Column[Any], ticket_ids: Collection[int]
) -> defaultdict[int, list[Any]]:
    """Return the rows of a query by ticket, whose number is their first column."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    # All at once: row by row, the driver takes three times as long.
    for row in connection.execute(query.where(among(connection, number, ticket_ids))).all():
        found[row[0]].append(row)
    return found


def _people(lives: Iterable[tuple[Opening, Iterable[Event]]]) -> set[int]:
    people = {
        person
        for opening, events in lives
        for person in (
            opening.author_id,
            opening.submitter_id,
            opening.fields["requester_id"],
            *(event.author_id for event in events),
            *(event.changes.get("requester_id") for event in events),
        )
    }
    return people - {None}


def _role(raw: Mapping[str, Any]) -> Role:
    return Role.LIGHT_AGENT if raw.get("role_type") == LIGHT_AGENT else Role.AGENT
