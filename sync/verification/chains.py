"""Checks that every value of a ticket's field ends where the next one begins."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, func, select

from integrations.runtime.database import reading
from sync.verification.compare import Finding, Stored
from sync.warehouse.tables.history import ticket_field_history

AT_ONCE = 500


def broken_ends(engine: Engine, tables: Collection[Table]) -> Iterator[list[Finding]]:
    """Yield the values whose end does not fit what is stored around them, some at a time.

    That the values themselves are right, the comparison with Zendesk tells. Nothing is yielded
    when the tables that are compared have no chains.
    """
    if ticket_field_history not in tables:
        return
    with reading(engine) as connection:
        streamed = connection.execution_options(stream_results=True, yield_per=AT_ONCE)
        for block in streamed.execute(_broken()).mappings().partitions():
            yield [_finding(dict(row)) for row in block]


def still_broken(connection: Connection, ticket_ids: set[int]) -> set[tuple[Any, ...]]:
    """Return the keys of the values of these tickets whose end does not fit."""
    query = _broken(ticket_field_history.c.ticket_id.in_(ticket_ids))
    return {(row.event_id, row.field) for row in connection.execute(query)}


def _broken(*conditions: Any) -> Select[Any]:
    history = ticket_field_history
    follows = func.lead(history.c.valid_from).over(
        partition_by=(history.c.ticket_id, history.c.field),
        order_by=(history.c.valid_from, history.c.event_id),
    )
    chain = select(history, follows.label("follows")).where(*conditions).subquery()
    return select(chain).where(chain.c.valid_until.is_distinct_from(chain.c.follows))


def _finding(row: dict[str, Any]) -> Finding:
    follows = row.pop("follows")
    return Finding(
        table=ticket_field_history,
        key=(row["event_id"], row["field"]),
        field="valid_until",
        warehouse=row["valid_until"],
        zendesk=follows,
        ticket_id=row["ticket_id"],
        stored=Stored([row], row["_synced_at"]),
    )
