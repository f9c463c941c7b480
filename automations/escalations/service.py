"""Open, settle and read escalations, on the caller's connection and in its transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from automations.escalations.lifecycle import AgentComment, first_answer, has_ended
from automations.escalations.queues import QUEUES, Departments
from automations.escalations.repository import Escalation, EscalationRepository
from automations.escalations.routing import Route
from automations.escalations.tables import ANSWERED, BY_COMMENT, BY_HAND, OPEN, WITHDRAWN
from integrations.runtime.errors import BadInput, RuleViolation
from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile
from sync.sla.desk_service import deadlines_of_departments, note_department_answer

STATES = (OPEN, ANSWERED, WITHDRAWN)
MAX_ID = 2**63 - 1  # larger numbers do not fit the database's keys


def open_escalation(
    connection: Connection,
    *,
    ticket_id: int,
    route: Route,
    family: str,
    reason: str | None,
    group_id: int | None,
    now: datetime,
    due_at: datetime,
) -> int | None:
    """Ask the department and return the new id; None when it was asked about this ticket before."""
    rows = EscalationRepository(connection)
    if rows.exists(ticket_id, route.queue.code):
        return None
    return rows.insert(
        {
            "ticket_id": ticket_id,
            "queue": route.queue.code,
            "group_id": group_id,
            "family": family,
            "reason": reason,
            "severity": route.severity,
            "state": OPEN,
            "opened_at": now,
            "due_at": due_at,
        }
    )


def settle(
    connection: Connection,
    *,
    ticket_id: int,
    answers: Sequence[AgentComment],
    members: Mapping[str, Collection[int]],
    ticket_status: str,
    departments: Departments,
    now: datetime,
) -> list[Escalation]:
    """End the ticket's escalations that are over, and return them as they are now.

    A ticket that was reopened still needs the answer it never got: its escalation opens again.
    `answers` are people's comments on the ticket, `members` the user ids of each queue's group.
    """
    rows = EscalationRepository(connection)
    if not has_ended(ticket_status):
        _reopen(rows, ticket_id, departments, now)
    ended = []
    for escalation in rows.open_of(ticket_id):
        answer = first_answer(
            answers, members=members.get(escalation.queue, ()), opened_at=escalation.opened_at
        )
        if answer is not None:
            ended.append(escalation.id)
            rows.mark_answered(
                escalation.id, at=answer.created_at, by=answer.author_id, kind=BY_COMMENT
            )
        elif has_ended(ticket_status):
            ended.append(escalation.id)
            rows.mark_withdrawn(escalation.id, at=now)
    return [get(connection, escalation_id) for escalation_id in ended]


def _reopen(
    rows: EscalationRepository, ticket_id: int, departments: Departments, now: datetime
) -> None:
    for escalation in rows.withdrawn_of(ticket_id):
        due_at = departments.due(escalation.queue, escalation.severity, now)
        rows.mark_open_again(escalation.id, due_at=due_at)


def follow_clocks(connection: Connection, ticket_id: int) -> None:
    """Take over until when departments must answer now: a pause or a raised severity moves it."""
    due = deadlines_of_departments(connection, ticket_id)
    rows = EscalationRepository(connection)
    for escalation in rows.open_of(ticket_id):
        due_at = due.get(escalation.queue)
        if due_at is not None and escalation.opened_at <= due_at != escalation.due_at:
            rows.move_due(escalation.id, due_at=due_at)


def answer(
    connection: Connection,
    escalation_id: int,
    by: int | None,
    now: datetime,
    *,
    desk_rules: RulesFile = SHIPPED_ONLY,
    sla_choices: Choices = DEFAULT_CHOICES,
) -> Escalation:
    """Record that the department answered outside the ticket; `by` is its Zendesk user."""
    before = get(connection, escalation_id)
    rows = EscalationRepository(connection)
    if not rows.mark_answered(escalation_id, at=now, by=by, kind=BY_HAND):
        raise RuleViolation(
            f"Escalation {escalation_id} is {before.state} already.",
            hint=f"`riskdesk escalations show {escalation_id}` tells when and by whom.",
        )
    note_department_answer(
        connection,
        before.ticket_id,
        before.queue,
        at=now,
        desk_rules=desk_rules,
        choices=sla_choices,
    )
    return get(connection, escalation_id)


def listing(
    connection: Connection, *, state: str | None = OPEN, queue: str | None = None
) -> list[Escalation]:
    """Return the escalations of a state and a queue (None: all), soonest due first."""
    if state is not None and state not in STATES:
        raise BadInput(
            f"There is no state {state!r}.", hint=f"use one of {', '.join(STATES)}, or all."
        )
    if queue is not None and queue not in QUEUES:
        raise BadInput(f"There is no queue {queue!r}.", hint=f"use one of {', '.join(QUEUES)}.")
    return EscalationRepository(connection).find(state=state, queue=queue)


def get(connection: Connection, escalation_id: int) -> Escalation:
    """Return one escalation; raise BadInput when there is none with this id."""
    known = abs(escalation_id) <= MAX_ID
    found = EscalationRepository(connection).get(escalation_id) if known else None
    if found is None:
        raise BadInput(
            f"There is no escalation {escalation_id}.",
            hint="`riskdesk escalations list --state all` shows the ids.",
        )
    return found
