"""One worker a ticket: claim, prove and release, with a fencing token against the slow."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from automations.pipeline.tables import ticket_leases
from integrations.runtime.database import insert_into, transaction
from integrations.runtime.errors import LeaseLost

_FREE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a ticket; usable as the executor's guard."""

    ticket_id: int
    token: int

    def __call__(self, connection: Connection) -> None:
        """Raise LeaseLost inside a transaction when another worker has claimed the ticket."""
        query = select(ticket_leases.c.token).where(ticket_leases.c.ticket_id == self.ticket_id)
        if connection.scalar(query.with_for_update()) != self.token:
            raise LeaseLost(self.ticket_id)


def claim(engine: Engine, ticket_id: int, *, now: datetime, lasts: timedelta) -> Lease | None:
    """Take the ticket if nobody holds it; None when somebody does."""
    row = {"ticket_id": ticket_id, "token": 1, "expires_at": now + lasts}
    with transaction(engine) as connection:
        insert = insert_into(connection, ticket_leases).values(row)
        token = connection.scalar(
            insert.on_conflict_do_update(
                index_elements=["ticket_id"],
                set_={
                    "token": ticket_leases.c.token + 1,
                    "expires_at": insert.excluded.expires_at,
                },
                where=ticket_leases.c.expires_at <= now,
            ).returning(ticket_leases.c.token)
        )
    return None if token is None else Lease(ticket_id, int(token))


def release(engine: Engine, lease: Lease) -> None:
    """Give the ticket back; harmless when it was lost."""
    with transaction(engine) as connection:
        connection.execute(
            update(ticket_leases)
            .where(ticket_leases.c.ticket_id == lease.ticket_id)
            .where(ticket_leases.c.token == lease.token)
            .values(expires_at=_FREE)
        )


def release_all(engine: Engine) -> None:
    """Free every ticket; only for a process that knows to be alone on this database."""
    with transaction(engine) as connection:
        connection.execute(update(ticket_leases).values(expires_at=_FREE))
