"""Finds tickets with unfinished work that no worker is busy with, so that they are poked again."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from automations.actions import repository as outbox
from automations.pipeline.tables import ticket_leases
from integrations.runtime.database import reading
from integrations.webhooks import repository as inbox

MOST_TICKETS = 1_000
# A delivery this young has just been handed to a worker.
PATIENCE = timedelta(seconds=3)


def unfinished(engine: Engine, *, now: datetime, patience: timedelta = PATIENCE) -> list[int]:
    """Return tickets with deliveries or actions that are due and that nobody holds."""
    with reading(engine) as connection:
        tickets = dict.fromkeys(
            inbox.tickets_waiting(
                connection, now=now, received_before=now - patience, limit=MOST_TICKETS
            )
            + outbox.tickets_due(connection, now=now, limit=MOST_TICKETS)
        )
        held = select(ticket_leases.c.ticket_id).where(ticket_leases.c.expires_at > now)
        busy = set(connection.scalars(held))
    return [ticket_id for ticket_id in tickets if ticket_id not in busy]
