"""Exports tables and views as files that all show the warehouse at one moment."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select

from integrations.runtime.database import reading
from sync.exports.csv_file import CsvFile
from sync.exports.files import appearing_together
from sync.exports.parquet_file import ParquetFile
from sync.exports.relation import Field, Relation, Wanted

BATCH_ROWS = 1_000  # rows in memory at a time; a ticket with its raw record may be 100 kB

Progress = Callable[[str, int], None]


class Format(StrEnum):
    """How files are written."""

    PARQUET = "parquet"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is exported and how; `mark` begins CSV files with a byte order mark for Excel."""

    relations: Sequence[Relation]
    folder: Path
    format: Format = Format.PARQUET
    wanted: Wanted = Wanted.PLAIN
    since: datetime | None = None
    until: datetime | None = None
    mark: bool = False
    replace: bool = False

    def path(self, relation: Relation) -> Path:
        """Return the file of a table or view."""
        return self.folder / f"{relation.name}.{self.format}"


@dataclass(frozen=True, slots=True)
class Exported:
    """One written file; `time_column` is what since and until were compared with."""

    table: str
    file: str
    rows: int
    columns: int
    bytes: int
    time_column: str | None


def export(
    engine: Engine, order: Order, *, progress: Progress = lambda _name, _rows: None
) -> list[Exported]:
    """Write one file per table and view; `progress` is told name and rows after each batch.

    Raises BadInput when a file is there already, or cannot be written.
    """
    paths = [order.path(one) for one in order.relations]
    with appearing_together(paths, replace=order.replace) as hidden, _one_moment(engine) as shown:
        return [
            _export_one(shown, one, order, hidden[order.path(one)], progress)
            for one in order.relations
        ]


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a connection whose every query sees the same state, and which hinders no writer."""
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":  # a transaction of SQLite does so by itself
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


def _export_one(
    connection: Connection, relation: Relation, order: Order, hidden: Path, progress: Progress
) -> Exported:
    fields = relation.exported(order.wanted)
    query = relation.rows(fields, (order.since, order.until))
    count = 0
    with _opened(hidden, fields, order) as file:
        for batch in batches(connection, query):
            file.write(batch)
            count += len(batch)
            progress(relation.name, count)
    spans = order.since is not None or order.until is not None
    return Exported(
        table=relation.name,
        file=str(order.path(relation)),
        rows=count,
        columns=len(fields),
        bytes=hidden.stat().st_size,
        time_column=relation.time if spans else None,
    )


def batches(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query in batches; the database keeps the rest."""
    with connection.execution_options(yield_per=BATCH_ROWS).execute(query) as result:
        yield from result.partitions()


def _opened(path: Path, fields: Sequence[Field], order: Order) -> CsvFile | ParquetFile:
    if order.format is Format.CSV:
        return CsvFile(path, fields, mark=order.mark)
    return ParquetFile(path, fields)
