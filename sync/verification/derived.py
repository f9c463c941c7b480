"""Checks rows that the mirror tells from other rows: ends of field values, side conversations.

That the rows they are told from are right, the comparison with Zendesk shows.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, func, select

from integrations.runtime.database import reading
from sync.verification.compare import (
    ABSENT,
    PRESENT,
    WHOLE_RECORD,
    Finding,
    Stored,
    compared_columns,
)
from sync.verification.stored import look_up
from sync.warehouse.records import Row
from sync.warehouse.side_conversations import tell
from sync.warehouse.tables.conversations import side_conversation_events, side_conversations
from sync.warehouse.tables.history import ticket_field_history

AT_ONCE = 500
DERIVED = frozenset({ticket_field_history.name, side_conversations.name})


def wrongly_told(engine: Engine, tables: Collection[Table]) -> Iterator[list[Finding]]:
    """Yield what does not fit the rows it is told from, some at a time."""
    if ticket_field_history in tables:
        yield from _broken_ends(engine)
    if side_conversation_events in tables:
        yield from _wrong_conversations(engine)
        yield from _conversations_without_events(engine)


def broken_ends_of(connection: Connection, ticket_ids: Collection[int]) -> set[tuple[Any, ...]]:
    """Return the keys of the values of these tickets whose end does not fit."""
    query = _broken(ticket_field_history.c.ticket_id.in_(ticket_ids))
    return {(row.event_id, row.field) for row in connection.execute(query)}


def _broken_ends(engine: Engine) -> Iterator[list[Finding]]:
    for block in _streamed(engine, _broken()):
        yield [
            Finding(
                table=ticket_field_history,
                key=(row["event_id"], row["field"]),
                field="valid_until",
                warehouse=row["valid_until"],
                zendesk=row.pop("follows"),
                ticket_id=row["ticket_id"],
                stored=Stored([row], row["_synced_at"]),
            )
            for row in block
        ]


def _broken(*conditions: Any) -> Select[Any]:
    """Select the values that do not end where the next one begins."""
    history = ticket_field_history
    follows = func.lead(history.c.valid_from).over(
        partition_by=(history.c.ticket_id, history.c.field),
        order_by=(history.c.valid_from, history.c.event_id),
    )
    chain = select(history, follows.label("follows")).where(*conditions).subquery()
    return select(chain).where(chain.c.valid_until.is_distinct_from(chain.c.follows))


def _wrong_conversations(engine: Engine) -> Iterator[list[Finding]]:
    events = side_conversation_events.c
    query = (
        select(side_conversation_events)
        .where(events.deleted_at.is_(None))
        .order_by(events.side_conversation_id, events.created_at, events.id)
    )
    told: list[Row] = []
    rows = (row for block in _streamed(engine, query) for row in block)
    for _, group in groupby(rows, itemgetter("side_conversation_id")):
        told.append(tell(list(group)))
        if len(told) == AT_ONCE:
            yield _compared(engine, told)
            told = []
    yield _compared(engine, told)


def _compared(engine: Engine, told: Sequence[Row]) -> list[Finding]:
    table = side_conversations
    with reading(engine) as connection:
        stored = look_up(connection, table, [(row["id"],) for row in told])
    found = []
    for row in told:
        has = stored[row["id"]]
        values: Sequence[tuple[str, Any, Any]] = [(WHOLE_RECORD, ABSENT, PRESENT)]
        if has.rows:
            values = [
                (name, has.rows[0][name], row[name])
                for name in compared_columns(table)
                if has.rows[0][name] != row[name]
            ]
        found += [_conversation(row, has, *each) for each in values]
    return found


def _conversations_without_events(engine: Engine) -> Iterator[list[Finding]]:
    events = side_conversation_events.c
    has_events = (
        select(events.id)
        .where(events.side_conversation_id == side_conversations.c.id)
        .where(events.deleted_at.is_(None))
        .exists()
    )
    for block in _streamed(engine, select(side_conversations).where(~has_events)):
        yield [
            _conversation(row, Stored([row], row["_synced_at"]), WHOLE_RECORD, PRESENT, ABSENT)
            for row in block
        ]


def _conversation(row: Row, stored: Stored, name: str, has: Any, wanted: Any) -> Finding:
    return Finding(
        table=side_conversations,
        key=(row["id"],),
        field=name,
        warehouse=has,
        zendesk=wanted,
        ticket_id=row["ticket_id"],
        stored=stored,
    )


def _streamed(engine: Engine, query: Select[Any]) -> Iterator[list[Row]]:
    with reading(engine) as connection:
        streamed = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
        for block in streamed.execute(query).mappings().partitions():
            yield [dict(row) for row in block]
