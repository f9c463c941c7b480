"""Writes rows as Parquet: numbers, instants in UTC, days, flags; JSON as text."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import JSON, BigInteger, Boolean, Date, Double, Integer, String
from sqlalchemy.types import TypeEngine

from integrations.runtime.database import UtcDateTime
from sync.exports.files import as_json, private_file
from sync.exports.relation import Field

# A group of rows is compressed and read as one: large enough to be fast, small enough for memory.
GROUP_BYTES, GROUP_ROWS = 16 * 2**20, 100_000
KINDS = (
    ((BigInteger, Integer), pa.int64()),
    (Boolean, pa.bool_()),
    (Double, pa.float64()),
    (UtcDateTime, pa.timestamp("us", tz="UTC")),
    (Date, pa.date32()),
    ((JSON, String), pa.string()),
)


class ParquetFile:
    """An open Parquet file; each column carries its meaning as `comment`."""

    def __init__(self, path: Path, fields: Sequence[Field]) -> None:
        self._schema = pa.schema([_field(one) for one in fields])
        self._is_json = [isinstance(one.type, JSON) for one in fields]
        self._stream = private_file(path)
        self._writer = pq.ParquetWriter(self._stream, self._schema, compression="zstd")
        self._waiting: list[Any] = []

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Append rows; each has one value a column."""
        if not rows:
            return
        columns = zip(*rows, strict=True)
        arrays = [
            pa.array(map(_json_or_none, column) if is_json else column, type=kind)
            for column, is_json, kind in zip(
                columns, self._is_json, self._schema.types, strict=True
            )
        ]
        self._waiting.append(pa.record_batch(arrays, schema=self._schema))
        size = sum(batch.nbytes for batch in self._waiting)
        if size >= GROUP_BYTES or sum(len(batch) for batch in self._waiting) >= GROUP_ROWS:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stream, self._writer:  # a file that broke off is closed too, then thrown away
            if kind is None:
                self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema))
            self._waiting.clear()


def arrow_type(kind: TypeEngine[Any]) -> pa.DataType:
    """Return the Parquet type of a column's type; JSON is told as text."""
    return next(arrow for ours, arrow in KINDS if isinstance(kind, ours))


def _field(field: Field) -> Any:
    kind = arrow_type(field.type)
    return pa.field(field.name, kind, metadata={"comment": field.meaning})


def _json_or_none(value: Any) -> str | None:
    return None if value is None else as_json(value)
