"""Which records that do not fit must not be kept either, because their content was taken back."""

from datetime import datetime

from sqlalchemy import Connection, Table, select

from sync.mirror.erasure import erased_among
from sync.mirror.quarantine import Refused
from sync.mirror.redactions import REASON, SETTLED, note_rereads
from sync.warehouse.history import PRIVACY
from sync.warehouse.tables.history import comment_redactions, ticket_audits
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets


def taken_back(connection: Connection, table: Table, refused: Refused, read_at: datetime) -> bool:
    """Tell whether a refused record belongs to something erased, or is older than a redaction.

    The latter is read anew; what still does not fit then is kept.
    """
    if table is users and isinstance(refused.key, int):
        return bool(erased_among(connection, users, [refused.key]))
    if refused.ticket_id is None:
        return False
    if erased_among(connection, tickets, [refused.ticket_id]):
        return True
    return table is ticket_audits and _may_be_older(connection, refused.ticket_id, read_at)


def _may_be_older(connection: Connection, ticket_id: int, read_at: datetime) -> bool:
    told = comment_redactions.c
    newer = told.redacted_at >= read_at - SETTLED, told.kind != PRIVACY
    query = select(told.event_id).where(told.ticket_id == ticket_id, *newer).limit(1)
    if connection.execute(query).first() is None:
        return False
    note_rereads(connection, [ticket_id], reason=REASON, now=read_at)
    return True
