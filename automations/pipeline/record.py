"""Writes down what the desk found and decided about a ticket, in one transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine, RowMapping

from automations.actions import repository as outbox
from automations.actions.executor import Record
from automations.actions.plan import Action, Kind, State
from automations.escalations import service as escalations
from automations.escalations.lifecycle import AgentComment
from automations.pipeline import repository
from automations.pipeline.decide import Earlier, decide, remove_secrets
from automations.pipeline.directory import Account, Directory
from automations.pipeline.judge import Judge, Judgement
from automations.pipeline.lease import Lease
from automations.pipeline.linking import Linking
from automations.pipeline.ticket import TicketView, view
from integrations.runtime.database import reading, transaction
from integrations.webhooks import repository as inbox
from sync.mirror import intake

ERASED = "permanently_deleted"  # Zendesk's name of the event

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A ticket as read under the lease, with the deliveries that asked for it."""

    ticket: Record
    audits: Sequence[Record]
    deliveries: Sequence[RowMapping]
    zendesk_now: datetime
    leaking: Collection[str] = ()  # where Zendesk shows secrets; `ticket` and `audits` do not


class Recorder:
    """Judges tickets as they were read and records everything that follows, or nothing of it.

    `name_of` asks Zendesk for a user's name; `acts` is False while riskdesk only observes.
    """

    def __init__(
        self,
        engine: Engine,
        directory: Directory,
        judge: Judge,
        *,
        name_of: Callable[[int], str],
        acts: bool,
        clock: Callable[[], datetime],
        zendesk_clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._linking = Linking(engine)
        self._directory = directory
        self._judge = judge
        self._name_of = name_of
        self._acts = acts
        self._clock = clock
        self._zendesk_clock = zendesk_clock

    def record(self, lease: Lease, found: Found) -> None:
        """Write mirror, assessment, actions, escalations and "handled" in one transaction."""
        seen = view(found.ticket, found.audits)
        with reading(self._engine) as connection:  # under the lease nobody else assesses
            before = repository.newest(connection, seen.id)
        judgement = self._judge_news(seen, before, found.zendesk_now)
        account = self._directory.look()
        known = before["language"] if before else "en"
        language = judgement.assessment.language if judgement else known
        removal = self._planned_removal(seen, found.leaking, language)
        now = self._clock()
        with transaction(self._engine) as connection:
            lease(connection)
            intake.store_ticket(
                connection,
                found.ticket,
                list(found.audits),
                source="webhook",
                now=found.zendesk_now,
            )
            self._settle(connection, seen, account, found.zendesk_now)
            if judgement is not None:
                self._decide(connection, seen, before, judgement, account, found.zendesk_now)
            state = State.PLANNED if self._acts else State.OBSERVED
            outbox.plan(connection, removal, state=state, now=now)
            inbox.mark_handled(
                connection, [row["id"] for row in found.deliveries], outcome="handled", now=now
            )

    def _judge_news(
        self, ticket: TicketView, before: RowMapping | None, zendesk_now: datetime
    ) -> Judgement | None:
        """Judge the ticket if the customer said something that was not judged yet.

        This is the loop guard as well: what riskdesk or an agent writes is no news.
        """
        if not ticket.complaint:
            return None
        if before is not None and before["comment_id"] >= ticket.complaint[-1].id:
            return None
        return self._judge.judge(
            ticket,
            customer_name=lambda: self._customer_name(ticket.requester_id),
            reports=lambda mentions: self._linking.foreseen_reports(ticket, mentions),
            now=zendesk_now,
        )

    def _customer_name(self, user_id: int) -> str:
        with reading(self._engine) as connection:
            name = repository.customer_name(connection, user_id)
        return name or self._name_of(user_id)

    def _settle(
        self, connection: Connection, ticket: TicketView, account: Account, now: datetime
    ) -> None:
        answers = [
            AgentComment(author_id=c.author_id, created_at=c.created_at, public=c.public)
            for c in ticket.comments
            if c.author_id not in {ticket.requester_id, account.own_id}
        ]
        escalations.settle(
            connection,
            ticket_id=ticket.id,
            answers=answers,
            members=account.members,
            ticket_status=ticket.status,
            departments=self._judge.departments,
            now=now,
        )

    def _planned_removal(
        self, ticket: TicketView, leaking: Collection[str], language: str
    ) -> list[Action]:
        """Return what takes secrets out of Zendesk; its keys make it happen once."""
        return remove_secrets(
            ticket,
            leaking,
            note=lambda kinds: self._judge.rotate_now(
                ticket, kinds, language=language, name=self._customer_name(ticket.requester_id)
            ),
        )

    def _decide(
        self,
        connection: Connection,
        ticket: TicketView,
        before: RowMapping | None,
        judgement: Judgement,
        account: Account,
        now: datetime,
    ) -> None:
        keys = outbox.keys_of(connection, ticket.id)
        earlier = Earlier(
            action_keys=keys,
            severity=before["severity"] if before else None,
            reason=before["reason"] if before else None,
            abstained=bool(before and before["abstained"]),
            is_complaint=bool(before and before["is_complaint"]),
            escalated=outbox.has_effect(connection, ticket.id, Kind.ESCALATE),
        )
        planned = decide(
            ticket,
            judgement.assessment,
            route=judgement.route,
            notes=judgement.notes,
            earlier=earlier,
            policy=account.policy,
            now=now,
        )
        state = State.PLANNED if self._acts else State.OBSERVED
        outbox.plan(connection, planned, state=state, now=self._clock())
        drafted = any(action.kind is Kind.DRAFT for action in planned)
        repository.record(
            connection,
            ticket_id=ticket.id,
            comment_id=ticket.complaint[-1].id,
            assessment=judgement.assessment,
            draft_slug=judgement.draft.slug if drafted else None,
            now=now,
        )
        told = self._linking.link(connection, ticket, judgement.mentions, account.policy, now=now)
        outbox.plan(connection, told, state=state, now=self._clock())
        if self._acts:
            self._open_escalation(connection, planned, judgement, now)

    def _open_escalation(
        self,
        connection: Connection,
        planned: Sequence[Action],
        judgement: Judgement,
        now: datetime,
    ) -> None:
        for action in planned:
            way = judgement.route
            if action.kind is Kind.ESCALATE and way is not None:
                escalations.open_escalation(
                    connection,
                    ticket_id=action.ticket_id,
                    route=way,
                    family=judgement.assessment.family or "",
                    reason=judgement.assessment.reason,
                    group_id=action.changes.group_id,
                    now=now,
                    due_at=self._judge.departments.due(way.queue.code, way.severity, now),
                )

    def record_vanished(self, lease: Lease, deliveries: Sequence[RowMapping]) -> None:
        """Mark the ticket as gone and drop what was still to be done about it.

        When a delivery says that it was deleted for good, its contents go too.
        """
        now = self._clock()
        for_good = any(row["event_type"] == ERASED for row in deliveries)
        mark = intake.mark_erased if for_good else intake.mark_vanished
        with transaction(self._engine) as connection:
            lease(connection)
            if for_good:
                self._linking.forget(connection, lease.ticket_id, now=now)
            mark(connection, lease.ticket_id, now=self._zendesk_clock())
            outbox.drop_open(connection, lease.ticket_id, result="the ticket is gone", now=now)
            escalations.settle(
                connection,
                ticket_id=lease.ticket_id,
                answers=(),
                members={},
                ticket_status="deleted",
                departments=self._judge.departments,
                now=now,
            )
            ids = [row["id"] for row in deliveries]
            inbox.mark_handled(connection, ids, outcome="vanished", now=now)
        log.info("ticket_vanished")

    def mirror_effect(
        self, connection: Connection, ticket: Record, audits: Sequence[Record]
    ) -> None:
        """Mirror what our own action made of the ticket."""
        now = self._zendesk_clock()
        intake.store_ticket(connection, ticket, list(audits), source="action", now=now)
