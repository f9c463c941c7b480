"""What follows when a whole list was read: what is missing was deleted, what changes is noted."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Table

from sync.mirror.arrival import Key
from sync.mirror.deletions import mark_absent
from sync.warehouse import versions
from sync.warehouse.tables.policies import (
    group_sla_policies,
    schedule_holidays,
    schedules,
    sla_policies,
)


def end_list(
    connection: Connection,
    table: Table,
    listed: Collection[Key] | None,
    *,
    began: datetime,
    now: datetime,
) -> int:
    """Draw the conclusions from a list that was read to its end at `now`.

    Marks what it did not hold as deleted and returns how many; without `listed` nobody can tell.
    Policies and schedules are remembered as they are now.
    """
    gone = 0 if listed is None else mark_absent(connection, table, listed, began=began, now=now)
    note = _NOTES.get(table.name)
    if note is not None:
        note(connection, now)
    return gone


def _policies(table: Table, connection: Connection, _now: datetime) -> None:
    versions.note_policies(connection, table)


_NOTES: Mapping[str, Callable[[Connection, datetime], None]] = {
    sla_policies.name: partial(_policies, sla_policies),
    group_sla_policies.name: partial(_policies, group_sla_policies),
    schedules.name: lambda connection, now: versions.note_changed_weeks(connection, now=now),
    schedule_holidays.name: lambda connection, now: versions.note_schedules(connection, now=now),
}
