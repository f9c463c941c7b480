"""Finds the tickets whose clocks are no longer right; never commits."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, literal, null, or_, select, union

from sync.sla.rulebook import Basis, Rule
from sync.sla.schedules import to_instant
from sync.sla.verdict.repository import to_compare_again
from sync.warehouse.bulk import among
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from sync.warehouse.tables.sla import sla_basis, sla_clocks, stale_clocks
from sync.warehouse.tables.tickets import tickets


def all_ticket_ids(connection: Connection) -> Sequence[int]:
    """Return every ticket of the warehouse."""
    return connection.scalars(select(tickets.c.id).order_by(tickets.c.id)).all()


def stale_ticket_ids(connection: Connection, *, now: datetime) -> Sequence[int]:
    """Return tickets of which something changed, or a clock of which breached by waiting.

    Also those that are to be compared with Zendesk's own account once more.
    """
    noted = select(stale_clocks.c.ticket_id).where(
        or_(stale_clocks.c.due_at.is_(None), stale_clocks.c.due_at <= now)
    )
    clocks = sla_clocks.c
    # Spelled as the index has it, which holds only clocks that run and did not breach.
    due = select(clocks.ticket_id).where(
        clocks.state == literal("active", literal_execute=True),
        clocks.breached == literal(value=False, literal_execute=True),
        clocks.due_at <= now,
    )
    return sorted(connection.scalars(union(noted, due, to_compare_again(now=now))))


def known_basis(connection: Connection) -> Basis:
    """Return the rules that the stored clocks were computed with."""
    rows = connection.execute(select(sla_basis))
    return {row.name: Rule(row.active_from, row.digest) for row in rows}


def keep_basis(connection: Connection, basis: Basis) -> None:
    """Put these rules in the place of those the clocks were computed with."""
    connection.execute(delete(sla_basis))
    rows = [
        {"name": name, "active_from": rule.active_from, "digest": rule.digest}
        for name, rule in sorted(basis.items())
    ]
    if rows:
        connection.execute(insert(sla_basis), rows)


def note_updated_since(connection: Connection, since: int | None) -> None:
    """Note every ticket that was updated since a second; None: all of them."""
    updated = select(tickets.c.id, null())
    if since is not None:
        updated = updated.where(tickets.c.updated_at >= to_instant(since))
    connection.execute(insert(stale_clocks).from_select(["ticket_id", "due_at"], updated))


def note_tickets_of(connection: Connection, people: Collection[int]) -> None:
    """Note the tickets that these people asked, answered or changed."""
    involved = union(
        select(ticket_audits.c.ticket_id).where(
            among(connection, ticket_audits.c.author_id, people)
        ),
        select(ticket_comments.c.ticket_id).where(
            among(connection, ticket_comments.c.author_id, people)
        ),
        select(tickets.c.id).where(among(connection, tickets.c.requester_id, people)),
    ).subquery()
    connection.execute(
        insert(stale_clocks).from_select(["ticket_id", "due_at"], select(involved, null()))
    )
