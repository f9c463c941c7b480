"""Reads the comments of tickets anew from which something was taken back: one request a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection, Engine, delete, select, update

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import RecordGone, RiskdeskError
from sync.mirror.intake import mark_vanished
from sync.mirror.landing import Arrival, land
from sync.mirror.missing import NOT_LISTED
from sync.warehouse.records import as_raw
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.rereads import ticket_rereads
from sync.warehouse.tables.tickets import tickets

MOST_FAILURES = 3  # after so many one after the other, Zendesk is not to be asked now

log = structlog.get_logger(__name__)


class TicketReader(Protocol):
    """The part of the Zendesk client that a second look needs."""

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """Read one ticket; RecordGone when there is none."""

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        """Read all audits of a ticket; RecordGone when there is none."""

    def server_time(self) -> datetime | None:
        """Return Zendesk's clock as the newest answer told it."""


@dataclass(slots=True)
class SecondLooks:
    """How many tickets were read anew, and how many still wait because reading them failed."""

    done: int = 0
    failed: int = 0


def look_again(engine: Engine, zendesk: TicketReader, *, now: datetime) -> SecondLooks:
    """Read every noted ticket once; what fails stays noted with its error, for the next run.

    Deleted tickets wait: Zendesk shows them to nobody until they are restored.
    """
    result, in_a_row = SecondLooks(), 0
    for ticket_id, noted_at in noted(engine):
        try:
            _look(engine, zendesk, ticket_id, noted_at, now=now)
        except RiskdeskError as error:
            if isinstance(error, RecordGone):
                _mark_if_gone(engine, zendesk, ticket_id, now=now)
            _note_failure(engine, ticket_id, error)
            result.failed += 1
            in_a_row = 0 if isinstance(error, RecordGone) else in_a_row + 1
            if in_a_row == MOST_FAILURES:
                break
        else:
            result.done += 1
            in_a_row = 0
    return result


def noted(engine: Engine) -> Sequence[Any]:
    """Return tickets to be read anew; those that failed come last."""
    noted = ticket_rereads.c
    gone = select(tickets.c.id).where(tickets.c.deleted_at.is_not(None))
    query = select(noted.ticket_id, noted.noted_at).where(
        ~gone.where(tickets.c.id == noted.ticket_id).exists(), noted.reason != NOT_LISTED
    )
    with reading(engine) as connection:
        return connection.execute(query.order_by(noted.attempts, noted.noted_at)).all()


def _look(
    engine: Engine, zendesk: TicketReader, ticket_id: int, noted_at: datetime, *, now: datetime
) -> None:
    audits = zendesk.audits(ticket_id)
    has_bad_ticket = _is_in_quarantine(engine, ticket_id)
    ticket = zendesk.ticket(ticket_id) if has_bad_ticket else None
    read_at = zendesk.server_time() or now
    with transaction(engine) as connection:
        noted = ticket_rereads.c
        this = noted.ticket_id == ticket_id, noted.noted_at == noted_at
        connection.execute(delete(ticket_rereads).where(*this))  # landing may note it once more
        _forget_copies(connection, ticket_id)
        events = Arrival("ticket_events", Source.EXPORT, read_at)
        land(connection, ticket_audits, map(as_raw, audits), events)
        if ticket is not None:
            alone = Arrival("tickets", Source.EXPORT, read_at)
            land(connection, tickets, [as_raw(ticket)], alone)


def _is_in_quarantine(engine: Engine, ticket_id: int) -> bool:
    kept = quarantined_records.c
    query = select(kept.id).where(kept.table_name == tickets.name, kept.ticket_id == ticket_id)
    with reading(engine) as connection:
        return connection.execute(query.limit(1)).first() is not None


def _forget_copies(connection: Connection, ticket_id: int) -> None:
    """Remove what quarantine holds of its texts: what still does not fit comes back redacted."""
    kept = quarantined_records.c
    texts = kept.table_name.in_((tickets.name, ticket_audits.name))
    connection.execute(delete(quarantined_records).where(kept.ticket_id == ticket_id, texts))


def _mark_if_gone(engine: Engine, zendesk: TicketReader, ticket_id: int, *, now: datetime) -> None:
    """Mark a ticket as deleted when Zendesk has neither its history nor the ticket itself."""
    try:
        zendesk.ticket(ticket_id)
    except RecordGone:
        with transaction(engine) as connection:
            mark_vanished(connection, ticket_id, now=zendesk.server_time() or now)
    except RiskdeskError:
        return  # the next run asks again


def _note_failure(engine: Engine, ticket_id: int, error: RiskdeskError) -> None:
    log.warning("second_look_failed", ticket_id=ticket_id, error=type(error).__name__)
    noted = ticket_rereads.c
    failed = update(ticket_rereads).where(noted.ticket_id == ticket_id)
    with transaction(engine) as connection:
        connection.execute(failed.values(attempts=noted.attempts + 1, error=error.message))
