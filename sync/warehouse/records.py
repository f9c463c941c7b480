"""From one JSON record of Zendesk to one row: every column is read as its type says, or refused."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Table

from integrations.runtime.clock import parse_instant
from integrations.runtime.database import UtcDateTime
from integrations.runtime.errors import BadRecord
from integrations.zendesk.answers import read_json
from sync.warehouse.fields import Instant, longest
from sync.warehouse.tables.bookkeeping import EMPTY

Row = dict[str, Any]
MAX_ID = 2**63 - 1
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
NUL = b"\\u0000"
NOT_FROM_ZENDESK = frozenset(  # the warehouse's own columns
    {"_synced_at", "_source", "raw", "handled_version", "erased_at", "valid_until"}
)
_EXACT = msgspec.json.Decoder(float_hook=Decimal)
ENCODER = msgspec.json.Encoder(decimal_format="number")


class Reading(NamedTuple):
    """How one column is read from a record."""

    name: str
    read: Callable[[Any], Any]
    required: bool
    empty: Any


def read_record(raw: Raw) -> tuple[Any, bool]:
    """Return the JSON value of a record, and whether it had to be mended to be storable.

    Raises BadRecord when it cannot be read at all.
    """
    try:
        value = _EXACT.decode(raw)
    except (ValueError, RecursionError):
        return _mended(raw), True
    return (_cleaned(value), True) if NUL in bytes(raw) else (value, False)


def _mended(raw: Raw) -> Any:
    try:
        return _cleaned(read_json(raw))
    except (ValueError, RecursionError):
        raise BadRecord(
            "A record cannot be read: it is no JSON.",
            hint="it is kept in quarantined_records; the other records were stored.",
        ) from None


def as_raw(record: Any) -> Raw:
    """Return a decoded record as the JSON it came as."""
    try:
        return Raw(ENCODER.encode(record))
    except (ValueError, OverflowError):  # halves of emojis, numbers beyond 64 bits
        return Raw(json.dumps(record, default=float).encode())


def row_of(
    table: Table,
    record: Any,
    derived: Mapping[str, Any] | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> Row:
    """Return the row of a table for one record; `derived` are values under other names.

    Raises BadRecord, which names the field but never its value.
    """
    if not isinstance(record, dict):
        raise bad_record(table.name, "the record is no object")
    derived = derived or {}
    row: Row = {"raw": record}
    for name, read, required, empty in _readings(table):
        if name in without:
            continue
        value = derived[name] if name in derived else record.get(name)
        if value is None:
            if required and empty is None:
                raise bad_record(table.name, f"{name} is missing")
            row[name] = empty
            continue
        try:
            row[name] = read(value)
        except TooLongError:
            raise bad_record(table.name, f"{name} is too long") from None
        except (TypeError, ValueError, OverflowError):
            raise bad_record(table.name, f"{name} has a value of the wrong kind") from None
    return row


class TooLongError(ValueError):
    """A text is longer than its column takes."""


def bad_record(table: str, problem: str) -> BadRecord:
    """Return the error for a record that cannot become a row."""
    return BadRecord(
        f"A record for {table} cannot be read: {problem}.",
        hint="it is kept in quarantined_records; the other records were stored.",
    )


def clean(value: Any) -> Any:
    """Return the JSON value without the characters no database stores: NUL, half surrogates."""
    try:
        if NUL not in msgspec.json.encode(value):  # half surrogates cannot be encoded
            return value
    except (ValueError, OverflowError, TypeError):
        pass
    return _cleaned(value)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        whole_characters = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole_characters.replace("\x00", UNREADABLE)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value


@cache
def _readings(table: Table) -> tuple[Reading, ...]:
    return tuple(
        Reading(column.name, _reader(column), not column.nullable, column.info.get(EMPTY))
        for column in table.columns
        if column.name not in NOT_FROM_ZENDESK
    )


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    """Choose how to read values for a column from its type."""
    if EMPTY in column.info:
        return _list if isinstance(column.info[EMPTY], list) else _object
    for kind, read in (
        (BigInteger, whole),
        (Boolean, _flag),
        (UtcDateTime, instant),
        (Date, _day),
        (JSON, _json),
    ):
        if isinstance(column.type, kind):
            return read
    limit = longest(column)
    return lambda value: _short(_text(value), limit)


def whole(value: Any) -> int:
    """Return a whole number that fits a BIGINT column; raises what `row_of` catches."""
    if isinstance(value, bool) or (isinstance(value, float | Decimal) and value != int(value)):
        raise TypeError
    number = int(value)
    if abs(number) > MAX_ID:
        raise OverflowError
    return number


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _short(value: str, limit: int) -> str:
    if len(value) > limit:
        raise TooLongError
    return value


def instant(value: Any) -> datetime:
    """Return an instant in UTC; raises what `row_of` catches."""
    if isinstance(value, datetime):
        return value
    try:
        return msgspec.convert(_text(value), Instant).astimezone(UTC)
    except msgspec.ValidationError:  # ISO 8601 has more spellings
        return parse_instant(value)


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value)[:10])


def _json(value: Any) -> Any:
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
