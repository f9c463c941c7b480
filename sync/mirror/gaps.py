"""Finds changed tickets whose audits did not come: the list of audits skips some at its end."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from sync.mirror import cursors
from sync.mirror.missing import note
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.tickets import tickets

REASON = "no audit of its newest change"
WATERMARK = "ticket_audit_gaps"  # a place of its own among the cursors
# The list of audits is read again so far back, so what has not come by then was left out.
SETTLED = timedelta(minutes=10)
TOLERANCE = timedelta(seconds=2)  # between the time of a ticket and that of its audit


def note_gaps(connection: Connection) -> int:
    """Note tickets without an audit of their newest change, to be read by themselves.

    Each change is looked at once, when both streams are well past it: so one request is spent for
    a proven gap, and for the few changes, such as leaving the bin, that write no audit.
    """
    ends = [cursors.look(connection, name).caught_up_at for name in ("tickets", "ticket_events")]
    known = [moment for moment in ends if moment is not None]
    if len(known) < len(ends):
        return 0
    until = min(known) - SETTLED
    place = cursors.read(connection, WATERMARK)
    since = place.position_at
    found = [] if since is None else _without_audit(connection, since, until)
    if since is None or until > since:
        cursors.write(connection, replace(place, position_at=until))
    note(connection, found, reason=REASON, now=min(known))
    return len(found)


def _without_audit(connection: Connection, since: datetime, until: datetime) -> list[int]:
    audits = ticket_audits.c
    newest = select(func.max(audits.created_at)).where(audits.ticket_id == tickets.c.id)
    changed = select(tickets.c.id, tickets.c.updated_at, newest.scalar_subquery()).where(
        tickets.c.updated_at > since,
        tickets.c.updated_at <= until,
        tickets.c.deleted_at.is_(None),
    )
    return [
        number
        for number, updated_at, told_at in connection.execute(changed)
        if told_at is None or told_at < updated_at - TOLERANCE
    ]
