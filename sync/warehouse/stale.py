"""Notes tickets whose clocks are to be computed anew; never commits.

A note is a row of its own, so that writers never wait for each other. Whoever computes clocks takes
the notes that he sees before he reads the tickets: what is noted later is read later.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert

from sync.warehouse.bulk import among, each_of
from sync.warehouse.tables.sla import stale_clocks


def note_stale(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Note that something of these tickets changed that their clocks may depend on."""
    if ticket_ids:
        numbers = each_of(connection, set(ticket_ids))
        connection.execute(insert(stale_clocks).from_select(["ticket_id"], numbers))


def note_due(connection: Connection, moments: Mapping[int, datetime]) -> None:
    """Note when the clocks of these tickets are to be computed anew, whatever happens to them."""
    if moments:
        rows = [{"ticket_id": each, "due_at": at} for each, at in sorted(moments.items())]
        connection.execute(insert(stale_clocks), rows)


def take_notes(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Forget what was noted of these tickets, before they are read and their clocks computed."""
    of_these = among(connection, stale_clocks.c.ticket_id, ticket_ids)
    connection.execute(delete(stale_clocks).where(of_these))
