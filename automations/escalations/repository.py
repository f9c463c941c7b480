"""Reads and writes of the escalations table; never commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from automations.escalations.tables import ANSWERED, OPEN, WITHDRAWN, escalations


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One row: a department asked about a ticket."""

    id: int
    ticket_id: int
    queue: str
    group_id: int | None
    family: str
    reason: str | None
    severity: str
    state: str
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answered_by_id: int | None
    answer_kind: str | None
    withdrawn_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the department still owes an answer after its time."""
        return self.state == OPEN and now > self.due_at


class EscalationRepository:
    """The rows, on one open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert(self, row: dict[str, Any]) -> int | None:
        """Store a new row and return its id; None when the same one is open already."""
        try:
            with self._connection.begin_nested():
                result = self._connection.execute(insert(escalations).values(row))
        except IntegrityError:  # somebody else opened it a moment ago
            if self.exists(row["ticket_id"], row["queue"]):
                return None
            raise
        key = result.inserted_primary_key
        return int(key[0]) if key else None

    def exists(self, ticket_id: int, queue: str) -> bool:
        """Tell whether this department was ever asked about this ticket."""
        where = (escalations.c.ticket_id == ticket_id) & (escalations.c.queue == queue)
        return self._connection.execute(select(escalations.c.id).where(where)).first() is not None

    def open_of(self, ticket_id: int) -> list[Escalation]:
        """Return the ticket's open escalations."""
        return self._of(ticket_id, OPEN)

    def withdrawn_of(self, ticket_id: int) -> list[Escalation]:
        """Return the ticket's escalations that ended without an answer."""
        return self._of(ticket_id, WITHDRAWN)

    def _of(self, ticket_id: int, state: str) -> list[Escalation]:
        mine = (escalations.c.ticket_id == ticket_id) & (escalations.c.state == state)
        return self._read(select(escalations).where(mine))

    def find(self, *, state: str | None, queue: str | None) -> list[Escalation]:
        """Return the escalations of a state and a queue (None: all), soonest due first."""
        query = select(escalations).order_by(escalations.c.due_at, escalations.c.id)
        if state is not None:
            query = query.where(escalations.c.state == state)
        if queue is not None:
            query = query.where(escalations.c.queue == queue)
        return self._read(query)

    def get(self, escalation_id: int) -> Escalation | None:
        """Return one escalation."""
        rows = self._read(select(escalations).where(escalations.c.id == escalation_id))
        return rows[0] if rows else None

    def mark_answered(self, escalation_id: int, *, at: datetime, by: int | None, kind: str) -> bool:
        """Record the answer; False when the escalation was no longer open."""
        return self._end(
            escalation_id, state=ANSWERED, answered_at=at, answered_by_id=by, answer_kind=kind
        )

    def mark_withdrawn(self, escalation_id: int, *, at: datetime) -> bool:
        """Record that the ticket ended without an answer; False when no longer open."""
        return self._end(escalation_id, state=WITHDRAWN, withdrawn_at=at)

    def mark_open_again(self, escalation_id: int, *, due_at: datetime) -> None:
        """Ask the department once more, because its ticket lives again."""
        self._connection.execute(
            update(escalations)
            .where(escalations.c.id == escalation_id)
            .values(state=OPEN, withdrawn_at=None, due_at=due_at)
        )

    def move_due(self, escalation_id: int, *, due_at: datetime) -> None:
        """Give the department until another instant."""
        mine = escalations.c.id == escalation_id
        self._connection.execute(update(escalations).where(mine).values(due_at=due_at))

    def _end(self, escalation_id: int, **values: object) -> bool:
        still_open = (escalations.c.id == escalation_id) & (escalations.c.state == OPEN)
        result = self._connection.execute(update(escalations).where(still_open).values(**values))
        return result.rowcount == 1

    def _read(self, query: Select[Any]) -> list[Escalation]:
        return [_row(row) for row in self._connection.execute(query).mappings()]


def _row(row: RowMapping) -> Escalation:
    return Escalation(**row)
