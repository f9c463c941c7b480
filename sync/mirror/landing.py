"""Writes records of any stream to the tables they belong to; a bad one never stops the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import Raw
from sqlalchemy import Column, Connection, Integer, Table
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from integrations.runtime.errors import BadRecord
from sync.mirror import histories, quarantine, unknown, writing
from sync.mirror.admission import storable
from sync.mirror.arrival import Arrival, Key, Landed
from sync.mirror.quarantine import Refused
from sync.mirror.taken_back import taken_back
from sync.mirror.writers import WRITERS
from sync.warehouse.bulk import by_key
from sync.warehouse.decoding import Strange, decoder_of
from sync.warehouse.history import AuditRows, audit_rows
from sync.warehouse.records import as_raw, read_record, whole
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from sync.warehouse.tables.tickets import tickets

__all__ = ["Arrival", "Landed", "land"]

# SQLSTATE classes that blame the values: wrong data, broken constraint, too long for an index.
FAULTS_OF_THE_RECORD = frozenset({"22", "23", "54"})
MENDED = "It holds characters that no database stores; its row has a sign for each of them instead."

Item = tuple[Raw, Any]  # a record and what it becomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """How the records of one table are read and written.

    `decode` takes what is exactly as expected and raises ValueError for the rest; `explain` gets
    the decoded record and raises BadRecord with the reason.
    """

    table: Table
    decode: Callable[[Raw, Strange], Any]
    explain: Callable[[Any, Raw, Strange], Any]
    write: Callable[[Connection, Sequence[Any], Arrival], None]
    key_of: Callable[[Any], Key]
    ticket_of: Callable[[Any], int | None]
    nested: Callable[[Sequence[Any]], Sequence[tuple[Table, Sequence[Raw]]]] = lambda _rows: ()


@dataclass(slots=True)
class Batch:
    """The records of one page on their way into the warehouse."""

    landing: Landing
    items: list[Item] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    strange: Strange = field(default_factory=dict)


def land(connection: Connection, table: Table, records: Iterable[Raw], arrival: Arrival) -> Landed:
    """Store the records; what does not fit is kept in quarantine, and the others are stored."""
    by_key(connection)
    batch = Batch(landing := landing_of(table))
    for raw in storable(connection, table, records):
        try:
            batch.items.append((raw, landing.decode(raw, batch.strange)))
        except (ValueError, RecursionError):
            _read_slowly(batch, raw)
    stored = _write(connection, batch, batch.items, arrival)
    rows = [row for _, row in stored]
    keys = {landing.key_of(row) for row in rows}
    for nested_table, nested in landing.nested(rows):
        land(connection, nested_table, nested, arrival)
    unknown.note(connection, batch.strange, now=arrival.read_at)
    quarantine.resolve(connection, table, keys, now=arrival.read_at)
    refused = [
        each for each in batch.refused if not taken_back(connection, table, each, arrival.read_at)
    ]
    quarantine.keep(connection, arrival.stream, table, refused, now=arrival.read_at)
    return Landed(
        keys=keys | {each.key for each in batch.refused if each.key is not None},
        ticket_ids={each for each in map(landing.ticket_of, rows) if each is not None},
        rows=len(rows),
        quarantined=sum(not each.stored for each in batch.refused),
    )


def _read_slowly(batch: Batch, raw: Raw) -> None:
    """Read a record value by value: it fits after all, or it is refused with the reason."""
    record: Any = None
    try:
        record, is_mended = read_record(raw)
        row = batch.landing.explain(record, as_raw(record) if is_mended else raw, batch.strange)
    except BadRecord as error:
        batch.refused.append(_refused(batch, raw, record, error.message))
        return
    batch.items.append((raw, row))
    if is_mended:
        batch.refused.append(_refused(batch, raw, record, MENDED, stored=True))


def _refused(batch: Batch, raw: Raw, record: Any, reason: str, *, stored: bool = False) -> Refused:
    fields = record if isinstance(record, dict) else {}
    table = batch.landing.table
    (name, *_) = table.primary_key.columns
    ticket = fields.get("id" if table is tickets else "ticket_id")
    key, ticket_id = _key(name, fields.get(name.name)), _number(ticket)
    return Refused(raw, reason, key=key, ticket_id=ticket_id, stored=stored)


def _key(column: Column[Any], value: Any) -> Key | None:
    if isinstance(column.type, Integer):
        return _number(value)
    return value if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    try:
        return whole(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _write(connection: Connection, batch: Batch, items: list[Item], arrival: Arrival) -> list[Item]:
    """Write all rows at once; when the database refuses one, halve until it is found."""
    if not items:
        return []
    try:
        with connection.begin_nested():
            batch.landing.write(connection, [row for _, row in items], arrival)
    except (DBAPIError, UnicodeDecodeError) as error:
        if isinstance(error, DBAPIError) and not _blames_values(error):
            raise
        if len(items) > 1:
            middle = len(items) // 2
            return _write(connection, batch, items[:middle], arrival) + _write(
                connection, batch, items[middle:], arrival
            )
        return _write_mended(connection, batch, items[0][0], arrival, error)
    return items


def _write_mended(
    connection: Connection, batch: Batch, raw: Raw, arrival: Arrival, error: Exception
) -> list[Item]:
    """Try a record that the database refused once more without what no database stores."""
    again = Batch(batch.landing)
    _read_slowly(again, raw)
    if again.items and again.refused:
        batch.refused += again.refused
        try:
            with connection.begin_nested():
                batch.landing.write(connection, [again.items[0][1]], arrival)
        except DBAPIError as second:
            if not _blames_values(second):
                raise
            batch.refused.pop()
        else:
            return again.items
    reason = f"The database refused the record: {type(error).__name__}."
    record = read_record(raw)[0]
    batch.refused.append(_refused(batch, raw, record, reason))
    return []


def _blames_values(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in FAULTS_OF_THE_RECORD or isinstance(error, DataError | IntegrityError)


@cache
def landing_of(table: Table) -> Landing:
    """Return how the records of a table are read and written."""
    if table is ticket_audits:
        return HISTORY
    decoder = decoder_of(table)
    write = WRITERS.get(table.name, writing.plainly(table, decoder.columns))
    (key, *_) = (column.name for column in table.primary_key.columns)
    ticket = "id" if table is tickets else "ticket_id"
    return Landing(
        table=table,
        decode=decoder.decode,
        explain=decoder.explain,
        write=write,
        key_of=attrgetter(key),
        ticket_of=attrgetter(ticket) if ticket in table.c else lambda _row: None,
        nested=writing.nested_metrics if table is tickets else lambda _rows: (),
    )


def _not_fast(_raw: Raw, _strange: Strange) -> AuditRows:
    raise ValueError("audits are read event by event")


def _read_audit(record: Any, raw: Raw, strange: Strange) -> AuditRows:
    rows = audit_rows(record)
    decoder_of(ticket_audits).notice(record, raw, strange)
    for comment in rows.comments:
        decoder_of(ticket_comments).notice(comment["raw"], as_raw(comment["raw"]), strange)
    return rows


HISTORY = Landing(
    table=ticket_audits,
    decode=_not_fast,
    explain=_read_audit,
    write=histories.write_history,
    key_of=lambda rows: int(rows.audit["id"]),
    ticket_of=lambda rows: int(rows.audit["ticket_id"]),
)
