"""Groups all tickets anew, for example after the list of common things was edited."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from automations.cases.grouping import Groups
from automations.cases.mentions import Kind, Mention, Relation
from automations.cases.repository import CaseRepository
from automations.cases.service import case_id_of
from automations.cases.supernodes import Supernodes
from automations.cases.tables import case_indicators, case_mentions, case_tickets, cases

_AT_ONCE = 5_000  # rows in one statement


class Rebuilt(NamedTuple):
    """What came out."""

    cases: int
    tickets: int
    supernodes: int


def rebuild(connection: Connection, supernodes: Supernodes, *, now: datetime) -> Rebuilt:
    """Group everything that was ever named anew, and return how many cases there are now."""
    CaseRepository(connection).lock()
    common = _judge_indicators(connection, supernodes)
    connection.execute(delete(case_tickets))
    in_cases = number = 0
    for relation in Relation:
        groups, requesters = Groups(), {}
        for ticket_id, indicator_id, requester_id in _links(connection, relation):
            groups.add(ticket_id, indicator_id)
            requesters[ticket_id] = requester_id
        members = groups.members()
        _keep_cases(connection, relation, members, now)
        _fill_cases(connection, relation, members, requesters)
        number += len(members)
        in_cases += sum(map(len, members.values()))
    return Rebuilt(number, in_cases, common)


def _judge_indicators(connection: Connection, supernodes: Supernodes) -> int:
    """Say of every indicator whether it links, and return how many do not."""
    every = update(case_indicators)
    connection.execute(every.where(case_indicators.c.is_supernode).values(is_supernode=False))
    common = every.values(is_supernode=True)
    for relation, limits in supernodes.most_tickets.items():
        for kind, most in limits.items():
            connection.execute(
                common.where(
                    case_indicators.c.relation == relation.value,
                    case_indicators.c.kind == kind.value,
                    case_indicators.c.tickets > most,
                )
            )
    listed = _listed(connection, supernodes)
    for start in range(0, len(listed), _AT_ONCE):
        chosen = case_indicators.c.id.in_(listed[start : start + _AT_ONCE])
        connection.execute(common.where(chosen))
    count = select(func.count()).where(case_indicators.c.is_supernode)
    return connection.scalar(count) or 0


def _listed(connection: Connection, supernodes: Supernodes) -> list[int]:
    """Return the indicators that somebody listed, by id."""
    is_listed_address = and_(
        case_indicators.c.kind == Kind.ADDRESS.value,
        case_indicators.c.value.in_(supernodes.address),
    )
    is_domain = case_indicators.c.kind == Kind.DOMAIN.value
    query = select(case_indicators).where(or_(is_listed_address, is_domain))
    return [
        row.id
        for row in connection.execute(query)
        if supernodes.lists(Mention(Relation(row.relation), Kind(row.kind), row.value))
    ]


def _links(connection: Connection, relation: Relation) -> Iterator[tuple[int, int, int]]:
    """Yield (ticket, indicator, requester) of all that links."""
    query = (
        select(
            case_mentions.c.ticket_id, case_mentions.c.indicator_id, case_mentions.c.requester_id
        )
        .select_from(case_mentions.join(case_indicators))
        .where(
            case_indicators.c.relation == relation.value,
            case_indicators.c.is_supernode.is_(False),
        )
    )
    for row in connection.execute(query).yield_per(_AT_ONCE):
        yield row[0], row[1], row[2]


def _keep_cases(
    connection: Connection, relation: Relation, members: Collection[int], now: datetime
) -> None:
    """Open, reopen and close cases, so that those with tickets are the open ones."""
    mine = cases.c.relation == relation.value
    stored = connection.execute(select(cases.c.id, cases.c.closed_at).where(mine))
    known = {row.id: row.closed_at for row in stored}
    wanted = {case_id_of(relation, lowest): lowest for lowest in members}
    repository = CaseRepository(connection)
    for case_id, closed_at in known.items():
        if case_id in wanted and closed_at is not None:
            repository.open_case(case_id, relation, wanted[case_id], now)
        elif case_id not in wanted and closed_at is None:
            repository.close_case(case_id, merged_into=None, now=now)
    fresh = (
        {"id": case_id, "relation": relation.value, "lowest_ticket_id": lowest, "opened_at": now}
        for case_id, lowest in wanted.items()
        if case_id not in known
    )
    while part := list(islice(fresh, _AT_ONCE)):
        connection.execute(insert(cases), part)


def _fill_cases(
    connection: Connection,
    relation: Relation,
    members: Mapping[int, Collection[int]],
    requesters: Mapping[int, int],
) -> None:
    rows = (
        {
            "ticket_id": ticket,
            "relation": relation.value,
            "case_id": case_id_of(relation, lowest),
            "requester_id": requesters[ticket],
        }
        for lowest, tickets in members.items()
        for ticket in tickets
    )
    while part := list(islice(rows, _AT_ONCE)):
        connection.execute(insert(case_tickets), part)
