"""Writes many rows at once: the one place where PostgreSQL and SQLite are written differently.

PostgreSQL gets whole columns as arrays in one statement, SQLite one row after the other. Both get
the same values, and both write them in the order in which they are given.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    Table,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from integrations.runtime.database import UtcDateTime
from sync.warehouse.fields import JSON_NULL
from sync.warehouse.packing import Instants, Numbers, Packed, PackedArray, Seconds, Texts
from sync.warehouse.records import ENCODER

Columns = Any  # SQLAlchemy's column collections: the table's own and `excluded`, the new row
Newer = Callable[[Columns, Columns], ColumnElement[bool]]
Write = Callable[[Any], Any]


class Writers(NamedTuple):
    """How values are written for one database, by the type of their column."""

    by_type: tuple[tuple[type, Write], ...]
    text: Write


class Target(NamedTuple):
    """Where rows go: a table, the columns each row brings, and those that are the same for all.

    `seconds` are columns of instants that come as whole seconds since 1970.
    """

    table: Table
    columns: tuple[str, ...]
    given: tuple[str, ...]
    newer: Newer
    seconds: frozenset[str] = frozenset()


def put(
    connection: Connection,
    target: Target,
    rows: Sequence[tuple[Any, ...]],
    given: Mapping[str, Any],
) -> None:
    """Insert rows with different keys, or replace those that are not newer than the new ones."""
    if connection.dialect.name == "postgresql":
        packers = _packers(target)
        arrays = {
            f"new_{name}": pack(values)
            for name, pack, values in zip(
                target.columns, packers, zip(*rows, strict=True), strict=True
            )
        }
        connection.execute(_insert_arrays(target), {**arrays, **given})
        return
    statement, order = _insert_rows(target)
    writers = _writers(target, order, _SQLITE)
    take = itemgetter(*((*target.columns, *target.given).index(name) for name in order))
    same = tuple(given[name] for name in target.given)
    connection.exec_driver_sql(
        statement,
        [
            tuple(
                None if value is None else write(value)
                for write, value in zip(writers, take((*row, *same)), strict=True)
            )
            for row in rows
        ],
    )


def by_key(connection: Connection) -> None:
    """Have this transaction's rows found through indexes; for work that names rows by number.

    A table that grew since its last ANALYZE misleads PostgreSQL: it takes a thousand numbers for a
    good part of the table and reads all of it, for every page anew.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")


def among(
    connection: Connection, number: ColumnElement[Any], numbers: Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these numbers, however many they are."""
    if connection.dialect.name == "postgresql":
        return number == any_(cast(literal(pack_numbers(numbers), PackedArray()), _NUMBERS))
    return number.in_(each_of(connection, numbers))


def each_of(connection: Connection, numbers: Collection[int]) -> Select[Any]:
    """Return a query that yields these numbers, so that many rows are written by one statement."""
    if connection.dialect.name == "postgresql":
        return select(func.unnest(cast(literal(pack_numbers(numbers), PackedArray()), _NUMBERS)))
    listed = func.json_each(ENCODER.encode(sorted(numbers)).decode()).table_valued("value")
    return select(listed.c.value)


def pack_numbers(numbers: Collection[int]) -> Numbers:
    """Return numbers as an array that PostgreSQL can cast to BIGINT[]."""
    return Numbers(sorted(numbers))


_NUMBERS = ARRAY(BigInteger)


@cache
def _insert_arrays(target: Target) -> Any:
    types = {name: target.table.c[name].type for name in (*target.columns, *target.given)}
    arrays = [
        cast(bindparam(f"new_{name}", type_=PackedArray()), ARRAY(types[name]))
        for name in target.columns
    ]
    names = [column(name, types[name]) for name in target.columns]
    new = func.unnest(*arrays).table_valued(*names, name="new").render_derived()
    values = [new.c[name] for name in target.columns]
    same = [bindparam(name, type_=types[name]) for name in target.given]
    insert = postgresql.insert(target.table).from_select(
        [*types], select(*values, *same), include_defaults=False
    )
    return _replacing(insert, target)


@cache
def _insert_rows(target: Target) -> tuple[str, tuple[str, ...]]:
    """Return the statement and the columns of its parameters, in their order."""
    names = (*target.columns, *target.given)
    insert = sqlite.insert(target.table).values({name: bindparam(name) for name in names})
    compiled = _replacing(insert, target).compile(dialect=sqlite.dialect(paramstyle="qmark"))
    return str(compiled), tuple(compiled.positiontup or ())


def _replacing(insert: Any, target: Target) -> Any:
    keys = [key.name for key in target.table.primary_key.columns]
    new = insert.excluded
    replaced = {name: new[name] for name in (*target.columns, *target.given) if name not in keys}
    return insert.on_conflict_do_update(
        index_elements=keys, set_=replaced, where=target.newer(target.table.c, new)
    )


def _writers(target: Target, names: Sequence[str], writers: Writers) -> list[Write]:
    types = [(name, target.table.c[name].type) for name in names]
    return [
        _second_text
        if name in target.seconds
        else next(
            (write for kind, write in writers.by_type if isinstance(each, kind)), writers.text
        )
        for name, each in types
    ]


def _json_bytes(value: Any) -> bytes | None:
    if isinstance(value, msgspec.Raw):
        return None if value == JSON_NULL else bytes(value)
    return ENCODER.encode(value)


def _json_text(value: Any) -> str | None:
    encoded = _json_bytes(value)
    return None if encoded is None else encoded.decode()


def _instant_text(value: datetime) -> str:
    """Write an instant as SQLAlchemy does for SQLite."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _second_text(second: int) -> str:
    return _instant_text(datetime.fromtimestamp(second, UTC))


@cache
def _packers(target: Target) -> tuple[Callable[[Sequence[Any]], Packed], ...]:
    """Return, for each column, what makes an array of its values."""
    types = [(name, target.table.c[name].type) for name in target.columns]
    return tuple(
        Seconds
        if name in target.seconds
        else next((pack for kind, pack in PACKERS if isinstance(each, kind)), _pack_texts)
        for name, each in types
    )


def _packing_texts(write: Write) -> Callable[[Sequence[Any]], Packed]:
    return lambda values: Texts([None if value is None else write(value) for value in values])


_pack_texts = _packing_texts(str.encode)
PACKERS: tuple[tuple[type, Callable[[Sequence[Any]], Packed]], ...] = (
    (Boolean, _packing_texts(lambda value: b"t" if value else b"f")),
    (Integer, Numbers),
    (UtcDateTime, Instants),
    (Date, _packing_texts(lambda value: value.isoformat().encode())),
    (JSON, _packing_texts(_json_bytes)),
)
_SQLITE = Writers(
    by_type=(
        (Boolean, int),
        (Integer, int),
        (UtcDateTime, _instant_text),
        (Date, date.isoformat),
        (JSON, _json_text),
    ),
    text=str,
)
