"""Reads and writes what only the desk's own clocks need; never commits."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import asdict
from sqlalchemy import Connection, delete, insert, select

from integrations.runtime.database import insert_into
from sync.sla.clocks import Phase, Source
from sync.sla.desk_clocks.names import DEPARTMENT_ANSWER, department_of
from sync.sla.desk_clocks.reminding import RunningClock
from sync.sla.marks import TicketMarks
from sync.sla.schedules import to_second
from sync.warehouse.tables.marks import department_answers, ticket_marks
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import tickets

OURS = (Source.DESK.value, Source.REGULATION.value)
UNCHANGEABLE = ("closed", "deleted")
_COLUMNS = ("ticket_id", "metric", "instance", "policy_id", "policy_title", "priority")


def replace_marks(
    connection: Connection,
    ticket_ids: Collection[int],
    marks: Mapping[int, TicketMarks],
    *,
    now: datetime,
) -> None:
    """Put these marks in the place of all that the tickets had."""
    connection.execute(delete(ticket_marks).where(ticket_marks.c.ticket_id.in_(ticket_ids)))
    rows = [
        asdict(its) | {"ticket_id": ticket_id, "read_at": now} for ticket_id, its in marks.items()
    ]
    if rows:
        connection.execute(insert(ticket_marks), rows)


def answers_elsewhere(
    connection: Connection, ticket_ids: Collection[int]
) -> Mapping[int, list[tuple[str, int]]]:
    """Return what departments answered outside these tickets."""
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    answers = department_answers
    query = select(answers).where(answers.c.ticket_id.in_(ticket_ids))
    for row in connection.execute(query):
        found[row.ticket_id].append((row.queue, to_second(row.answered_at)))
    return found


def add_answer_elsewhere(
    connection: Connection, ticket_id: int, queue: str, *, at: datetime
) -> None:
    """Keep that a department answered outside the ticket; its first answer counts."""
    row = {"ticket_id": ticket_id, "queue": queue, "answered_at": at}
    insert_once = insert_into(connection, department_answers).values(row)
    connection.execute(insert_once.on_conflict_do_nothing(index_elements=["ticket_id", "queue"]))


def department_deadlines(connection: Connection, ticket_id: int) -> dict[str, datetime]:
    """Return until when which department must answer, pauses and raised severities counted."""
    clocks = sla_clocks.c
    query = select(clocks.policy_id, clocks.due_at).where(
        clocks.ticket_id == ticket_id,
        clocks.metric == DEPARTMENT_ANSWER,
        clocks.state == Phase.ACTIVE.value,
        clocks.due_at.is_not(None),
    )
    return {department_of(row.policy_id): row.due_at for row in connection.execute(query)}


def running_clocks(
    connection: Connection, *, due_after: datetime, due_before: datetime
) -> list[RunningClock]:
    """Return the desk's and regulators' running clocks with a deadline in a span of time.

    Tickets that nobody can change any more are left out.
    """
    clocks = sla_clocks.c
    query = (
        select(sla_clocks, ticket_marks.c.jurisdiction)
        .join(tickets, tickets.c.id == clocks.ticket_id)
        .outerjoin(ticket_marks, ticket_marks.c.ticket_id == clocks.ticket_id)
        .where(
            clocks.state == Phase.ACTIVE.value,
            clocks.due_at > due_after,
            clocks.due_at <= due_before,
            clocks.source.in_(OURS),
            clocks.target_seconds.is_not(None),
            tickets.c.status.not_in(UNCHANGEABLE),
            tickets.c.deleted_at.is_(None),
        )
        .order_by(clocks.due_at, clocks.ticket_id, clocks.metric)
    )
    return [
        RunningClock(
            **{name: row[name] for name in _COLUMNS},
            target_seconds=row["target_seconds"],
            started_at=to_second(row["started_at"]),
            due_at=to_second(row["due_at"]),
            breached=row["breached"],
            jurisdiction=row["jurisdiction"],
        )
        for row in connection.execute(query).mappings()
    ]
