"""Hands changes that no delivery told of to the same pipeline: polling is the truth."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from integrations.runtime.clock import format_instant, parse_instant
from integrations.webhooks import repository as inbox
from integrations.webhooks.events import Delivery, Mark
from sync.warehouse.tables.tickets import tickets

NEVER_AUTOMATED = frozenset({"closed"})  # Zendesk does not let anybody change these


def hand_over(
    connection: Connection,
    records: Iterable[dict[str, Any]],
    *,
    youngest_age: timedelta,
    now: datetime,
    zendesk_now: datetime,
) -> list[int]:
    """Put each ticket whose newest state nobody handled or waits to handle into the inbox.

    Changes older than `youngest_age` are history (a first backfill): mirrored, not automated.
    Returns the ticket ids; the same change is handed over once, however often it is exported.
    """
    changed = {
        int(record["id"]): parse_instant(record["updated_at"])
        for record in records
        if record.get("status") not in NEVER_AUTOMATED
    }
    recent = {one: at for one, at in changed.items() if zendesk_now - at <= youngest_age}
    if not recent:
        return []
    handled = dict(
        connection.execute(
            select(tickets.c.id, tickets.c.handled_version).where(tickets.c.id.in_(recent))
        )
        .tuples()
        .all()
    )
    waiting = inbox.covered_tickets(connection, list(recent))
    missed = {
        one: at
        for one, at in recent.items()
        if one not in waiting and ((seen := handled.get(one)) is None or seen < at)
    }
    found = [_delivery(one, at) for one, at in missed.items()]
    inbox.store(connection, found, source="sync", now=now)
    return list(missed)


def _delivery(ticket_id: int, updated_at: datetime) -> Delivery:
    stamp = format_instant(updated_at)
    body = msgspec.json.encode({"ticket_id": ticket_id, "updated_at": stamp}).decode()
    return Delivery(
        dedupe_key=f"sync:{ticket_id}:{stamp}",
        mark=Mark.EVENT,
        body=body,
        event_type="found_by_sync",
        ticket_id=ticket_id,
        happened_at=updated_at,
    )
