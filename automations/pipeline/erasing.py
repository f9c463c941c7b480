"""Takes away what the desk noted of erased tickets: links, what triage read, what it would write.

The pipeline does it at once where a delivery tells of the erasure; this is for those that only the
mirror found out.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine, delete, select

from automations.actions import repository as outbox
from automations.cases import service as cases
from automations.cases.tables import case_mentions
from automations.pipeline.tables import assessments
from integrations.runtime.database import reading, transaction
from sync.warehouse.tables.tickets import tickets


def forget_erased(engine: Engine, *, now: datetime) -> int:
    """Forget every erased ticket of which something is still noted, and return how many."""
    erased = select(tickets.c.id).where(tickets.c.erased_at.is_not(None))
    with reading(engine) as connection:
        noted = {
            *connection.scalars(
                select(case_mentions.c.ticket_id).where(case_mentions.c.ticket_id.in_(erased))
            ),
            *connection.scalars(
                select(assessments.c.ticket_id).where(assessments.c.ticket_id.in_(erased))
            ),
            *outbox.with_words(connection, erased),
        }
    for ticket_id in sorted(noted):
        with transaction(engine) as connection:
            forget(connection, ticket_id, now=now)
    return len(noted)


def forget(connection: Connection, ticket_id: int, *, now: datetime) -> None:
    """Forget what is noted of one ticket."""
    cases.forget(connection, ticket_id, now=now)
    connection.execute(delete(assessments).where(assessments.c.ticket_id == ticket_id))
    outbox.forget_words(connection, ticket_id, now=now)
