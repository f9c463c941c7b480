"""The rows that a page of Zendesk's records would be in the warehouse, every table of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw
from sqlalchemy import Table

from integrations.runtime.errors import BadRecord
from integrations.zendesk.export import Page
from sync.mirror.engine import with_parent
from sync.mirror.writing import with_key
from sync.streams.stream import Stream
from sync.warehouse.fields import JSON_NULL
from sync.warehouse.history import audit_rows
from sync.warehouse.records import Row, as_raw
from sync.warehouse.records import read_record as decoded
from sync.warehouse.shape import field_value_rows, option_rows, shape, tag_rows
from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.tickets import (
    ticket_field_values,
    ticket_metrics,
    ticket_tags,
    tickets,
)
from sync.warehouse.tombstones import as_tombstone, raw_tombstone

Key = tuple[Any, ...]


class Part(NamedTuple):
    """A table that repeats a list of its owner's row; it is compared owner by owner."""

    table: Table
    owner: str  # column with the id of the owner
    rows: Callable[[Row], list[Row]]


class Origin(NamedTuple):
    """The record that rows come from, and the table it is landed in."""

    table: Table
    record: Raw


class Expected(NamedTuple):
    """One row as Zendesk has it, or all rows that a part table has for one owner."""

    table: Table
    key: Key
    rows: tuple[Row, ...]  # exactly one, unless the table is a part
    origin: "Origin"
    changed_at: datetime | None


@dataclass(slots=True)
class Reading:
    """What one page tells: rows, comments made private, and records that are no rows (ids)."""

    rows: list[Expected] = field(default_factory=list)
    made_private: list[int] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)  # ids


PARTS: Mapping[str, tuple[Part, ...]] = {
    tickets.name: (
        Part(ticket_tags, "ticket_id", lambda row: tag_rows(row["id"], row["tags"])),
        Part(
            ticket_field_values,
            "ticket_id",
            lambda row: field_value_rows(row["id"], row["custom_fields"]),
        ),
    ),
    ticket_fields.name: (
        Part(
            ticket_field_options,
            "field_id",
            lambda row: option_rows(row["id"], row["custom_field_options"]),
        ),
    ),
}
PART_OWNER: Mapping[str, str] = {
    part.table.name: part.owner for parts in PARTS.values() for part in parts
}
OWNER_TABLE: Mapping[str, Table] = {
    part.table.name: owner for owner in (tickets, ticket_fields) for part in PARTS[owner.name]
}
# Tables that are filled from what lies inside the records of another table.
INSIDE: Mapping[str, tuple[Table, ...]] = {
    tickets.name: (ticket_metrics,),
    ticket_audits.name: (ticket_comments, ticket_field_history),
}


def tables_of(stream: Stream) -> tuple[Table, ...]:
    """Return every table that the stream fills, its own first."""
    main = stream.table
    inside = [*INSIDE.get(main.name, ()), *(table for _, table in stream.sideloads)]
    parts = [part.table for part in PARTS.get(main.name, ())]
    return tuple(dict.fromkeys((main, *inside, *parts)))


def read_page(stream: Stream, page: Page, parent_id: Any) -> Reading:
    """Return what the warehouse should hold of a page."""
    reading = Reading()
    for record in with_parent(stream, page.records, parent_id):
        read_record(reading, stream.table, record)
    for key, table in stream.sideloads:
        for record in page.sideloads.get(key, ()):
            read_record(reading, table, record)
    return reading


def read_record(reading: Reading, table: Table, raw: Raw) -> None:
    """Add the rows of one record, or why it has none."""
    record: Any = None
    try:
        record, _ = decoded(raw)
        origin = Origin(table, raw)
        is_audit = table is ticket_audits
        rows = _of_audit(reading, record, origin) if is_audit else _of_record(record, origin)
        reading.rows.extend(list(rows))
    except BadRecord:
        number = record.get("id") if isinstance(record, dict) else None
        reading.unreadable.append(str(number))


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    """Return the primary key of a row; of a part, its owner's id."""
    owner = PART_OWNER.get(table.name)
    if owner is not None:
        return (row[owner],)
    return tuple(row[column.name] for column in table.primary_key.columns)


def is_erased(expected: Expected) -> bool:
    """Tell whether Zendesk shows that the record was deleted for good."""
    row = expected.rows[0] if expected.rows else {}
    return "raw" in row and row["raw"] == raw_tombstone(row.get("id", 0))


def ticket_of(table: Table, row: Mapping[str, Any]) -> int | None:
    """Return the ticket a row belongs to."""
    number = row["id"] if table is tickets else row.get("ticket_id")
    return number if isinstance(number, int) else None


def _of_record(record: Any, origin: Origin) -> Iterator[Expected]:
    table = origin.table
    row = as_tombstone(table, _as_stored(shape(table, record)))
    changed_at = _changed_at(row)
    yield Expected(table, key_of(table, row), (row,), origin, changed_at)
    for part in PARTS.get(table.name, ()):
        yield Expected(part.table, (row["id"],), tuple(part.rows(row)), origin, changed_at)
    if table is tickets and row["metric_set"] != JSON_NULL:
        nested, _ = decoded(with_key(row["metric_set"], "ticket_id", row["id"]))
        inner = _as_stored(shape(ticket_metrics, nested))
        key = key_of(ticket_metrics, inner)
        yield Expected(ticket_metrics, key, (inner,), origin, changed_at)


def _as_stored(row: Row) -> Row:
    """Return the row as the database gives it back: fractions within JSON are floats there."""
    nested = {name: value for name, value in row.items() if isinstance(value, list | dict)}
    return row | {name: msgspec.json.decode(as_raw(value)) for name, value in nested.items()}


def _of_audit(reading: Reading, record: Any, origin: Origin) -> Iterator[Expected]:
    audit = audit_rows(record)
    reading.made_private.extend(audit.made_private)
    for table, rows in (
        (ticket_audits, [audit.audit]),
        (ticket_comments, audit.comments),
        (ticket_field_history, audit.changes),
    ):
        for row in rows:
            changed_at = audit.audit["created_at"]
            yield Expected(table, key_of(table, row), (_as_stored(row),), origin, changed_at)


def _changed_at(row: Row) -> datetime | None:
    """Return when Zendesk last changed the record, by whichever of its two clocks is later."""
    clock = row.get("generated_timestamp")
    times = [row.get("updated_at"), datetime.fromtimestamp(clock, UTC) if clock else None]
    return max((each for each in times if each is not None), default=None)
