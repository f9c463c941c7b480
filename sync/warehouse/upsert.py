"""Idempotent writes that never go back in time, in one statement for SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, literal_column, or_

from sync.warehouse.bulk import Columns, Newer, Target, put
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.tombstones import SCRUBBED

OF_READING = ("id", "_synced_at", "_source")  # columns that tell nothing of a record's content


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Any],
    given: Mapping[str, Any],
    *,
    columns: tuple[str, ...] | None = None,
) -> None:
    """Insert the rows; replace a stored one unless it is newer.

    Rows are dicts with the same keys, or objects with `columns` as attributes. `given` are values
    that are the same for all of them.
    """
    if not rows:
        return
    names = columns or tuple(rows[0])
    take = attrgetter(*names) if columns else itemgetter(*names)
    target = Target(table, names, tuple(given), NEWER.get(table.name, _read_later))
    for wave in _waves(table, names, list(map(take, rows))):
        put(connection, target, wave, given)


def _waves(
    table: Table, names: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> list[list[tuple[Any, ...]]]:
    """Part rows so that no key comes twice at once; equal keys stay in order of arrival.

    Keys have a fixed order, so that two writers can meet without a deadlock.
    """
    key = itemgetter(*(names.index(column.name) for column in table.primary_key.columns))
    ordered = sorted(rows, key=key)
    if len(set(map(key, ordered))) == len(ordered):
        return [ordered]
    waves: list[list[tuple[Any, ...]]] = []
    before, number = None, 0
    for row in ordered:
        number = number + 1 if key(row) == before else 0
        before = key(row)
        if number == len(waves):
            waves.append([])
        waves[number].append(row)
    return waves


def _read_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    """Without a version of its own, the record that was read later wins."""
    return new["_synced_at"] >= stored["_synced_at"]  # type: ignore[no-any-return]


def _updated_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    return new.updated_at >= stored.updated_at  # type: ignore[no-any-return]


def _person_changed_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    """Nothing brings back who was erased; else the newer state wins, of equal ones the later."""
    same = and_(new.updated_at == stored.updated_at, _read_later(stored, new))
    return and_(stored.erased_at.is_(None), or_(new.updated_at > stored.updated_at, same))


def _ticket_changed_later(stored: Columns, new: Columns) -> ColumnElement[bool]:
    """Compare Zendesk's change clock where both rows have it, else updated_at.

    Only exports tell the change clock. Some of Zendesk's own changes do not touch updated_at: of
    equal states the one that was read later wins. A deleted ticket comes back only by a state
    that was read after the deletion was known, or in its second and newer: what was read before it
    may be on its way.
    """
    clocks = and_(new.generated_timestamp.is_not(None), stored.generated_timestamp.is_not(None))
    newer = or_(
        new.updated_at > stored.updated_at,
        and_(clocks, new.generated_timestamp > stored.generated_timestamp),
    )
    is_behind = case(
        (clocks, new.generated_timestamp < stored.generated_timestamp),
        else_=new.updated_at < stored.updated_at,
    )
    read_later = _read_later(stored, new)
    read_after = new["_synced_at"] > stored["_synced_at"]
    # A tombstone takes only what tells the same: the times of a ticket scrubbed meanwhile.
    word: ColumnElement[str] = literal_column(
        f"'{SCRUBBED}'"
    )  # a bound value would be one more for every row
    is_scrubbed = and_(new.subject == word, new.description == word)
    return and_(
        ~is_behind,
        or_(newer, read_later),
        or_(
            stored.deleted_at.is_(None),
            new.deleted_at.is_not(None),
            read_after,
            and_(newer, read_later),
        ),
        or_(stored.erased_at.is_(None), new.deleted_at.is_(None), is_scrubbed),
    )


def _told_otherwise(stored: Columns, new: Columns) -> ColumnElement[bool]:
    """Write what is read again and again, as breaches ahead are, only when it changed."""
    names = (
        column.name for column in ticket_metric_events.columns if column.name not in OF_READING
    )
    differs = or_(*(new[name].is_distinct_from(stored[name]) for name in names))
    return and_(_read_later(stored, new), differs)


NEWER: Mapping[str, Newer] = {
    ticket_metric_events.name: _told_otherwise,
    tickets.name: _ticket_changed_later,
    ticket_metrics.name: _updated_later,
    users.name: _person_changed_later,
}
