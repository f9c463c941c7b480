"""The account's rules as they were at each time: policies, group policies, business hours."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, select

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.lives import KNOWN_FIELDS
from sync.sla.policies import Policy, read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import UnknownTime, WorkingTime, read_schedule, to_second
from sync.warehouse.tables.policies import (
    group_sla_policies,
    schedule_holidays,
    schedules,
    sla_policies,
)
from sync.warehouse.tables.versions import schedule_versions, sla_policy_versions
from sync.warehouse.versions import KINDS, POLICY_FIELDS

TARGET_UNITS_S = {sla_policies.name: 60, group_sla_policies.name: 1}

# A schedule from a second on: its id and record, or None from its deletion on.
ScheduleEdition = tuple[int, int, Mapping[str, Any] | None]


def load_rulebook(connection: Connection, choices: Choices = DEFAULT_CHOICES) -> Rulebook:
    """Return the account's rules over time.

    What the mirror has never noted a version of holds as it is now, from the beginning.
    """
    editions = sorted(_editions(connection), key=lambda each: each[0])
    return Rulebook(
        policies=PolicyBook(_policies(connection, sla_policies), choices=choices),
        group_policies=PolicyBook(_policies(connection, group_sla_policies), choices=choices),
        schedules=list(_default_schedules(editions)),
        assignable=_assignable(editions),
        choices=choices,
    )


def _policies(connection: Connection, table: Table) -> Iterator[Policy]:
    noted = sla_policy_versions.c
    query = select(sla_policy_versions).where(noted.kind == KINDS[table.name])
    known = set()
    for row in connection.execute(query.order_by(noted.policy_id, noted.active_from)):
        known.add(row.policy_id)
        number = int(row.policy_id) if table is sla_policies else row.policy_id
        yield _read(table, number, row.record, since=to_second(row.active_from))
        if row.deleted_at is not None:
            yield Policy(id=number, active_from=to_second(row.deleted_at), is_gone=True)
    living = select(table).where(table.c.deleted_at.is_(None))
    for policy in connection.execute(living).mappings():
        if str(policy["id"]) not in known:
            record = {name: policy.get(name) for name in POLICY_FIELDS}
            yield _read(table, policy["id"], record, since=None)


def _read(
    table: Table, number: int | str, record: Mapping[str, Any], *, since: int | None
) -> Policy:
    return read_policy(
        {**record, "id": number},
        active_from=since,
        target_unit=TARGET_UNITS_S[table.name],
        known_fields=KNOWN_FIELDS,
    )


def _default_schedules(editions: Sequence[ScheduleEdition]) -> Iterator[tuple[int, WorkingTime]]:
    """Yield from when which business hours are the account's: those of its oldest schedule."""
    in_force: dict[int, tuple[int, Mapping[str, Any]]] = {}
    for since, number, record in editions:
        if record is None:
            in_force.pop(number, None)
        else:
            in_force[number] = since, record
        if in_force:
            oldest = min(in_force)
            version, hours = in_force[oldest]
            yield since, _hours(oldest, hours, version)


def _assignable(editions: Sequence[ScheduleEdition]) -> dict[int, list[tuple[int, WorkingTime]]]:
    """Return every schedule over time, for tickets that a trigger gives one of them."""
    found: dict[int, list[tuple[int, WorkingTime]]] = {}
    for since, number, record in editions:
        gone = UnknownTime(f"schedule {number} was deleted", number)
        hours = gone if record is None else _hours(number, record, since)
        found.setdefault(number, []).append((since, hours))
    return found


def _editions(connection: Connection) -> Iterator[ScheduleEdition]:
    noted = schedule_versions.c
    known = set()
    query = select(schedule_versions).order_by(noted.schedule_id, noted.active_from)
    for row in connection.execute(query):
        known.add(row.schedule_id)
        yield to_second(row.active_from), row.schedule_id, row.record
        if row.deleted_at is not None:
            yield to_second(row.deleted_at), row.schedule_id, None
    living = select(schedules).where(schedules.c.deleted_at.is_(None))
    for schedule in connection.execute(living).mappings():
        if schedule["id"] not in known:
            week = {name: schedule[name] for name in ("time_zone", "intervals")}
            yield 0, schedule["id"], {**week, "holidays": _holidays(connection, schedule["id"])}


def _holidays(connection: Connection, schedule_id: int) -> Sequence[Mapping[str, Any]]:
    closed = select(schedule_holidays.c.start_date, schedule_holidays.c.end_date).where(
        schedule_holidays.c.schedule_id == schedule_id,
        schedule_holidays.c.deleted_at.is_(None),
    )
    return [dict(row) for row in connection.execute(closed).mappings()]


def _hours(schedule_id: int, record: Mapping[str, Any], version: int) -> WorkingTime:
    return _compiled(json.dumps({**record, "id": schedule_id}, default=str), version)


@lru_cache(maxsize=128)
def _compiled(schedule: str, version: int) -> WorkingTime:
    """Keep schedules between refreshes: compiling one costs more than a ticket's clocks."""
    return read_schedule(json.loads(schedule), version=version)
