"""Notices records that are missing from a full list: Zendesk tells deletions no other way."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Table, bindparam, select, update

from sync.warehouse.records import whole

Key = int | str


def listed_keys(table: Table, records: Iterable[Any]) -> Iterator[Key]:
    """Yield the keys of the records that have one, also of those that could not be stored."""
    key = _key(table)
    for record in records:
        value = record.get(key.name) if isinstance(record, dict) else None
        if not isinstance(key.type, BigInteger):
            if isinstance(value, str):
                yield value
            continue
        try:
            yield whole(value)
        except (TypeError, ValueError, OverflowError):
            continue


def mark_absent(
    connection: Connection, table: Table, seen: Collection[Key], *, began: datetime, now: datetime
) -> int:
    """Mark stored records that the complete list did not hold; return how many.

    What was read in another way after the list `began` may be newer than the list.
    """
    key = _key(table)
    alive = select(key).where(table.c.deleted_at.is_(None), table.c["_synced_at"] <= began)
    absent = [{"gone": each} for each in connection.scalars(alive) if each not in seen]
    if absent:
        mark = update(table).where(key == bindparam("gone")).values(deleted_at=now)
        connection.execute(mark, absent)
    return len(absent)


def _key(table: Table) -> Column[Any]:
    """Return the one column that names a record of a list."""
    (key,) = table.primary_key.columns
    return key
