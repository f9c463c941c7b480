"""Links a ticket with others while it is recorded, and tells the others when several report it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, select

from automations.actions.plan import Action, Changes, Kind
from automations.cases import service as cases
from automations.cases.mentions import Mention
from automations.cases.reading import find_case
from automations.escalations.routing import PRIORITIES
from automations.pipeline import erasing, repository
from automations.pipeline.decide import ENDED, OUTDATED, Policy
from automations.pipeline.ticket import TicketView
from automations.triage.severity import with_linked_reports
from automations.triage.taxonomy import LIMITS
from integrations.runtime.database import reading
from sync.warehouse.tables.tickets import tickets

TAG = "risk_linked_reports"


class Linking:
    """Knows which tickets belong together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def foreseen_reports(self, ticket: TicketView, mentions: Sequence[Mention]) -> int:
        """Return how many customers report the same, this ticket's included."""
        if not mentions:
            return 1
        with reading(self._engine) as connection:
            return cases.foreseen_reports(
                connection,
                ticket_id=ticket.id,
                requester_id=ticket.requester_id,
                mentions=mentions,
            )

    def link(
        self,
        connection: Connection,
        ticket: TicketView,
        mentions: Sequence[Mention],
        policy: Policy,
        *,
        now: datetime,
    ) -> list[Action]:
        """Store the ticket's links, and return what follows for every ticket of its case.

        Each ticket is told once: a case that grows on is looked up with `riskdesk cases show`.
        """
        standing = cases.link(
            connection,
            ticket_id=ticket.id,
            requester_id=ticket.requester_id,
            mentions=mentions,
            now=now,
        )
        if standing.case_id is None or standing.reports < LIMITS.linked_reports:
            return []
        members = find_case(connection, standing.case_id).tickets
        return list(_told(connection, members, standing, policy))

    def forget(self, connection: Connection, ticket_id: int, *, now: datetime) -> None:
        """Take an erased ticket out of all cases, and what triage read in it away."""
        erasing.forget(connection, ticket_id, now=now)


def _told(
    connection: Connection, members: tuple[int, ...], standing: cases.Standing, policy: Policy
) -> Iterator[Action]:
    query = select(tickets.c.id, tickets.c.status).where(tickets.c.id.in_(members))
    for row in connection.execute(query):
        assessment = repository.newest(connection, row.id)
        if row.status in ENDED:
            continue
        yield Action(
            ticket_id=row.id,
            kind=Kind.LINK,
            key=f"linked:{row.id}",
            changes=_changes(standing, assessment, policy),
        )


def _changes(standing: cases.Standing, assessment: RowMapping | None, policy: Policy) -> Changes:
    note = (
        f"LINKED REPORTS · 关联报告: {standing.reports} customers report the same · "
        f"{standing.reports} 名客户报告同一线索\n"
        f"Case · 案件: {standing.case_id} (riskdesk cases show {standing.case_id})"
    )
    if assessment is None or assessment["family"] is None:
        return Changes(note=note, add_tags=(TAG,))
    severity = with_linked_reports(
        assessment["family"],
        assessment["reason"],
        [(fact, words) for fact, words in assessment["severity_reasons"]],
        standing.reports,
    ).level
    level = f"risk_{severity.lower()}"
    field = policy.severity_field_id
    return Changes(
        note=note,
        add_tags=(TAG, level),
        remove_tags=tuple(t for t in OUTDATED if t[:-1] == level[:-1] and t != level),
        priority_at_least=PRIORITIES[severity],
        custom_fields={} if field is None else {str(field): level},
    )
