"""Writes the rows of one kind of record, and what hangs on them."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Raw
from sqlalchemy import Connection, Table, delete, insert, select

from sync.mirror import erasure, people
from sync.mirror.arrival import Arrival
from sync.mirror.bin import mark_deleted
from sync.warehouse.decoding import decoder_of
from sync.warehouse.fields import JSON_NULL
from sync.warehouse.parts import refresh_parts
from sync.warehouse.shape import option_rows
from sync.warehouse.side_conversations import retell
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.upsert import upsert

Writer = Callable[[Connection, Sequence[Any], Arrival], None]


def plainly(table: Table, columns: tuple[str, ...]) -> Writer:
    """Return the writer of a table on which nothing hangs."""
    is_content = table in erasure.CONTENTS

    def write(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
        if is_content:
            rows = erasure.of_living(connection, rows)
        upsert(connection, table, rows, arrival.stamp(), columns=columns)

    return write


def write_tickets(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store tickets with their tags and custom fields; what Zendesk erased leaves a tombstone."""
    upsert(connection, tickets, rows, arrival.stamp(), columns=decoder_of(tickets).columns)
    ids = {row.id for row in rows}
    erasure.settle_tickets(connection, rows, now=arrival.read_at)
    people.clean_arrivals(connection, tickets, ids)
    refresh_parts(connection, ids)
    note_stale(connection, ids)


def nested_metrics(rows: Sequence[Any]) -> Sequence[tuple[Table, list[Raw]]]:
    """Return the metric sets that exports put inside tickets, with the table they belong to."""
    found = [
        with_key(row.metric_set, "ticket_id", row.id) for row in rows if row.metric_set != JSON_NULL
    ]
    return [(ticket_metrics, found)] if found else ()


def with_key(record: Raw, name: str, number: int) -> Raw:
    """Return the JSON object with one more number in it, unless it has that key already."""
    body = bytes(record)
    key = f'"{name}"'.encode()
    if key in body or not body.startswith(b"{"):
        return record
    rest = body[1:].lstrip()
    return Raw(b"{%s:%d%s%s" % (key, number, b"" if rest.startswith(b"}") else b",", rest))


def write_fields(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store ticket fields, and their options as rows of their own."""
    columns = decoder_of(ticket_fields).columns
    upsert(connection, ticket_fields, rows, arrival.stamp(), columns=columns)
    ids = {row.id for row in rows}
    wanted = (ticket_fields.c.id, ticket_fields.c.custom_field_options)
    stored = connection.execute(select(*wanted).where(ticket_fields.c.id.in_(ids))).all()
    options = [row for each in stored for row in option_rows(each.id, each.custom_field_options)]
    connection.execute(delete(ticket_field_options).where(ticket_field_options.c.field_id.in_(ids)))
    if options:
        connection.execute(insert(ticket_field_options), options)


def write_side_conversations(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store events of side conversations, and the conversations as their events tell them."""
    columns = decoder_of(side_conversation_events).columns
    rows = erasure.of_living(connection, rows)
    upsert(connection, side_conversation_events, rows, arrival.stamp(), columns=columns)
    people.clean_participants(connection, [row.id for row in rows])
    retell(connection, (row.side_conversation_id for row in rows))


def write_deletions(connection: Connection, rows: Sequence[Any], arrival: Arrival) -> None:
    """Store what the bin holds, and mark these tickets as deleted."""
    upsert(
        connection,
        ticket_deletions,
        rows,
        arrival.stamp(),
        columns=decoder_of(ticket_deletions).columns,
    )
    deletions = [(row.id, row.ticket_deleted_at) for row in rows]
    mark_deleted(connection, deletions, read_at=arrival.read_at)
