"""Notices records that are missing from a full list: Zendesk tells deletions no other way."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, select, update

from sync.mirror.arrival import Key


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
