"""Compares a row of the warehouse with the row Zendesk's record would be now, field by field."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table

from sync.verification.expected import PART_OWNER, Expected, Key
from sync.warehouse.records import NOT_FROM_ZENDESK, Row
from sync.warehouse.tables.bookkeeping import ROUGH, Source
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.wording import as_text

# A single read does not tell the change clock, so a correct mirror may hold none.
NOT_COMPARED = NOT_FROM_ZENDESK | {"generated_timestamp"}
# What Zendesk adds to a record in some answers only; metrics have a table of their own.
ONLY_SOMETIMES = frozenset({"generated_timestamp", "metric_set", "metric_events", "slas"})
# Rows read as the comparison reads them: their raw records agree key by key.
READ_ALIKE = frozenset({Source.EXPORT.value, Source.VERIFY.value})
# Text that is no person's: everything else is shown by its length and a fingerprint only.
PLAIN_TEXT = frozenset({"status", "priority", "type", "via_channel", "role", "field", "locale"})
WHOLE_RECORD = "record"
PRESENT, ABSENT = "present", "absent"

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value in which the warehouse and Zendesk do not agree; free of personal text."""

    stream: str
    table: str
    id: str
    field: str
    warehouse: str
    zendesk: str
    likely_cause: str
    repaired: bool = False


class Stored(NamedTuple):
    """The rows the warehouse has under a key, and when the newest of them was read."""

    rows: list[Row]
    synced_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A difference before its cause is known; `stored` is what it was compared with."""

    table: Table
    key: Key
    field: str
    warehouse: Any
    zendesk: Any
    ticket_id: int | None
    stored: Stored
    expected: Expected | None = None

    def shown(self, value: Any) -> str:
        """Return one of the two values as it may be printed."""
        return str(value) if self.field == WHOLE_RECORD else show(self.field, value)


@cache
def compared_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that Zendesk decides."""
    left_out = NOT_COMPARED | rough_columns(table) | {PART_OWNER.get(table.name)}
    return tuple(column.name for column in table.columns if column.name not in left_out)


@cache
def rough_columns(table: Table) -> frozenset[str]:
    """Return the columns whose numbers Zendesk counts at times of its own."""
    return frozenset(column.name for column in table.columns if column.info.get(ROUGH))


def digest(table: Table, row: Mapping[str, Any]) -> int:
    """Return a checksum of what has to agree in a row, 64 bits with sign."""
    names = compared_columns(table)
    return _checksum([_comparable(name, row[name]) for name in names])


def raw_digest(table: Table, row: Mapping[str, Any]) -> int:
    """Return a checksum of the raw record; 0 for tables without one."""
    raw = row.get("raw")
    return 0 if raw is None else _checksum(_always_there(table, raw))


def differing(
    table: Table, stored: Sequence[Row], expected: Expected, *, alike: bool = True
) -> Iterator[tuple[str, Any, Any]]:
    """Yield each field that differs, with the warehouse's and Zendesk's value.

    `alike`: the expected record was read from the same kind of answer as exported rows were.
    """
    if table.name in PART_OWNER:
        names = compared_columns(table)
        has, wanted = (_as_set(names, rows) for rows in (stored, expected.rows))
        if has != wanted:
            yield "rows", sorted(has, key=str), sorted(wanted, key=str)
        return
    (row,) = expected.rows
    if not stored:
        yield WHOLE_RECORD, ABSENT, PRESENT
        return
    for name in compared_columns(table):
        if _comparable(name, stored[0][name]) != _comparable(name, row[name]):
            yield name, stored[0][name], row[name]
    if "raw" in stored[0] and not _raw_agrees(table, stored[0], row["raw"], alike=alike):
        yield "raw", stored[0]["raw"], row["raw"]


def is_alive(row: Row) -> bool:
    """Tell whether the warehouse holds the record as one that Zendesk still has."""
    return row.get("deleted_at") is None and row.get("erased_at") is None


def show(name: str, value: Any) -> str:
    """Return a value as it may be printed: numbers, times and codes; of text only its size."""
    if value is None:
        return "empty"
    if isinstance(value, bool | int | date) or (isinstance(value, str) and name in PLAIN_TEXT):
        return str(value)
    text = as_text(value) or ""
    fingerprint = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{len(text)} characters #{fingerprint}"


def _checksum(value: Any) -> int:
    found = hashlib.blake2b(_encode(value), digest_size=8).digest()
    return int.from_bytes(found, "big", signed=True)


def _raw_agrees(table: Table, stored: Row, expected: Any, *, alike: bool) -> bool:
    """Compare raw records; other ways of reading may leave keys out, never tell other values."""
    has, wanted = _always_there(table, stored["raw"]), _always_there(table, expected)
    alike = alike and stored.get("_source") in READ_ALIKE
    if alike or not isinstance(has, dict) or not isinstance(wanted, dict):
        return bool(has == wanted)
    return all(has[key] == wanted[key] for key in has.keys() & wanted.keys())


def _always_there(table: Table, raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    left_out = ONLY_SOMETIMES | rough_columns(table)
    if table is ticket_comments:  # a later event may have made it private; the column tells that
        left_out |= {"public"}
    return {key: value for key, value in raw.items() if key not in left_out}


def _comparable(name: str, value: Any) -> Any:
    """Return what has to agree: of a deletion only that it happened, of tags not their order."""
    if name == "deleted_at":
        return value is not None
    return sorted(value, key=str) if name == "tags" and isinstance(value, list) else value


def _as_set(names: Sequence[str], rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    return {tuple(row[name] for name in names) for row in rows}
