"""SQL over cases; never commits."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from automations.cases.mentions import Kind, Mention, Relation
from automations.cases.tables import (
    case_events,
    case_indicators,
    case_mentions,
    case_tickets,
    cases,
)
from integrations.runtime.database import insert_into

_LOCK = 7_476_011  # on PostgreSQL, of the advisory lock that linking holds
_AT_ONCE = 500  # values in one statement


class Member(NamedTuple):
    """A ticket and whose it is."""

    ticket_id: int
    requester_id: int


class Indicator(NamedTuple):
    """What tickets name, as it is stored."""

    id: int
    mention: Mention
    tickets: int
    is_supernode: bool


class CaseRepository:
    """The rows, on one open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Let nobody else link until the transaction ends: both would miss each other's ticket.

        SQLite has one writer at a time anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    def indicators_of(self, ticket_id: int) -> list[Indicator]:
        """Return what a ticket names."""
        join = case_mentions.join(case_indicators)
        query = select(case_indicators).select_from(join)
        mine = query.where(case_mentions.c.ticket_id == ticket_id)
        return [_indicator(row) for row in self._connection.execute(mine)]

    def find(self, mention: Mention) -> Indicator | None:
        """Return what is stored of something that tickets name."""
        query = select(case_indicators).where(
            case_indicators.c.relation == mention.relation.value,
            case_indicators.c.kind == mention.kind.value,
            case_indicators.c.value == mention.value,
        )
        row = self._connection.execute(query).first()
        return None if row is None else _indicator(row)

    def add(self, member: Member, mention: Mention) -> Indicator:
        """Note that a ticket names something, and return how it stands now."""
        values = _columns(mention)
        statement = insert_into(self._connection, case_indicators)
        self._connection.execute(
            statement.values(**values, tickets=1, is_supernode=False).on_conflict_do_update(
                index_elements=["relation", "kind", "value"],
                set_={"tickets": case_indicators.c.tickets + 1},
            )
        )
        found = self.find(mention)
        if found is None:
            raise LookupError(mention.kind)
        self._connection.execute(
            insert(case_mentions).values(**member._asdict(), indicator_id=found.id)
        )
        return found

    def drop(self, ticket_id: int, indicators: Iterable[Indicator]) -> None:
        """Note that a ticket no longer names these."""
        for indicator in indicators:
            self._connection.execute(
                delete(case_mentions).where(
                    case_mentions.c.ticket_id == ticket_id,
                    case_mentions.c.indicator_id == indicator.id,
                )
            )
            mine = case_indicators.c.id == indicator.id
            if indicator.tickets <= 1:
                self._connection.execute(delete(case_indicators).where(mine))
            else:
                fewer = update(case_indicators).where(mine)
                self._connection.execute(fewer.values(tickets=case_indicators.c.tickets - 1))

    def mark_supernode(self, indicator_id: int, *, is_supernode: bool) -> None:
        """Say whether something links tickets."""
        mine = update(case_indicators).where(case_indicators.c.id == indicator_id)
        self._connection.execute(mine.values(is_supernode=is_supernode))

    def another_member(self, indicator_id: int, ticket_id: int) -> Member | None:
        """Return some other ticket that names it: all of them are in one case already."""
        query = (
            select(case_mentions.c.ticket_id, case_mentions.c.requester_id)
            .where(
                case_mentions.c.indicator_id == indicator_id,
                case_mentions.c.ticket_id != ticket_id,
            )
            .order_by(case_mentions.c.ticket_id)
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return None if row is None else Member(*row)

    def case_of(self, ticket_id: int, relation: Relation) -> str | None:
        """Return the case that a ticket is in."""
        query = select(case_tickets.c.case_id).where(
            case_tickets.c.ticket_id == ticket_id, case_tickets.c.relation == relation.value
        )
        return self._connection.scalar(query)

    def cases_naming(self, indicator_id: int, relation: Relation) -> set[str]:
        """Return the cases of all tickets that name something."""
        join = case_mentions.join(
            case_tickets, case_tickets.c.ticket_id == case_mentions.c.ticket_id
        )
        query = (
            select(case_tickets.c.case_id)
            .select_from(join)
            .where(
                case_mentions.c.indicator_id == indicator_id,
                case_tickets.c.relation == relation.value,
            )
        )
        return set(self._connection.scalars(query.distinct()))

    def members(self, case_ids: Collection[str]) -> list[Member]:
        """Return the tickets of cases, lowest first."""
        query = (
            select(case_tickets.c.ticket_id, case_tickets.c.requester_id)
            .where(case_tickets.c.case_id.in_(case_ids))
            .order_by(case_tickets.c.ticket_id)
        )
        return [Member(*row) for row in self._connection.execute(query)]

    def links_of(self, tickets: Sequence[int], relation: Relation) -> list[tuple[int, int]]:
        """Return (ticket, indicator) of all that links these tickets with any other."""
        join = case_mentions.join(case_indicators)
        found: list[tuple[int, int]] = []
        for start in range(0, len(tickets), _AT_ONCE):
            query = (
                select(case_mentions.c.ticket_id, case_mentions.c.indicator_id)
                .select_from(join)
                .where(
                    case_mentions.c.ticket_id.in_(tickets[start : start + _AT_ONCE]),
                    case_indicators.c.relation == relation.value,
                    case_indicators.c.is_supernode.is_(False),
                )
            )
            found.extend((row[0], row[1]) for row in self._connection.execute(query))
        return found

    def open_case(self, case_id: str, relation: Relation, lowest: int, now: datetime) -> bool:
        """Open a case, or open it again; False when it was open."""
        mine = cases.c.id == case_id
        row = self._connection.execute(select(cases.c.closed_at).where(mine)).first()
        if row is not None and row[0] is None:
            return False
        if row is None:
            values = {"relation": relation.value, "lowest_ticket_id": lowest, "opened_at": now}
            self._connection.execute(insert(cases).values(id=case_id, **values))
        else:
            again = update(cases).where(mine).values(closed_at=None, merged_into=None)
            self._connection.execute(again)
        return True

    def close_case(self, case_id: str, *, merged_into: str | None, now: datetime) -> None:
        """Close a case whose tickets went elsewhere."""
        mine = update(cases).where(cases.c.id == case_id)
        self._connection.execute(mine.values(closed_at=now, merged_into=merged_into))

    def move(self, from_case: str, to_case: str) -> None:
        """Give all tickets of a case to another."""
        mine = update(case_tickets).where(case_tickets.c.case_id == from_case)
        self._connection.execute(mine.values(case_id=to_case))

    def put(self, members: Iterable[Member], relation: Relation, case_id: str) -> None:
        """Put tickets into a case, wherever they were before."""
        rows = [
            {**member._asdict(), "relation": relation.value, "case_id": case_id}
            for member in members
        ]
        if rows:
            statement = insert_into(self._connection, case_tickets)
            self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["ticket_id", "relation"],
                    set_={"case_id": statement.excluded.case_id},
                ),
                rows,
            )

    def take_out(self, tickets: Collection[int], relation: Relation) -> None:
        """Take tickets out of their cases."""
        self._connection.execute(
            delete(case_tickets).where(
                case_tickets.c.ticket_id.in_(tickets), case_tickets.c.relation == relation.value
            )
        )

    def note(
        self,
        case_id: str,
        event: str,
        now: datetime,
        *,
        ticket_id: int | None = None,
        other: str | None = None,
    ) -> None:
        """Remember how a case came to be what it is."""
        self._connection.execute(
            insert(case_events).values(
                case_id=case_id,
                event=event,
                ticket_id=ticket_id,
                other_case_id=other,
                happened_at=now,
            )
        )

    def requesters(self, case_id: str) -> int:
        """Return how many different customers a case has."""
        query = select(func.count(case_tickets.c.requester_id.distinct()))
        return self._connection.scalar(query.where(case_tickets.c.case_id == case_id)) or 0


def _columns(mention: Mention) -> dict[str, str]:
    """Return a mention as columns."""
    return {
        "relation": mention.relation.value,
        "kind": mention.kind.value,
        "value": mention.value,
    }


def _indicator(row: Row[Any]) -> Indicator:
    mention = Mention(Relation(row.relation), Kind(row.kind), row.value)
    return Indicator(row.id, mention, row.tickets, bool(row.is_supernode))
