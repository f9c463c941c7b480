"""Sums checksums of rows by ranges of keys; only ranges whose sums differ are looked into."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table

from sync.verification.compare import READ_ALIKE, digest, is_alive, raw_digest
from sync.verification.expected import PART_OWNER, Expected, Key, key_of
from sync.verification.spool import Spool, State, packed
from sync.verification.stored import owner_ranges, ranges
from sync.warehouse.tables.history import ticket_comments

Marked = tuple[Expected, int, int, int | None, State]


@dataclass(slots=True)
class Ranges:
    """How many ranges of keys were summed, and how many of them had to be opened."""

    summed: int = 0
    opened: int = 0


def with_checksums(rows: Iterable[Expected]) -> Iterator[Marked]:
    """Give each expected row its checksums: of columns, raw, and of the row if it were private."""
    for each in rows:
        table = each.table
        if table.name in PART_OWNER:
            yield each, _sum(digest(table, row) for row in each.rows), 0, None, State.UNSEEN
            continue
        (row,) = each.rows
        private = None
        if table is ticket_comments and row["public"]:
            private = digest(table, row | {"public": False})
        yield each, digest(table, row), raw_digest(table, row), private, State.UNSEEN


def compare_ranges(engine: Engine, spool: Spool, table: Table, counted: Ranges) -> None:
    """Hold every row of the warehouse against its checksum; note what is doubtful or extra."""
    for keys, digests in _stored_digests(engine, table):
        counted.summed += 1
        shown = spool.look_up(table, keys)
        wanted = {
            name: _sum((each.digest, each.raw if digests[name][1] is not None else 0))
            for name, each in shown.items()
        }
        has = {
            name: _sum((columns, raw or 0))
            for name, (columns, raw, is_alive) in digests.items()
            if is_alive or name in wanted  # what is deleted here need not be shown
        }
        if len(wanted) == len(has) and _sum(wanted.values()) == _sum(has.values()):
            spool.settle(table, keys, State.EQUAL)
            continue
        counted.opened += 1
        known = [key for key in keys if packed(key) in wanted]
        for state, is_equal in ((State.EQUAL, True), (State.DOUBTFUL, False)):
            found = [key for key in known if (wanted[packed(key)] == has[packed(key)]) is is_equal]
            spool.settle(table, found, state)
        spool.add_extra(
            table, [key for key in keys if packed(key) in has and packed(key) not in wanted]
        )


def compare_keys(engine: Engine, spool: Spool, table: Table) -> None:
    """Note rows that the warehouse holds as alive and Zendesk did not show."""
    for keys, alive in _stored_keys(engine, table):
        shown = spool.look_up(table, keys)
        spool.add_extra(table, [key for key in alive if packed(key) not in shown])


Digests = Mapping[Any, tuple[int, int | None, bool]]  # of columns, of raw, is it alive


def _stored_digests(engine: Engine, table: Table) -> Iterator[tuple[Sequence[Key], Digests]]:
    """Yield keys with the checksums of their rows; raw only where it was read as we read now."""
    if table.name in PART_OWNER:
        for owners in owner_ranges(engine, table):
            yield (
                [key for key, _ in owners],
                {
                    packed(key): (_sum(digest(table, row) for row in rows), None, True)
                    for key, rows in owners
                },
            )
        return
    for block in ranges(engine, table, table.columns.keys()):
        keyed = [(key_of(table, row), row) for row in block]
        yield (
            [key for key, _ in keyed],
            {
                packed(key): (
                    digest(table, row),
                    raw_digest(table, row) if row.get("_source") in READ_ALIKE else None,
                    is_alive(row),
                )
                for key, row in keyed
            },
        )


def _stored_keys(engine: Engine, table: Table) -> Iterator[tuple[Sequence[Key], Sequence[Key]]]:
    if table.name in PART_OWNER:
        for owners in owner_ranges(engine, table):
            keys = [key for key, _ in owners]
            yield keys, keys
        return
    marks = [name for name in ("deleted_at", "erased_at") if name in table.c]
    names = [column.name for column in table.primary_key.columns]
    for block in ranges(engine, table, [*names, *marks]):
        keys = [key_of(table, row) for row in block]
        yield keys, [key for key, row in zip(keys, block, strict=True) if is_alive(row)]


def _sum(numbers: Iterable[int]) -> int:
    """Return the sum as a 64-bit number with sign; the order does not matter."""
    total = sum(numbers) & (2**64 - 1)
    return total - 2**64 if total >= 2**63 else total
