"""Writes records of any stream to the tables they belong to; a bad one never stops the others."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from integrations.runtime.errors import BadRecord
from sync.mirror import quarantine
from sync.mirror.bin import mark_deleted
from sync.warehouse.history import AuditRows, audit_rows, end_earlier_values
from sync.warehouse.records import Row, clean
from sync.warehouse.shape import field_value_rows, nested_metrics, option_rows, shape, tag_rows
from sync.warehouse.side_conversations import retell
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.tickets import (
    ticket_field_values,
    ticket_metrics,
    ticket_tags,
    tickets,
)
from sync.warehouse.upsert import upsert
from sync.warehouse.withheld import without_secrets

# SQLSTATE classes that blame the values: wrong data, broken constraint, too long for an index.
FAULTS_OF_THE_RECORD = frozenset({"22", "23", "54"})
SCRUBBED = "SCRUBBED"  # what Zendesk leaves of the text of a ticket it erased


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where records came from and when they were read; the same for all rows of one page."""

    stream: str
    source: Source
    read_at: datetime

    def stamp(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows with their bookkeeping columns."""
        mark = {"_synced_at": self.read_at, "_source": self.source.value}
        return [row | mark for row in rows]


@dataclass(frozen=True, slots=True)
class Landing:
    """How the records of one table are read and written."""

    shape: Callable[[Any], Any]
    write: Callable[[Connection, Sequence[Any], Arrival], None]


def land(
    connection: Connection, table: Table, records: Iterable[Any], arrival: Arrival
) -> list[dict[str, Any]]:
    """Store the records and return those that could be stored; the others are in quarantine."""
    landing = LANDINGS.get(table.name) or _plain(table)
    readable: list[tuple[Any, Any]] = []
    refused: list[quarantine.Refused] = []
    for record in (clean(without_secrets(table.name, each)) for each in records):
        try:
            readable.append((record, landing.shape(record)))
        except BadRecord as error:
            refused.append((record, error.message))
    refused_by_database = _write(connection, landing, readable, arrival)
    quarantine.keep(connection, arrival.stream, refused + refused_by_database, now=arrival.read_at)
    lost = {id(record) for record, _ in refused_by_database}
    return [record for record, _ in readable if id(record) not in lost]


def _write(
    connection: Connection, landing: Landing, shaped: list[tuple[Any, Any]], arrival: Arrival
) -> list[quarantine.Refused]:
    """Write all rows at once; when the database refuses one, halve until it is found."""
    if not shaped:
        return []
    try:
        with connection.begin_nested():
            landing.write(connection, [rows for _, rows in shaped], arrival)
    except DBAPIError as error:
        if not _blames_values(error):
            raise
        if len(shaped) == 1:
            return [(shaped[0][0], f"The database refused the record: {type(error).__name__}.")]
        middle = len(shaped) // 2
        return _write(connection, landing, shaped[:middle], arrival) + _write(
            connection, landing, shaped[middle:], arrival
        )
    return []


def _blames_values(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in FAULTS_OF_THE_RECORD or isinstance(error, DataError | IntegrityError)


def _plain(table: Table) -> Landing:
    def write(connection: Connection, rows: Sequence[Row], arrival: Arrival) -> None:
        upsert(connection, table, arrival.stamp(rows))

    return Landing(shape=lambda record: shape(table, record), write=write)


def _write_tickets(connection: Connection, rows: Sequence[Row], arrival: Arrival) -> None:
    upsert(connection, tickets, arrival.stamp(rows))
    _refresh_parts(connection, {row["id"] for row in rows})
    metrics = [metric for row in rows for metric in nested_metrics(row["raw"])]
    if metrics:
        land(connection, ticket_metrics, metrics, arrival)
    erased = [row["id"] for row in rows if _is_scrubbed(row)]
    if erased:
        erase_contents(connection, erased)


def _refresh_parts(connection: Connection, ids: Collection[int]) -> None:
    """Write tags and custom fields anew from the tickets as they are stored now.

    The upsert has locked these tickets, also those it left as they were, so nobody is between.
    """
    columns = (tickets.c.id, tickets.c.tags, tickets.c.custom_fields)
    stored = connection.execute(select(*columns).where(tickets.c.id.in_(ids))).all()
    tags = [row for ticket in stored for row in tag_rows(ticket.id, ticket.tags)]
    fields = [row for t in stored for row in field_value_rows(t.id, t.custom_fields)]
    for table, rows in ((ticket_tags, tags), (ticket_field_values, fields)):
        connection.execute(delete(table).where(table.c.ticket_id.in_(ids)))
        if rows:
            connection.execute(insert(table), rows)


def _is_scrubbed(row: Row) -> bool:
    return bool(row["deleted_at"]) and row["subject"] == row["description"] == SCRUBBED


def erase_contents(connection: Connection, ids: Collection[int]) -> None:
    """Delete what was said and filled in on these tickets; Zendesk has erased it for good."""
    for table in (ticket_comments, ticket_field_history, ticket_audits, ticket_field_values):
        connection.execute(delete(table).where(table.c.ticket_id.in_(ids)))


def _write_history(connection: Connection, audits: Sequence[AuditRows], arrival: Arrival) -> None:
    upsert(connection, ticket_audits, arrival.stamp(rows.audit for rows in audits))
    comments = [comment for rows in audits for comment in rows.comments]
    upsert(connection, ticket_comments, arrival.stamp(comments))
    changes = [change for rows in audits for change in rows.changes]
    upsert(connection, ticket_field_history, arrival.stamp(changes))
    end_earlier_values(connection, {change["ticket_id"] for change in changes})
    private = [comment_id for rows in audits for comment_id in rows.made_private]
    if private:
        made_private = update(ticket_comments).where(ticket_comments.c.id.in_(private))
        connection.execute(made_private.values(public=False))


def _write_fields(connection: Connection, rows: Sequence[Row], arrival: Arrival) -> None:
    """Store ticket fields, and their options as rows of their own."""
    upsert(connection, ticket_fields, arrival.stamp(rows))
    ids = {row["id"] for row in rows}
    columns = (ticket_fields.c.id, ticket_fields.c.custom_field_options)
    stored = connection.execute(select(*columns).where(ticket_fields.c.id.in_(ids))).all()
    options = [row for each in stored for row in option_rows(each.id, each.custom_field_options)]
    connection.execute(delete(ticket_field_options).where(ticket_field_options.c.field_id.in_(ids)))
    if options:
        connection.execute(insert(ticket_field_options), options)


def _write_side_conversations(
    connection: Connection, rows: Sequence[Row], arrival: Arrival
) -> None:
    upsert(connection, side_conversation_events, arrival.stamp(rows))
    retell(connection, (row["side_conversation_id"] for row in rows))


def _write_deletions(connection: Connection, rows: Sequence[Row], arrival: Arrival) -> None:
    upsert(connection, ticket_deletions, arrival.stamp(rows))
    deletions = [(row["id"], row["ticket_deleted_at"]) for row in rows]
    mark_deleted(connection, deletions, read_at=arrival.read_at)


LANDINGS: Mapping[str, Landing] = {
    ticket_deletions.name: Landing(
        shape=lambda record: shape(ticket_deletions, record), write=_write_deletions
    ),
    ticket_fields.name: Landing(
        shape=lambda record: shape(ticket_fields, record), write=_write_fields
    ),
    tickets.name: Landing(shape=lambda record: shape(tickets, record), write=_write_tickets),
    ticket_audits.name: Landing(shape=audit_rows, write=_write_history),
    side_conversation_events.name: Landing(
        shape=lambda record: shape(side_conversation_events, record),
        write=_write_side_conversations,
    ),
}
