"""Notices records that are missing from a full list: Zendesk tells deletions no other way."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, select, update


def mark_absent(
    connection: Connection, table: Table, seen: Collection[int], *, now: datetime
) -> int:
    """Mark stored records that the complete list did not hold; return how many."""
    alive = connection.scalars(select(table.c.id).where(table.c.deleted_at.is_(None)))
    absent = [{"gone": number} for number in alive if number not in seen]
    if absent:
        mark = update(table).where(table.c.id == bindparam("gone")).values(deleted_at=now)
        connection.execute(mark, absent)
    return len(absent)
