"""Remembers what policies and schedules were, whenever their lists were read; never commits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from sync.warehouse.tables.policies import (
    group_sla_policies,
    schedule_holidays,
    schedules,
    sla_policies,
)
from sync.warehouse.tables.versions import schedule_versions, sla_policy_versions

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = {sla_policies.name: "ticket", group_sla_policies.name: "group"}
POLICY_FIELDS = ("title", "position", "filter", "policy_metrics", "metric_settings")

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A policy or schedule as a list showed it; `begins` and `known_from` are for a first look."""

    key: Key
    record: dict[str, Any]
    begins: datetime
    known_from: datetime
    updated_at: datetime | None
    read_at: datetime
    deleted_at: datetime | None


def note_policies(connection: Connection, table: Table) -> None:
    """Keep what the policies of this table are now, if it is not what was known of them."""
    _note(connection, sla_policy_versions, _policy_states(connection, table))


def note_schedules(connection: Connection, *, now: datetime) -> None:
    """Keep what the schedules are now; `now` is when their holidays were read."""
    _note(connection, schedule_versions, _schedule_states(connection, now))


def note_changed_weeks(connection: Connection, *, now: datetime) -> None:
    """Keep changed schedules of which an earlier version is known; their holidays are not read yet.

    The first version needs the holidays: without them it would hold for all the past.
    """
    known = {row.schedule_id for row in connection.execute(select(schedule_versions))}
    states = [each for each in _schedule_states(connection, now) if each.key[0] in known]
    _note(connection, schedule_versions, states, is_whole=False)


def _policy_states(connection: Connection, table: Table) -> Iterator[State]:
    for row in connection.execute(select(table)).mappings():
        yield State(
            key=(KINDS[table.name], str(row["id"])),
            # Group policies have no settings of metrics.
            record={name: row.get(name) for name in POLICY_FIELDS},
            begins=row["created_at"] or BEGINNING,
            known_from=row["updated_at"] or row["created_at"] or BEGINNING,
            updated_at=row["updated_at"],
            read_at=row["_synced_at"],
            deleted_at=row["deleted_at"],
        )


def _schedule_states(connection: Connection, now: datetime) -> Iterator[State]:
    """Yield schedules with their holidays; what the holidays were before a first look, none knows.

    Zendesk keeps no time of a change to holidays.
    """
    closed: dict[int, list[dict[str, str]]] = {}
    query = select(schedule_holidays).where(schedule_holidays.c.deleted_at.is_(None))
    order = (schedule_holidays.c.start_date, schedule_holidays.c.end_date)
    for holiday in connection.execute(query.order_by(*order)):
        days = {name: getattr(holiday, name).isoformat() for name in ("start_date", "end_date")}
        closed.setdefault(holiday.schedule_id, []).append(days)
    for row in connection.execute(select(schedules)).mappings():
        week = {name: row[name] for name in ("time_zone", "intervals")}
        yield State(
            key=(row["id"],),
            record={**week, "holidays": closed.get(row["id"], [])},
            begins=BEGINNING,
            known_from=now,
            updated_at=row["updated_at"],
            read_at=now,
            deleted_at=row["deleted_at"],
        )


def _note(
    connection: Connection, table: Table, states: Iterable[State], *, is_whole: bool = True
) -> None:
    *names, active_from = (column.name for column in table.primary_key.columns)
    found = connection.execute(select(table).order_by(table.c[active_from]))
    newest = {tuple(getattr(row, name) for name in names): row for row in found}
    for state in states:
        version = newest.get(state.key)
        if version is None:
            begins = {"active_from": state.begins, "known_from": state.known_from}
            _add(connection, table, names, state, begins | {"last_read_at": state.read_at})
        elif version.record == state.record and not _was_edited(state, version):
            if is_whole:
                _read_again(connection, table, version, state)
        elif not _is_older(state, version):
            read_at = state.read_at if is_whole else version.last_read_at
            since = _changed_at(state, version)
            if since > version.active_from:
                begins = {"active_from": since, "known_from": since, "last_read_at": read_at}
                _add(connection, table, names, state, begins)
            else:  # it changed twice within the second in which it was read
                _correct(connection, table, version, {"record": state.record})


def _add(
    connection: Connection, table: Table, names: list[str], state: State, times: dict[str, datetime]
) -> None:
    values: dict[str, Any] = {**dict(zip(names, state.key, strict=True)), **times}
    same = {name: getattr(state, name) for name in ("record", "updated_at", "deleted_at")}
    connection.execute(insert(table).values({**values, **same, "noted_at": state.read_at}))


def _read_again(connection: Connection, table: Table, version: Row[Any], state: State) -> None:
    times = {
        "last_read_at": max(version.last_read_at, state.read_at),
        "updated_at": state.updated_at,
        "deleted_at": state.deleted_at,
    }
    _correct(connection, table, version, times)


def _correct(
    connection: Connection, table: Table, version: Row[Any], values: dict[str, Any]
) -> None:
    this = [key == getattr(version, key.name) for key in table.primary_key.columns]
    connection.execute(update(table).where(*this).values(values))


def _was_edited(state: State, version: Row[Any]) -> bool:
    """Tell whether Zendesk says that it changed; that it is the same again does not say it was."""
    both = state.updated_at is not None and version.updated_at is not None
    return both and state.updated_at > version.updated_at


def _is_older(state: State, version: Row[Any]) -> bool:
    """Tell whether what was read lies behind what is known: nothing goes back in time."""
    if state.read_at < version.last_read_at:
        return True
    both = state.updated_at is not None and version.updated_at is not None
    return both and state.updated_at < version.updated_at


def _changed_at(state: State, version: Row[Any]) -> datetime:
    """Return when the change happened: as Zendesk says, else when it was first seen.

    A new order of policies and a holiday leave no time behind.
    """
    told = state.updated_at
    if told is not None and told != version.updated_at and told > version.active_from:
        return told
    return state.read_at
