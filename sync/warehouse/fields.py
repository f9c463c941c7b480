"""What fits a column: the type and the limits of every kind of value, the same on all databases."""

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct
from sqlalchemy import JSON, Boolean, Column, Date, Integer

from integrations.runtime.database import UtcDateTime
from sync.warehouse.tables.bookkeeping import EMPTY

LONGEST_KEY = 600  # characters; an index row of PostgreSQL has room for 2,704 bytes
LONGEST_TEXT = 1024 * 1024  # characters; Zendesk's own limit for comments is 64 KiB

Whole = Annotated[int, Meta(ge=1 - 2**63, le=2**63 - 1)]  # what fits a BIGINT
Key = Annotated[str, Meta(max_length=LONGEST_KEY)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Instant = Annotated[datetime, Meta(tz=True)]
JSON_NULL = Raw(b"null")


class FieldValue(Struct, gc=False):
    """The value of one custom field of a ticket; what is no code, text or tick comes as text."""

    id: Whole
    value: bool | Whole | Text | list[Whole | Text | None] | None = None


class Via(Struct, gc=False):
    """How a ticket was made."""

    channel: Key | None = None


class Minutes(Struct, gc=False):
    """One duration in Zendesk's metrics."""

    calendar: Whole | None = None
    business: Whole | None = None


def longest(column: Column[Any]) -> int:
    """Return how many characters a text column takes; what an index holds has to be short."""
    indexes = column.table.indexes
    is_key = column.primary_key or any(column.name in index.columns for index in indexes)
    return LONGEST_KEY if is_key else LONGEST_TEXT


def type_of(column: Column[Any]) -> Any:
    """Return the type a value of this column is decoded as."""
    if EMPTY in column.info:
        return list[Raw] if isinstance(column.info[EMPTY], list) else dict[str, Raw]
    if isinstance(column.type, JSON):
        return Raw if column.nullable else list[Raw] | dict[str, Raw]
    for kind, decoded in ((Boolean, bool), (Integer, Whole), (UtcDateTime, Instant), (Date, date)):
        if isinstance(column.type, kind):
            return decoded | None if column.nullable else decoded
    text = Key if longest(column) == LONGEST_KEY else Text
    return text | None if column.nullable else text


def default_of(column: Column[Any]) -> tuple[Any, ...]:
    """Return the default of a column in the form of a struct's field: none when it is required."""
    if EMPTY in column.info:
        return (column.info[EMPTY],)
    if not column.nullable:
        return ()
    return (JSON_NULL,) if isinstance(column.type, JSON) else (None,)
