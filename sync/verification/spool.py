"""What Zendesk showed, as keys and checksums in a temporary file: memory stays flat."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table

from sync.verification.expected import PART_OWNER, Expected, Key
from sync.warehouse.tables.history import ticket_comments

CACHE_KIB = 16_384
LOOKED_UP_AT_ONCE = 500
SCHEMA = (
    """
    CREATE TABLE shown (
        kind INTEGER, key, digest INTEGER, raw INTEGER, private INTEGER, page INTEGER,
        state INTEGER, PRIMARY KEY (kind, key)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE extra (kind INTEGER, key, PRIMARY KEY (kind, key)) WITHOUT ROWID",
)
SHOW = """
    INSERT INTO shown VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (kind, key) DO UPDATE SET digest = excluded.digest, raw = excluded.raw,
        private = excluded.private, page = excluded.page, state = excluded.state
"""


class State(IntEnum):
    """What is known of a row that Zendesk showed."""

    UNSEEN = 0  # no row of the warehouse was held against it so far
    EQUAL = 1
    DOUBTFUL = 2
    DONE = 3  # looked at twice


class Shown:
    """One row as Zendesk showed it: checksums of its columns and of its raw record."""

    __slots__ = ("digest", "private", "raw", "state")

    def __init__(self, digest: int, raw: int, private: int | None, state: int) -> None:
        self.digest, self.raw, self.private, self.state = digest, raw, private, state


class Spool:
    """The rows that one stream showed; a row that comes again replaces what it was before."""

    def __init__(self, database: sqlite3.Connection, tables: Sequence[Table]) -> None:
        self._database = database
        self._kind = {table.name: number for number, table in enumerate(tables)}
        self._tables = tuple(tables)
        for statement in SCHEMA:
            database.execute(statement)

    def show(self, rows: Iterable[tuple[Expected, int, int, int | None, State]], page: int) -> None:
        """Note rows with the checksums of columns, raw and of the row if it were private."""
        self._database.executemany(
            SHOW,
            (
                (self._kind[row.table.name], packed(row.key), columns, raw, private, page, state)
                for row, columns, raw, private, state in rows
            ),
        )

    def make_private(self, comment_ids: Iterable[int]) -> None:
        """Expect these comments to be private, whatever the event that brought them says.

        A comment that was compared as a public one is in doubt again.
        """
        self._database.executemany(
            f"UPDATE shown SET digest = coalesce(private, digest), "  # noqa: S608 - only numbers
            f"state = iif(state = {State.EQUAL}, {State.DOUBTFUL}, state) "
            "WHERE kind = ? AND key = ?",
            ((self._kind[ticket_comments.name], number) for number in comment_ids),
        )

    def look_up(self, table: Table, keys: Sequence[Key]) -> dict[Any, Shown]:
        """Return what was shown under these keys, by packed key."""
        found: dict[Any, Shown] = {}
        for some, marks in _portions(keys):
            query = (
                "SELECT key, digest, raw, private, state FROM shown "  # noqa: S608 - only marks
                f"WHERE kind = ? AND key IN ({marks})"
            )
            rows = self._database.execute(query, (self._kind[table.name], *some))
            found.update((key, Shown(*rest)) for key, *rest in rows)
        return found

    def settle(self, table: Table, keys: Sequence[Key], state: State) -> None:
        """Note what is known of these rows now."""
        for some, marks in _portions(keys):
            self._database.execute(
                f"UPDATE shown SET state = ? WHERE kind = ? AND key IN ({marks})",  # noqa: S608
                (state, self._kind[table.name], *some),
            )

    def add_extra(self, table: Table, keys: Iterable[Key]) -> None:
        """Note rows of the warehouse that Zendesk did not show."""
        self._database.executemany(
            "INSERT OR IGNORE INTO extra VALUES (?, ?)",
            ((self._kind[table.name], packed(key)) for key in keys),
        )

    def drop_extra(self, table: Table, keys: Iterable[Key]) -> None:
        """Forget rows that were shown after all."""
        self._database.executemany(
            "DELETE FROM extra WHERE kind = ? AND key = ?",
            ((self._kind[table.name], packed(key)) for key in keys),
        )

    def in_doubt(self, table: Table, keys: Sequence[Key]) -> set[Any]:
        """Return those of the keys, packed, that are doubtful or were not shown before."""
        found: set[Any] = set()
        for some, marks in _portions(keys):
            query = (
                "SELECT key FROM shown "  # noqa: S608 - only marks
                f"WHERE kind = ? AND state = {State.DOUBTFUL} AND key IN ({marks}) "
                f"UNION SELECT key FROM extra WHERE kind = ? AND key IN ({marks})"
            )
            kind = self._kind[table.name]
            found.update(k for (k,) in self._database.execute(query, (kind, *some, kind, *some)))
        return found

    def doubtful_pages(self) -> list[int]:
        """Return the pages that hold rows in doubt."""
        query = "SELECT DISTINCT page FROM shown WHERE state = ? ORDER BY page"
        return [page for (page,) in self._database.execute(query, (State.DOUBTFUL,))]

    def forget_doubts(self, page: int | None = None) -> int:
        """Give up on rows that are not where they were; return how many."""
        where = "state = ?" if page is None else "state = ? AND page = ?"
        values = (State.DONE, State.DOUBTFUL, *(() if page is None else (page,)))
        found = self._database.execute(f"UPDATE shown SET state = ? WHERE {where}", values)  # noqa: S608
        return found.rowcount

    def doubt_unseen(self) -> None:
        """Doubt every row that the warehouse has not; a part that is empty has no rows at all."""
        parts = [number for name, number in self._kind.items() if name in PART_OWNER]
        marks = ",".join("?" * len(parts))
        self._database.execute(
            f"UPDATE shown SET state = ? WHERE state = ? "  # noqa: S608 - only marks
            f"AND NOT (digest = 0 AND kind IN ({marks}))",
            (State.DOUBTFUL, State.UNSEEN, *parts),
        )

    def take_extras(self, table: Table) -> Iterator[list[Key]]:
        """Yield the keys of rows that Zendesk did not show, some at a time, and forget them."""
        query = "SELECT key FROM extra WHERE kind = ? ORDER BY key LIMIT ?"
        while True:
            found = self._database.execute(query, (self._kind[table.name], LOOKED_UP_AT_ONCE))
            keys = [unpacked(table, key) for (key,) in found]
            if not keys:
                return
            self.drop_extra(table, keys)
            yield keys

    def has_doubts(self) -> bool:
        """Tell whether anything has to be looked at again."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM extra) OR EXISTS (SELECT 1 FROM shown WHERE state = ?)"
        )
        (found,) = self._database.execute(query, (State.DOUBTFUL,)).fetchone()
        return bool(found)

    def counts(self) -> dict[str, int]:
        """Return how many rows of each table were shown; of parts, how many owners."""
        query = "SELECT kind, count(*) FROM shown GROUP BY kind"
        found = dict(self._database.execute(query).fetchall())
        return {str(table.name): found.get(number, 0) for number, table in enumerate(self._tables)}


@contextmanager
def spool_for(tables: Sequence[Table]) -> Iterator[Spool]:
    """Open a spool in a file that is gone afterwards."""
    with (
        TemporaryDirectory(prefix="riskdesk-verify-") as folder,
        closing(sqlite3.connect(Path(folder) / "shown.db", isolation_level=None)) as database,
    ):
        database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):  # lost with the process anyway
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")  # one transaction that nobody else waits for
        yield Spool(database, tables)


def _portions(keys: Sequence[Key]) -> Iterator[tuple[list[Any], str]]:
    """Yield packed keys, not too many at once, and as many question marks."""
    for begin in range(0, len(keys), LOOKED_UP_AT_ONCE):
        some = [packed(key) for key in keys[begin : begin + LOOKED_UP_AT_ONCE]]
        yield some, ",".join("?" * len(some))


def packed(key: Key) -> Any:
    """Return a key as one value: a single number or text as it is, several as a JSON list."""
    return key[0] if len(key) == 1 else json.dumps(key)


def unpacked(table: Table, value: Any) -> Key:
    """Return the key that was packed."""
    is_single = table.name in PART_OWNER or len(table.primary_key.columns) == 1
    return (value,) if is_single else tuple(json.loads(value))
