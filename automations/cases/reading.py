"""What people ask about cases: which there are, and what belongs to one."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from automations.cases.mentions import Relation
from automations.cases.tables import (
    case_events,
    case_indicators,
    case_mentions,
    case_tickets,
    cases,
)
from integrations.runtime.errors import BadInput

MOST_SHOWN = 500


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One case in a list."""

    id: str
    relation: str
    tickets: int
    customers: int
    opened_at: datetime


class NamedBy(msgspec.Struct, frozen=True, kw_only=True):
    """What tickets of a case name; `elsewhere`: cases of the other relation that name it, too."""

    kind: str
    value: str
    tickets: int
    is_supernode: bool
    elsewhere: tuple[str, ...]


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A step in the life of a case."""

    at: datetime
    event: str
    ticket_id: int | None
    other_case_id: str | None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case with all that belongs to it."""

    id: str
    relation: str
    opened_at: datetime
    merged_into: str | None
    closed_at: datetime | None
    customers: int
    tickets: tuple[int, ...]
    indicators: tuple[NamedBy, ...]
    history: tuple[Happened, ...]


def listing(
    connection: Connection,
    *,
    relation: Relation | None = None,
    least_customers: int = 1,
    limit: int = MOST_SHOWN,
) -> list[CaseLine]:
    """Return open cases, those with the most customers first."""
    customers = func.count(case_tickets.c.requester_id.distinct())
    query = (
        select(
            cases.c.id,
            cases.c.relation,
            func.count().label("tickets"),
            customers.label("customers"),
            cases.c.opened_at,
        )
        .select_from(cases.join(case_tickets))
        .group_by(cases.c.id, cases.c.relation, cases.c.opened_at)
        .having(customers >= least_customers)
        .order_by(customers.desc(), func.count().desc(), cases.c.id)
        .limit(limit)
    )
    if relation is not None:
        query = query.where(cases.c.relation == relation.value)
    return [CaseLine(**row) for row in connection.execute(query).mappings()]


def find_case(connection: Connection, case_id: str) -> Case:
    """Return a case, also one that was merged into another; BadInput when there is none."""
    row = connection.execute(select(cases).where(cases.c.id == case_id)).mappings().first()
    if row is None:
        raise BadInput(
            f"There is no case {case_id!r}.", hint="`riskdesk cases list` shows the names."
        )
    members = connection.execute(
        select(case_tickets.c.ticket_id, case_tickets.c.requester_id)
        .where(case_tickets.c.case_id == case_id)
        .order_by(case_tickets.c.ticket_id)
    ).all()
    return Case(
        id=row["id"],
        relation=row["relation"],
        opened_at=row["opened_at"],
        merged_into=row["merged_into"],
        closed_at=row["closed_at"],
        customers=len({member.requester_id for member in members}),
        tickets=tuple(member.ticket_id for member in members),
        indicators=tuple(_indicators(connection, row["id"], row["relation"])),
        history=tuple(_history(connection, case_id)),
    )


def _indicators(connection: Connection, case_id: str, relation: str) -> list[NamedBy]:
    inside = func.count()
    query = (
        select(
            case_indicators.c.kind,
            case_indicators.c.value,
            case_indicators.c.is_supernode,
            inside.label("tickets"),
        )
        .select_from(
            case_indicators.join(case_mentions).join(
                case_tickets, case_tickets.c.ticket_id == case_mentions.c.ticket_id
            )
        )
        .where(case_tickets.c.case_id == case_id, case_indicators.c.relation == relation)
        .group_by(case_indicators.c.kind, case_indicators.c.value, case_indicators.c.is_supernode)
        .order_by(inside.desc(), case_indicators.c.kind, case_indicators.c.value)
        .limit(MOST_SHOWN)
    )
    return [
        NamedBy(**row, elsewhere=_elsewhere(connection, row["kind"], row["value"], relation))
        for row in connection.execute(query).mappings()
    ]


def _elsewhere(connection: Connection, kind: str, value: str, relation: str) -> tuple[str, ...]:
    """Return the cases, or lone tickets, that name the same with the other relation."""
    query = (
        select(case_mentions.c.ticket_id, case_tickets.c.case_id)
        .select_from(
            case_indicators.join(case_mentions).outerjoin(
                case_tickets,
                (case_tickets.c.ticket_id == case_mentions.c.ticket_id)
                & (case_tickets.c.relation == case_indicators.c.relation),
            )
        )
        .where(
            case_indicators.c.kind == kind,
            case_indicators.c.value == value,
            case_indicators.c.relation != relation,
        )
        .limit(MOST_SHOWN)
    )
    found = {row.case_id or f"ticket {row.ticket_id}" for row in connection.execute(query)}
    return tuple(sorted(found))


def _history(connection: Connection, case_id: str) -> list[Happened]:
    query = select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.id)
    rows: list[Any] = list(connection.execute(query))
    return [
        Happened(
            at=row.happened_at,
            event=row.event,
            ticket_id=row.ticket_id,
            other_case_id=row.other_case_id,
        )
        for row in rows
    ]
