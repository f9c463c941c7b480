"""What the engine needs, read from the warehouse: the account's rules and tickets' lives."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

import structlog
from sqlalchemy import Column, Connection, Select, select

from integrations.runtime.errors import BadRecord
from sync.sla.engine import Rulebook
from sync.sla.lives import FIELDS, Record, TicketRows, read_life
from sync.sla.policies import Policy, PolicyBook, read_policy
from sync.sla.schedules import BusinessTime
from sync.sla.timeline import Role, Timeline, build_timeline
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.policies import schedule_holidays, schedules, sla_policies
from sync.warehouse.tables.tickets import tickets

LIGHT_AGENT = 1  # Zendesk's role_type
log = structlog.get_logger(__name__)

_TICKET = [
    tickets.c[name] for name in (*FIELDS, "id", "created_at", "via_channel", "custom_fields")
]
_AUDIT = [ticket_audits.c[name] for name in ("id", "ticket_id", "author_id", "created_at")]
_COMMENT = [
    ticket_comments.c[name]
    for name in ("ticket_id", "audit_id", "author_id", "public", "created_at")
]
_POLICY = ("id", "title", "position", "filter", "policy_metrics", "metric_settings")


def load_rulebook(connection: Connection) -> Rulebook:
    """Return the account's policies and its default schedule, which is the oldest one."""
    schedule = _default_schedule(connection)
    return Rulebook(
        policies=PolicyBook(_policies(connection)),
        schedules=[] if schedule is None else [(0, schedule)],
    )


def load_timelines(connection: Connection, ticket_ids: Collection[int]) -> Iterator[Timeline]:
    """Yield the lives of these tickets after a fixed number of queries; deleted ones have none."""
    kept = select(*_TICKET).where(tickets.c.id.in_(ticket_ids), tickets.c.deleted_at.is_(None))
    audits = _by_ticket(connection, _of(ticket_ids, _AUDIT))
    comments = _by_ticket(connection, _of(ticket_ids, _COMMENT))
    changes = _by_ticket(connection, _of(ticket_ids, list(ticket_field_history.c)))
    lives = [
        read_life(TicketRows(row, audits[row["id"]], comments[row["id"]], changes[row["id"]]))
        for row in _records(connection, kept)
    ]
    people = {
        person
        for opening, events in lives
        for person in (
            opening.author_id,
            opening.submitter_id,
            opening.fields["requester_id"],
            *(event.author_id for event in events),
            *(event.changes.get("requester_id") for event in events),
        )
    }
    staff = _staff(connection, people - {None})
    for opening, events in lives:
        yield build_timeline(opening, events, staff)


def _of(ticket_ids: Collection[int], columns: Sequence[Column[Any]]) -> Select[Any]:
    """Select the rows of these tickets from the columns' table."""
    return select(*columns).where(columns[0].table.c.ticket_id.in_(ticket_ids))


def _by_ticket(connection: Connection, query: Select[Any]) -> defaultdict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for row in _records(connection, query):
        found[row["ticket_id"]].append(row)
    return found


def _records(connection: Connection, query: Select[Any]) -> Sequence[Record]:
    return cast("Sequence[Record]", connection.execute(query).mappings().all())


def _staff(connection: Connection, people: Iterable[int]) -> dict[int, Role]:
    """Return the staff among these people; whoever is not here counts as a customer."""
    columns = (users.c.id, users.c.raw)
    query = select(*columns).where(users.c.id.in_(people), users.c.role.in_(["agent", "admin"]))
    return {
        user_id: Role.LIGHT_AGENT if raw.get("role_type") == LIGHT_AGENT else Role.AGENT
        for user_id, raw in connection.execute(query)
    }


def _policies(connection: Connection) -> Iterator[Policy]:
    query = (
        select(*(sla_policies.c[name] for name in _POLICY))
        .where(sla_policies.c.deleted_at.is_(None))
        .order_by(sla_policies.c.position, sla_policies.c.id)
    )
    for row in _records(connection, query):
        try:
            yield read_policy({name: row[name] for name in _POLICY})
        except BadRecord as error:
            log.warning("sla_policy_skipped", policy_id=row["id"], reason=error.message)


def _default_schedule(connection: Connection) -> BusinessTime | None:
    oldest = (
        select(schedules.c.id, schedules.c.time_zone, schedules.c.intervals)
        .where(schedules.c.deleted_at.is_(None))
        .order_by(schedules.c.id)
        .limit(1)
    )
    schedule = connection.execute(oldest).mappings().first()
    if schedule is None:
        return None
    closed = select(schedule_holidays.c.start_date, schedule_holidays.c.end_date).where(
        schedule_holidays.c.schedule_id == schedule["id"],
        schedule_holidays.c.deleted_at.is_(None),
    )
    holidays = [dict(row) for row in connection.execute(closed).mappings()]
    try:
        return _compiled(json.dumps({**schedule, "holidays": holidays}, default=str))
    except BadRecord as error:
        # Calendar time comes due earlier than business time: nobody is told too late.
        log.warning("schedule_skipped", schedule_id=schedule["id"], reason=error.message)
        return None


@lru_cache(maxsize=32)
def _compiled(schedule: str) -> BusinessTime:
    """Keep schedules between refreshes: compiling one costs more than a ticket's clocks."""
    return BusinessTime(json.loads(schedule))
