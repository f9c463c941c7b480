"""Carries out a ticket's actions, in order, each exactly once whatever dies in between.

An action is `sending` from before its request leaves until its outcome is stored. Whoever finds a
`sending` action looks for its marker in the ticket's audits before sending it again: the marker
travels in the same update as the effect, so that either both are there or neither.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec
import structlog
from sqlalchemy import Connection, Engine, RowMapping

from automations.actions import repository
from automations.actions.backoff import MOST_ATTEMPTS, wait_before
from automations.actions.plan import Changes, State
from automations.actions.preconditions import compose, skip_reason
from integrations.redaction.keys import redactor_of
from integrations.redaction.redactor import Redactor
from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import (
    LoginRefused,
    RecordGone,
    UpdateConflict,
    ZendeskError,
    ZendeskRetryable,
)
from integrations.zendesk.markers import effect_of

LOGIN_PAUSE_S = 60.0  # an operator must act; the work waits, it is not given up
INVALID = 422  # the update does not fit the ticket

log = structlog.get_logger(__name__)

Record = dict[str, Any]
# Checks, inside a transaction, that this worker still owns the ticket; raises LeaseLost.
Guard = Callable[[Connection], None]
# Called in the transaction that finishes an action: mirrors the ticket and audits it produced.
OnWritten = Callable[[Connection, Record, Sequence[Record]], None]


class TicketWriter(Protocol):
    """The little piece of the Zendesk client that the executor needs."""

    def update_ticket(
        self, ticket_id: int, changes: Mapping[str, Any], *, marker: str, updated_stamp: str | None
    ) -> Record:
        """Change the ticket unless it changed since the stamp; answer with ticket and audit."""

    def take_back_secrets(self, ticket_id: int, redactor: Redactor) -> tuple[Record, Record]:
        """Redact the ticket's comments; answer with the ticket and what else has to change."""


class Executor:
    """Carries out actions through a `TicketWriter`; `clock` gives the present instant."""

    def __init__(
        self,
        engine: Engine,
        writer: TicketWriter,
        *,
        on_written: OnWritten,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._on_written = on_written
        self._clock = clock

    def run(self, ticket: Record, audits: Sequence[Record], *, guard: Guard) -> bool:
        """Carry out what is due on a ticket that was read with its audits under this lease.

        Returns False when the ticket changed meanwhile: read it again, decide again. Stops with
        True at the first action that has to wait. Raises RecordGone when the ticket vanished.
        """
        while (action := self._next(ticket["id"])) is not None:
            try:
                ticket = self._carry_out(action, ticket, audits, guard)
            except UpdateConflict as error:
                self._postpone(action, guard, action["attempts"], timedelta(0), error)
                return False
            except RecordGone:
                raise
            except ZendeskError as error:
                if error.status == INVALID and not action["attempts"]:
                    # Stamps are whole seconds: it may have been solved under our hands.
                    self._postpone(action, guard, 1, timedelta(0), error)
                    return False
                if self._wait_after(action, error, guard):
                    return True
        return True

    def _next(self, ticket_id: int) -> RowMapping | None:
        with reading(self._engine) as connection:
            action = repository.first_open(connection, ticket_id)
        due = action is not None and action["due_at"] <= self._clock()
        return action if due else None

    def _carry_out(
        self, action: RowMapping, ticket: Record, audits: Sequence[Record], guard: Guard
    ) -> Record:
        """Send one action, unless it took effect before; return the ticket as it is then."""
        if action["state"] == State.SENDING and (found := effect_of(action["key"], audits)):
            self._record(action, ticket, [found], guard)
            return ticket
        wanted = msgspec.convert(action["changes"], Changes)
        changes = compose(wanted, ticket)
        reason = skip_reason(wanted, ticket) or (None if changes else "the ticket is so already")
        if reason is not None:
            self._finish(action, guard, state=State.SKIPPED, result=reason)
            return ticket
        with transaction(self._engine) as connection:
            guard(connection)
            repository.mark_sending(connection, action["id"])
        if wanted.removes_secrets:
            redactor = redactor_of(self._engine)
            ticket, others = self._writer.take_back_secrets(ticket["id"], redactor)
            changes = compose(wanted, ticket) | others
        answer = self._writer.update_ticket(
            ticket["id"], changes, marker=action["key"], updated_stamp=ticket["updated_at"]
        )
        changed: Record = answer["ticket"]
        self._record(action, changed, [answer["audit"]], guard)
        return changed

    def _record(
        self, action: RowMapping, ticket: Record, audits: Sequence[Record], guard: Guard
    ) -> None:
        with transaction(self._engine) as connection:
            guard(connection)
            repository.finish(
                connection,
                action["id"],
                state=State.DONE,
                now=self._clock(),
                audit_id=audits[0]["id"],
            )
            self._on_written(connection, ticket, audits)
        log.info("action_done", ticket_id=ticket["id"], kind=action["kind"])

    def _finish(self, action: RowMapping, guard: Guard, *, state: State, result: str) -> None:
        with transaction(self._engine) as connection:
            guard(connection)
            repository.finish(
                connection, action["id"], state=state, now=self._clock(), result=result
            )
        log.info("action_closed", ticket_id=action["ticket_id"], state=state.value, result=result)

    def _wait_after(self, action: RowMapping, error: ZendeskError, guard: Guard) -> bool:
        """Sort a failure by what it means; return True when the ticket's actions must wait."""
        if isinstance(error, LoginRefused):  # the operator's fault, not the action's: no attempt
            pause = timedelta(seconds=LOGIN_PAUSE_S)
            self._postpone(action, guard, action["attempts"], pause, error)
            return True
        attempts = action["attempts"] + 1
        if isinstance(error, ZendeskRetryable) and attempts < MOST_ATTEMPTS:
            pause = wait_before(attempts, at_least_s=error.retry_after_s)
            self._postpone(action, guard, attempts, pause, error)
            return True
        self._finish(action, guard, state=State.DEAD, result=_told(error))
        return False

    def _postpone(
        self,
        action: RowMapping,
        guard: Guard,
        attempts: int,
        pause: timedelta,
        error: ZendeskError,
    ) -> None:
        """Try again after the pause; the action stays `sending`, so its effect is looked for."""
        with transaction(self._engine) as connection:
            guard(connection)
            repository.postpone(
                connection,
                action["id"],
                until=self._clock() + pause,
                attempts=attempts,
                result=_told(error),
            )
        log.warning("action_waits", ticket_id=action["ticket_id"], error=_told(error))


def _told(error: ZendeskError) -> str:
    return f"{type(error).__name__} ({error.status})"
