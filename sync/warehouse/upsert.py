"""Idempotent writes that never go back in time, in one statement for SQLite and PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, or_

from integrations.runtime.database import insert_into
from sync.warehouse.records import Row
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import ticket_metrics, tickets

Columns = Any  # SQLAlchemy's column collections: the table's own and `excluded`, the new row
Newer = Callable[[Columns, Columns], ColumnElement[bool]]


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows; replace a stored one unless it is newer. All rows have the same keys."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    # A fixed order lets two writers meet without a deadlock; equal keys stay in order of arrival.
    ordered = sorted(rows, key=lambda row: tuple(row[key] for key in keys))
    statement = insert_into(connection, table)
    new = statement.excluded
    replaced = {name: new[name] for name in rows[0] if name not in keys}
    is_newer = NEWER.get(table.name, _read_later)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_=replaced, where=is_newer(table.c, new)
        ),
        ordered,
    )


def _read_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    """Without a version of its own, the record that was read later wins."""
    return new["_synced_at"] >= stored["_synced_at"]  # type: ignore[no-any-return]


def _updated_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    return new.updated_at >= stored.updated_at  # type: ignore[no-any-return]


def _ticket_changed_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    """Compare Zendesk's change clock where both rows have it, else updated_at.

    Only exports tell the change clock. Some of Zendesk's own changes do not touch updated_at: a
    tie is replaced. Only a deletion is not undone by a tie, because the older state may be on a
    page that was read before it.
    """
    clocks = and_(new.generated_timestamp.is_not(None), stored.generated_timestamp.is_not(None))
    later = case(
        (clocks, new.generated_timestamp >= stored.generated_timestamp),
        else_=new.updated_at >= stored.updated_at,
    )
    restored = or_(
        new.updated_at > stored.updated_at,
        and_(clocks, new.generated_timestamp > stored.generated_timestamp),
    )
    return and_(later, or_(stored.deleted_at.is_(None), new.deleted_at.is_not(None), restored))


NEWER: Mapping[str, Newer] = {
    tickets.name: _ticket_changed_later,
    ticket_metrics.name: _updated_later,
    users.name: _updated_later,
}
