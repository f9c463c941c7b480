"""The way of one ticket: lease it, read it, judge it, record and decide, act, release.

Deliveries only say that a ticket changed. All that wait for one ticket are answered by one look at
the ticket as it is now, so a lost, doubled or reordered delivery changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, RowMapping

from automations.actions import repository as outbox
from automations.actions.backoff import MOST_ATTEMPTS, wait_before
from automations.actions.executor import Executor
from automations.escalations import service as escalations
from automations.pipeline import lease as leases
from automations.pipeline.directory import Directory
from automations.pipeline.judge import Judge
from automations.pipeline.lease import Lease
from automations.pipeline.reading import Reader, Zendesk
from automations.pipeline.record import Recorder
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
from sync.sla import service as sla
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile

MOST_ROUNDS = 5  # changes that keep coming wait for the next poke, so that no ticket hogs a worker
LOGIN_PAUSE_S = 60.0

log = structlog.get_logger(__name__)


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
        desk_rules: RulesFile = SHIPPED_ONLY,
        sla_choices: sla.Choices = sla.DEFAULT_CHOICES,
    ) -> None:
        self._engine = engine
        self._desk_rules, self._sla_choices = desk_rules, sla_choices
        self._lease_time = lease_time
        self._clock = clock
        directory = Directory(zendesk, clock, judge.departments)
        self._reader = Reader(engine, zendesk, directory, clock)
        self._recorder = Recorder(
            engine,
            directory,
            judge,
            name_of=self._reader.name_of,
            acts=mode is Mode.ACT,
            clock=clock,
            zendesk_clock=self._reader.zendesk_now,
        )
        self._executor = Executor(
            engine, zendesk, on_written=self._recorder.mirror_effect, clock=clock
        )

    def handle(self, ticket_id: int) -> None:
        """Do all that is due for a ticket; returns at once when another worker has it."""
        lease = leases.claim(self._engine, ticket_id, now=self._clock(), lasts=self._lease_time)
        if lease is None:
            return
        with structlog.contextvars.bound_contextvars(ticket_id=ticket_id, deliveries=[]):
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
        waiting, action_is_due = self._work(lease.ticket_id)
        if not waiting and not action_is_due:
            return False
        structlog.contextvars.bind_contextvars(deliveries=[row["id"] for row in waiting])
        try:
            self._answer(lease, waiting, action_is_due=action_is_due)
        except RecordGone:
            self._recorder.record_vanished(lease, waiting)
        except LeaseLost:
            raise
        except ZendeskError as error:
            pause = error.retry_after_s if isinstance(error, ZendeskRetryable) else LOGIN_PAUSE_S
            self._postpone(lease, waiting, error, pause, forever=isinstance(error, LoginRefused))
            return False
        except Exception as error:  # noqa: BLE001 - one poisonous ticket must not stop the desk
            self._postpone(lease, waiting, error, 0.0, forever=False)
            return False
        return True

    def _answer(self, lease: Lease, waiting: Sequence[RowMapping], *, action_is_due: bool) -> None:
        """Read the ticket once for all that waits, record what follows, act."""
        deliveries = self._close_known(lease, waiting)
        if deliveries or action_is_due:
            found = self._reader.read(lease.ticket_id, deliveries)
            self._recorder.record(lease, found)
            self._executor.run(found.ticket, found.audits, guard=lease)
            self._refresh_clocks(lease)

    def _work(self, ticket_id: int) -> tuple[Sequence[RowMapping], bool]:
        """Return the deliveries that wait for an answer, and whether an action is due."""
        now = self._clock()
        with reading(self._engine) as connection:
            waiting = inbox.waiting(connection, ticket_id, now=now)
            action = outbox.first_open(connection, ticket_id)
        return waiting, action is not None and action["due_at"] <= now

    def _close_known(self, lease: Lease, waiting: Sequence[RowMapping]) -> Sequence[RowMapping]:
        """Close deliveries that tell nothing new, without reading the ticket; return the others."""
        known = self._reader.known(lease.ticket_id, waiting)
        if known:
            with transaction(self._engine) as connection:
                lease(connection)
                inbox.mark_handled(connection, known, outcome="covered", now=self._clock())
        return [row for row in waiting if row["id"] not in known]

    def _refresh_clocks(self, lease: Lease) -> None:
        """Compute the ticket's clocks once for all that happened; sync mends what a crash skips."""
        now = self._reader.zendesk_now()
        with transaction(self._engine) as connection:
            lease(connection)
            sla.refresh(
                connection,
                [lease.ticket_id],
                now=now,
                desk_rules=self._desk_rules,
                choices=self._sla_choices,
            )
            escalations.follow_clocks(connection, lease.ticket_id)

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
