"""The account's rules as they were at each time: policies, group policies, business hours."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.lives import KNOWN_FIELDS
from sync.sla.policies import Policy, read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.rulebook import Basis, Rule, Rulebook, digest
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
    editions = sorted(_schedule_editions(connection), key=lambda each: each[0])
    policies, group_policies = (
        list(_policy_editions(connection, table)) for table in (sla_policies, group_sla_policies)
    )
    return Rulebook(
        policies=PolicyBook(map(_read, policies), choices=choices),
        group_policies=PolicyBook(map(_read, group_policies), choices=choices),
        schedules=list(_default_schedules(editions)),
        assignable=_assignable(editions),
        choices=choices,
        basis=_basis((*policies, *group_policies), editions),
    )


class _PolicyEdition(NamedTuple):
    """A policy from a second on; without a record: it is gone."""

    table: str
    number: int | str
    since: int | None
    record: Mapping[str, Any] | None


def _policy_editions(connection: Connection, table: Table) -> Iterator[_PolicyEdition]:
    name, noted = table.name, sla_policy_versions.c
    query = select(sla_policy_versions).where(noted.kind == KINDS[name])
    known = set()
    for row in connection.execute(query.order_by(noted.policy_id, noted.active_from)):
        known.add(row.policy_id)
        number = int(row.policy_id) if table is sla_policies else row.policy_id
        yield _PolicyEdition(name, number, to_second(row.active_from), row.record)
        if row.deleted_at is not None:
            yield _PolicyEdition(name, number, to_second(row.deleted_at), None)
    living = select(table).where(table.c.deleted_at.is_(None))
    for policy in connection.execute(living).mappings():
        if str(policy["id"]) not in known:
            record = {field: policy.get(field) for field in POLICY_FIELDS}
            yield _PolicyEdition(name, policy["id"], None, record)


def _read(edition: _PolicyEdition) -> Policy:
    table, number, since, record = edition
    if record is None:
        return Policy(id=number, active_from=since, is_gone=True)
    return read_policy(
        {**record, "id": number},
        active_from=since,
        target_unit=TARGET_UNITS_S[table],
        known_fields=KNOWN_FIELDS,
    )


def _basis(policies: Iterable[_PolicyEdition], schedules: Iterable[ScheduleEdition]) -> Basis:
    """Return what every version says, as digests."""
    return {
        f"{table}:{number}:{since}": Rule(since, digest(record))
        for table, number, since, record in policies
    } | {
        f"schedules:{number}:{since}": Rule(since, digest(record))
        for since, number, record in schedules
    }


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


def _schedule_editions(connection: Connection) -> Iterator[ScheduleEdition]:
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
