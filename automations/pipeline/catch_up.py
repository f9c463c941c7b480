"""Hands changes that no delivery told of to the same pipeline: polling is the truth."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from integrations.runtime.clock import format_instant
from integrations.webhooks import repository as inbox
from integrations.webhooks.events import Delivery, Mark
from sync.mirror.catch_up import Uncovered, uncovered

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


def _delivery(change: Uncovered) -> Delivery:
    stamp = format_instant(change.updated_at)
    body = msgspec.json.encode({"ticket_id": change.ticket_id, "updated_at": stamp}).decode()
    return Delivery(
        dedupe_key=f"sync:{change.ticket_id}:{stamp}",
        mark=Mark.EVENT,
        body=body,
        event_type="found_by_sync",
        ticket_id=change.ticket_id,
        happened_at=change.updated_at,
    )
