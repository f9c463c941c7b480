"""Reads the warehouse's rows for a comparison: in ranges of keys, or by their keys."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, select

from integrations.runtime.database import reading
from sync.verification.compare import Stored
from sync.verification.expected import OWNER_TABLE, PART_OWNER, Key, key_of
from sync.verification.spool import packed
from sync.warehouse.records import Row
from sync.warehouse.tables.tickets import tickets

RANGE = 1000  # rows in one range of keys


def ranges(engine: Engine, table: Table, columns: Sequence[str]) -> Iterator[list[Row]]:
    """Yield all rows in ranges of keys; however many there are, one range is in memory."""
    query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    with reading(engine) as connection:
        streamed = connection.execution_options(stream_results=True, yield_per=RANGE)
        for block in streamed.execute(query).mappings().partitions():
            yield [dict(row) for row in block]


def owner_ranges(engine: Engine, table: Table) -> Iterator[list[tuple[Key, list[Row]]]]:
    """Yield the rows of a part table, owner by owner, in ranges of keys."""
    owner = PART_OWNER[table.name]
    rows = (row for block in ranges(engine, table, table.columns.keys()) for row in block)
    owners: list[tuple[Key, list[Row]]] = []
    for number, group in groupby(rows, key=lambda row: row[owner]):
        owners.append(((number,), list(group)))
        if len(owners) == RANGE:
            yield owners
            owners = []
    yield owners


def look_up(
    connection: Connection, table: Table, keys: Collection[Key], *, lock: bool = False
) -> dict[Any, Stored]:
    """Return what is stored under each key, by packed key; `lock` keeps others from changing it."""
    rows = _rows(connection, table, keys, lock=lock)
    owner = OWNER_TABLE.get(table.name)
    owners = {} if owner is None else _rows(connection, owner, keys, lock=lock)
    found = {}
    for name in map(packed, keys):
        times = [row.get("_synced_at") for row in owners.get(name, rows.get(name, ()))]
        known = [moment for moment in times if moment is not None]
        found[name] = Stored(rows.get(name, []), max(known, default=None))
    return found


def _rows(
    connection: Connection, table: Table, keys: Collection[Key], *, lock: bool
) -> dict[Any, list[Row]]:
    wanted = {packed(key) for key in keys}
    first = _first_key(table)
    firsts = list(dict.fromkeys(key[0] for key in keys))
    found: dict[Any, list[Row]] = {}
    for begin in range(0, len(firsts), RANGE):
        query: Select[Any] = select(table).where(first.in_(firsts[begin : begin + RANGE]))
        query = query.order_by(*table.primary_key.columns)
        if lock:
            query = query.with_for_update()
        for row in connection.execute(query).mappings():
            name = packed(key_of(table, dict(row)))
            if name in wanted:
                found.setdefault(name, []).append(dict(row))
    return found


def are_deleted(connection: Connection, ticket_ids: Iterable[int]) -> dict[int, bool]:
    """Return of each ticket that the warehouse has whether it is deleted there."""
    query = select(tickets.c.id, tickets.c.deleted_at).where(tickets.c.id.in_(list(ticket_ids)))
    return {row.id: row.deleted_at is not None for row in connection.execute(query)}


def _first_key(table: Table) -> Any:
    owner = PART_OWNER.get(table.name)
    return table.c[owner] if owner else next(iter(table.primary_key.columns))
