"""The lives of tickets as the engine needs them, read from the warehouse."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Column, Connection, Select, select

from sync.sla.lives import FIELDS, Record, TicketRows, read_life
from sync.sla.timeline import Role, Timeline, build_timeline
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets

LIGHT_AGENT = 1  # Zendesk's role_type

_TICKET = [
    tickets.c[name] for name in (*FIELDS, "id", "created_at", "via_channel", "custom_fields")
]
_AUDIT = [ticket_audits.c[name] for name in ("id", "ticket_id", "author_id", "created_at")]
_COMMENT = [
    ticket_comments.c[name]
    for name in ("ticket_id", "audit_id", "author_id", "public", "created_at")
]


def load_timelines(connection: Connection, ticket_ids: Collection[int]) -> Iterator[Timeline]:
    """Yield the lives of these tickets after a fixed number of queries; deleted ones have none."""
    kept = select(*_TICKET).where(tickets.c.id.in_(ticket_ids), tickets.c.deleted_at.is_(None))
    audits = _by_ticket(connection, _of(ticket_ids, _AUDIT))
    comments = _by_ticket(connection, _of(ticket_ids, _COMMENT))
    changes = _by_ticket(connection, _of(ticket_ids, list(ticket_field_history.c)))
    lives = [
        read_life(TicketRows(row, audits[row["id"]], comments[row["id"]], changes[row["id"]]))
        for row in _records(connection, kept)
    ]
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
    staff = _staff(connection, people - {None})
    for opening, events in lives:
        yield build_timeline(opening, events, staff)


def _of(ticket_ids: Collection[int], columns: Sequence[Column[Any]]) -> Select[Any]:
    """Select the rows of these tickets from the columns' table."""
    return select(*columns).where(columns[0].table.c.ticket_id.in_(ticket_ids))


def _by_ticket(connection: Connection, query: Select[Any]) -> defaultdict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for row in _records(connection, query):
        found[row["ticket_id"]].append(row)
    return found


def _records(connection: Connection, query: Select[Any]) -> Sequence[Record]:
    return cast("Sequence[Record]", connection.execute(query).mappings().all())


def _staff(connection: Connection, people: Iterable[int]) -> dict[int, Role]:
    """Return the staff among these people; whoever is not here counts as a customer."""
    columns = (users.c.id, users.c.raw)
    query = select(*columns).where(users.c.id.in_(people), users.c.role.in_(["agent", "admin"]))
    return {
        user_id: Role.LIGHT_AGENT if raw.get("role_type") == LIGHT_AGENT else Role.AGENT
        for user_id, raw in connection.execute(query)
    }
