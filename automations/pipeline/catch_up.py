"""Hands changes that no delivery told of to the same pipeline: polling is the truth."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from automations.pipeline.tables import assessments
from integrations.runtime.clock import format_instant
from integrations.webhooks import repository as inbox
from integrations.webhooks.events import Delivery, Mark
from sync.mirror.catch_up import Uncovered, uncovered
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.tickets import tickets

NEVER_AUTOMATED = frozenset({"closed"})  # Zendesk does not let anybody change these


def hand_over(
    connection: Connection,
    ticket_ids: Collection[int],
    *,
    changed_since: datetime,
    now: datetime,
) -> list[int]:
    """Put each ticket whose newest state nobody handled or waits to handle into the inbox.

    Changes before `changed_since` are history (a first backfill): mirrored, not automated.
    Returns the ticket ids; the same change is handed over once, however often it is exported.
    """
    if not ticket_ids:
        return []
    changed = uncovered(connection, ticket_ids, changed_since=changed_since)
    waiting = inbox.covered_tickets(connection, ticket_ids)
    missed = [
        one for one in changed if one.ticket_id not in waiting and one.status not in NEVER_AUTOMATED
    ]
    inbox.store(connection, [_delivery(one) for one in missed], source="sync", now=now)
    return [one.ticket_id for one in missed]


def hand_over_unread(
    connection: Connection,
    ticket_ids: Collection[int],
    *,
    changed_since: datetime,
    now: datetime,
) -> list[int]:
    """Put tickets into the inbox whose customer said something that nobody has assessed.

    Zendesk's stamps are whole seconds: a customer's comment in the same second as our own update,
    whose delivery was lost too, shows in no stamp. It shows in the comments themselves.
    """
    read = (
        select(assessments.c.ticket_id, func.max(assessments.c.comment_id).label("comment_id"))
        .group_by(assessments.c.ticket_id)
        .subquery()
    )
    said = ticket_comments.c
    query = (
        select(said.ticket_id, func.max(said.id))
        .join(tickets, tickets.c.id == said.ticket_id)
        .outerjoin(read, read.c.ticket_id == said.ticket_id)
        .where(said.ticket_id.in_(ticket_ids), said.created_at >= changed_since)
        .where(said.public, said.author_id == tickets.c.requester_id)
        .where(said.id > func.coalesce(read.c.comment_id, 0))
        .where(tickets.c.status.not_in((*NEVER_AUTOMATED, "deleted")))
        .group_by(said.ticket_id)
    )
    unread = {int(ticket_id): comment_id for ticket_id, comment_id in connection.execute(query)}
    waiting = inbox.covered_tickets(connection, ticket_ids)
    found = [
        _found(ticket_id, f"comment:{comment_id}", happened_at=None)
        for ticket_id, comment_id in unread.items()
        if ticket_id not in waiting
    ]
    inbox.store(connection, found, source="sync", now=now)
    return [one.ticket_id for one in found if one.ticket_id is not None]


def _delivery(change: Uncovered) -> Delivery:
    return _found(
        change.ticket_id, format_instant(change.updated_at), happened_at=change.updated_at
    )


def _found(ticket_id: int, version: str, *, happened_at: datetime | None) -> Delivery:
    """Return what stands in the inbox for a delivery that never came; once a version."""
    return Delivery(
        dedupe_key=f"sync:{ticket_id}:{version}",
        mark=Mark.EVENT,
        body=msgspec.json.encode({"ticket_id": ticket_id, "version": version}).decode(),
        event_type="found_by_sync",
        ticket_id=ticket_id,
        happened_at=happened_at,
    )
