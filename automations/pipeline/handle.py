"""The way of one ticket: lease it, read it, judge it, record and decide, act, release.

Deliveries only say that a ticket changed. All that wait for one ticket are answered by one look at
the ticket as it is now, so a lost, doubled or reordered delivery changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine, RowMapping, select

from automations.actions import repository as outbox
from automations.actions.backoff import MOST_ATTEMPTS, wait_before
from automations.actions.executor import Executor, Record, TicketWriter
from automations.actions.plan import Action, Kind, State
from automations.escalations import service as escalations
from automations.escalations.lifecycle import AgentComment
from automations.pipeline import lease as leases
from automations.pipeline import repository
from automations.pipeline.decide import Earlier, Policy, decide
from automations.pipeline.directory import AccountReader, Directory, Members
from automations.pipeline.judge import Judge, Judgement
from automations.pipeline.lease import Lease
from automations.pipeline.ticket import TicketView, view
from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import (
    LeaseLost,
    LoginRefused,
    RecordGone,
    ZendeskError,
    ZendeskRetryable,
)
from integrations.runtime.settings import Mode
from integrations.webhooks import repository as inbox
from sync.mirror import intake
from sync.sla import service as sla
from sync.warehouse.tables.people import users

MOST_ROUNDS = 5  # changes that keep coming wait for the next poke, so that no ticket hogs a worker
LOGIN_PAUSE_S = 60.0

log = structlog.get_logger(__name__)


class Zendesk(TicketWriter, AccountReader, Protocol):
    """The little piece of the Zendesk client that the pipeline needs."""

    def ticket(self, ticket_id: int) -> Record:
        """Return the ticket as it is now; RecordGone when it vanished."""

    def audits(self, ticket_id: int) -> list[Record]:
        """Return all audits of the ticket, oldest first."""

    def user(self, user_id: int) -> Record:
        """Return a user."""

    def me(self) -> Record:
        """Return the user riskdesk acts as."""

    def server_time(self) -> datetime | None:
        """Return Zendesk's own clock as of its newest answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A ticket as read under the lease, with the deliveries that asked for it."""

    ticket: Record
    audits: Sequence[Record]
    deliveries: Sequence[RowMapping]
    zendesk_now: datetime


class Pipeline:
    """Handles tickets; safe to run in many threads and processes at once."""

    def __init__(
        self,
        engine: Engine,
        zendesk: Zendesk,
        judge: Judge,
        *,
        mode: Mode,
        lease_time: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._zendesk = zendesk
        self._judge = judge
        self._mode = mode
        self._lease_time = lease_time
        self._clock = clock
        self._directory = Directory(zendesk, clock)
        self._me: int | None = None
        self._executor = Executor(engine, zendesk, on_written=self._mirror_effect, clock=clock)

    def handle(self, ticket_id: int) -> None:
        """Do all that is due for a ticket; returns at once when another worker has it."""
        lease = leases.claim(self._engine, ticket_id, now=self._clock(), lasts=self._lease_time)
        if lease is None:
            return
        with structlog.contextvars.bound_contextvars(ticket_id=ticket_id):
            try:
                for _ in range(MOST_ROUNDS):
                    if not self._round(lease):
                        break
            except LeaseLost:
                log.warning("lease_lost")
            finally:
                leases.release(self._engine, lease)

    def _round(self, lease: Lease) -> bool:
        """Answer what waits for the ticket; return False when nothing is left to do now."""
        deliveries = self._waiting(lease)
        if deliveries is None:
            return False
        ids = [row["id"] for row in deliveries]
        try:
            found = self._read(lease.ticket_id, deliveries)
            self._record(lease, found)
            self._executor.run(found.ticket, found.audits, guard=lease)
            self._refresh_clocks(lease)
        except RecordGone:
            self._record_vanished(lease, ids)
        except LeaseLost:
            raise
        except ZendeskError as error:
            pause = error.retry_after_s if isinstance(error, ZendeskRetryable) else LOGIN_PAUSE_S
            self._postpone(lease, deliveries, error, pause, forever=isinstance(error, LoginRefused))
            return False
        except Exception as error:  # noqa: BLE001 - one poisonous ticket must not stop the desk
            self._postpone(lease, deliveries, error, 0.0, forever=False)
            return False
        return True

    def _waiting(self, lease: Lease) -> Sequence[RowMapping] | None:
        """Return the deliveries to answer; empty when only an action is due; None for no work.

        Deliveries that tell nothing new are closed here, without asking Zendesk.
        """
        now = self._clock()
        with reading(self._engine) as connection:
            waiting = inbox.waiting(connection, lease.ticket_id, now=now)
            action = outbox.first_open(connection, lease.ticket_id)
            seen = intake.handled_version(connection, lease.ticket_id)
        known = [row["id"] for row in waiting if self._is_known(row, seen)]
        if known:
            with transaction(self._engine) as connection:
                lease(connection)
                inbox.mark_handled(connection, known, outcome="covered", now=now)
        deliveries = [row for row in waiting if row["id"] not in known]
        action_due = action is not None and action["due_at"] <= now
        return deliveries if deliveries or action_due else None

    def _is_known(self, delivery: RowMapping, seen: datetime | None) -> bool:
        """Tell whether the newest state the desk worked on includes what the delivery tells of.

        Zendesk's stamps are whole seconds: within the same second only our own changes are known
        for sure, because their answer was mirrored.
        """
        happened = delivery["happened_at"]
        if seen is None or happened is None or delivery["outcome"] == inbox.REPLAYED:
            return False
        happened = happened.replace(microsecond=0)
        own = delivery["actor_id"] == self._own_id()
        return bool(happened < seen or (own and happened == seen))

    def _own_id(self) -> int:
        if self._me is None:
            self._me = int(self._zendesk.me()["id"])
        return self._me

    def _read(self, ticket_id: int, deliveries: Sequence[RowMapping]) -> Found:
        ticket = self._zendesk.ticket(ticket_id)
        if ticket.get("status") == "deleted":
            raise RecordGone("The ticket was deleted.", hint="nothing; it is recorded.", status=404)
        audits = self._zendesk.audits(ticket_id)
        # Zendesk's clock, not ours: SLA clocks must not depend on how well this machine's runs.
        zendesk_now = self._zendesk.server_time() or self._clock()
        return Found(ticket=ticket, audits=audits, deliveries=deliveries, zendesk_now=zendesk_now)

    def _record(self, lease: Lease, found: Found) -> None:
        """Write mirror, assessment, actions, escalations and "handled" in one transaction."""
        seen = view(found.ticket, found.audits)
        judgement = self._judge_news(seen, found.zendesk_now)
        account = self._directory.look()
        now = self._clock()
        with transaction(self._engine) as connection:
            lease(connection)
            intake.store_ticket(
                connection, found.ticket, list(found.audits), source="webhook", now=now
            )
            self._settle(connection, seen, account.members, found.zendesk_now)
            if judgement is not None:
                self._decide(connection, seen, judgement, account.policy, found.zendesk_now)
            inbox.mark_handled(
                connection, [row["id"] for row in found.deliveries], outcome="handled", now=now
            )

    def _judge_news(self, ticket: TicketView, zendesk_now: datetime) -> Judgement | None:
        """Judge the ticket if the customer said something that was not judged yet.

        This is the loop guard as well: what riskdesk or an agent writes is no news.
        """
        if not ticket.complaint:
            return None
        with reading(self._engine) as connection:
            before = repository.newest(connection, ticket.id)
        if before is not None and before["comment_id"] >= ticket.complaint[-1].id:
            return None
        return self._judge.judge(
            ticket,
            customer_name=lambda: self._customer_name(ticket.requester_id),
            now=zendesk_now,
        )

    def _customer_name(self, user_id: int) -> str:
        with reading(self._engine) as connection:
            name = connection.scalar(select(users.c.name).where(users.c.id == user_id))
        return str(name or self._zendesk.user(user_id).get("name") or "")

    def _settle(
        self, connection: Connection, ticket: TicketView, members: Members, now: datetime
    ) -> None:
        answers = [
            AgentComment(author_id=c.author_id, created_at=c.created_at, public=c.public)
            for c in ticket.comments
            if c.author_id not in {ticket.requester_id, self._own_id()}
        ]
        escalations.settle(
            connection,
            ticket_id=ticket.id,
            answers=answers,
            members=members,
            ticket_status=ticket.status,
            now=now,
        )

    def _decide(
        self,
        connection: Connection,
        ticket: TicketView,
        judgement: Judgement,
        policy: Policy,
        now: datetime,
    ) -> None:
        before = repository.newest(connection, ticket.id)
        keys = outbox.keys_of(connection, ticket.id)
        earlier = Earlier(
            action_keys=keys,
            severity=before["severity"] if before else None,
            abstained=bool(before and before["abstained"]),
            escalated=escalations.was_asked(connection, ticket.id),
        )
        planned = decide(
            ticket,
            judgement.assessment,
            route=judgement.route,
            notes=judgement.notes,
            earlier=earlier,
            policy=policy,
            now=now,
        )
        acting = self._mode is Mode.ACT
        state = State.PLANNED if acting else State.OBSERVED
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
        if acting:
            self._open_escalation(connection, planned, judgement, now)

    def _open_escalation(
        self,
        connection: Connection,
        planned: Sequence[Action],
        judgement: Judgement,
        now: datetime,
    ) -> None:
        for action in planned:
            if action.kind is Kind.ESCALATE and judgement.route is not None:
                escalations.open_escalation(
                    connection,
                    ticket_id=action.ticket_id,
                    route=judgement.route,
                    family=judgement.assessment.family or "",
                    reason=judgement.assessment.reason,
                    group_id=action.changes.group_id,
                    now=now,
                )

    def _mirror_effect(
        self, connection: Connection, ticket: Record, audits: Sequence[Record]
    ) -> None:
        """Mirror what our own action made of the ticket."""
        intake.store_ticket(connection, ticket, list(audits), source="action", now=self._clock())

    def _refresh_clocks(self, lease: Lease) -> None:
        """Compute the ticket's clocks once for all that happened; sync mends what a crash skips."""
        now = self._zendesk.server_time() or self._clock()
        with transaction(self._engine) as connection:
            lease(connection)
            sla.refresh(connection, [lease.ticket_id], now=now)

    def _record_vanished(self, lease: Lease, delivery_ids: Sequence[int]) -> None:
        now = self._clock()
        with transaction(self._engine) as connection:
            lease(connection)
            intake.mark_vanished(connection, lease.ticket_id, now=now)
            outbox.drop_open(connection, lease.ticket_id, result="the ticket is gone", now=now)
            escalations.settle(
                connection,
                ticket_id=lease.ticket_id,
                answers=(),
                members={},
                ticket_status="deleted",
                now=now,
            )
            inbox.mark_handled(connection, delivery_ids, outcome="vanished", now=now)
        log.info("ticket_vanished")

    def _postpone(
        self,
        lease: Lease,
        deliveries: Sequence[RowMapping],
        error: Exception,
        pause_s: float,
        *,
        forever: bool,
    ) -> None:
        """Try again later; what failed too often is closed as failed, for a person to replay."""
        log.warning("ticket_postponed", error=type(error).__name__)
        now = self._clock()
        attempts = max((row["attempts"] for row in deliveries), default=0) + 1
        ids = [row["id"] for row in deliveries]
        with transaction(self._engine) as connection:
            lease(connection)
            if attempts >= MOST_ATTEMPTS and not forever:
                inbox.mark_handled(connection, ids, outcome="failed", now=now)
            else:
                until = now + wait_before(attempts, at_least_s=pause_s)
                inbox.postpone(connection, ids, until=until)
