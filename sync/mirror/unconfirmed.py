"""Asks again about tickets that one answer called gone: it may be older than its time says."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, Engine, delete, select

from integrations.runtime.database import insert_into, reading, transaction
from integrations.zendesk.export import Page
from sync.mirror.arrival import Arrival
from sync.mirror.landing import land
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.rereads import unconfirmed_deletions
from sync.warehouse.tables.tickets import tickets

# No answer is on its way for so long: what is asked then was not answered from the same state.
SETTLED = timedelta(minutes=1)
AT_ONCE = 100

Show = Callable[[Sequence[int]], Page]  # the tickets with these ids, without those that are gone


def note(connection: Connection, ticket_id: int, *, now: datetime) -> None:
    """Note that a ticket was called gone at this moment by Zendesk's clock."""
    statement = insert_into(connection, unconfirmed_deletions)
    newest = {"noted_at": statement.excluded.noted_at}
    key = [unconfirmed_deletions.c.ticket_id]
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=newest),
        {"ticket_id": ticket_id, "noted_at": now},
    )


def confirm(engine: Engine, show: Show, *, now: datetime) -> int:
    """Ask for the tickets that were called gone a while ago; those that are there come back.

    Costs a request for a hundred of them. Returns how many there were; `now` is Zendesk's time.
    """
    noted = unconfirmed_deletions.c
    query = select(noted.ticket_id).where(noted.noted_at <= now - SETTLED)
    with reading(engine) as connection:
        ids = list(connection.scalars(query.order_by(noted.ticket_id)))
    waiting = iter(ids)
    while some := list(islice(waiting, AT_ONCE)):
        page = show(some)
        with transaction(engine) as connection:
            land(
                connection,
                tickets,
                page.records,
                Arrival("tickets", Source.EXPORT, page.server_time),
            )
            asked = noted.ticket_id.in_(some), noted.noted_at < page.server_time
            connection.execute(delete(unconfirmed_deletions).where(*asked))
    return len(ids)
