"""Delivers events and calls of triggers: signed, retried, logged, and faulty on request."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial

from integrations.sandbox.deliveries import invocations as log
from integrations.sandbox.deliveries.breaker import CircuitBreaker
from integrations.sandbox.deliveries.headers import credential_headers, signed_headers
from integrations.sandbox.deliveries.invocations import Attempt, Invocation, InvocationLog
from integrations.sandbox.deliveries.messages import Message, conditional_message, event_message
from integrations.sandbox.deliveries.retries import is_retryable, pause_before_retry
from integrations.sandbox.deliveries.sending import TIMEOUT_S, Reply, send
from integrations.sandbox.deliveries.trial import TrialLimit
from integrations.sandbox.deliveries.workers import Due, Workers
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketChange, WebhookBody
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.webhooks.events import event_types, events_of

NEWEST_EVENTS = 50
LONGEST_HOLD_S = 1.0  # a delivery that is to be overtaken waits no longer than this


class Deliveries:
    """Everything on its way from the account's webhooks to their endpoints."""

    def __init__(
        self,
        account: Account,
        dice: FaultDice,
        *,
        trial: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account = account
        self._dice = dice
        self._monotonic = monotonic
        self._trial = TrialLimit(monotonic) if trial else None
        self._workers = Workers()
        self._lock = threading.Lock()  # counts and what is held are touched by every worker
        self._held: dict[str, Due] = {}
        self._breakers: dict[str, CircuitBreaker] = {}
        self.log = InvocationLog()
        self.newest_events: deque[Record] = deque(maxlen=NEWEST_EVENTS)
        self.counts: Counter[str] = Counter()
        account.listeners.append(self.announce)
        account.webhook_callers.append(self.call)

    def announce(self, change: TicketChange) -> None:
        """Deliver the events of an action to every webhook that subscribed to them."""
        webhooks = self._account.webhooks
        if not any(webhooks.subscribed_to(kind) for kind in event_types(change)):
            return
        for event in events_of(self._account, change):
            subscribed = webhooks.subscribed_to(event["type"])
            if not subscribed:
                continue
            message = event_message(event)
            self.newest_events.append(event)
            for webhook in subscribed:
                self._deliver(webhook, message)

    def call(self, webhook_id: str, body: WebhookBody) -> None:
        """Deliver what a trigger or automation composed; only active conditional webhooks go."""
        webhook = self._account.webhooks.conditional(webhook_id)
        if webhook is not None:
            self._deliver(webhook, conditional_message(webhook, body))

    @property
    def queued(self) -> int:
        """How many deliveries wait or are on their way."""
        return self._workers.queued

    def stop(self) -> None:
        """Deliver nothing more; what is still queued is dropped."""
        self._workers.stop()

    def invocations(self, webhook_id: str) -> list[Invocation]:
        """Return the log of one webhook, oldest first."""
        return self.log.of(webhook_id, self._account.clock.now())

    def breaker(self, webhook_id: str) -> CircuitBreaker:
        """Return the circuit breaker of one webhook."""
        with self._lock:
            return self._breakers.setdefault(webhook_id, CircuitBreaker(self._monotonic))

    def _deliver(self, webhook: Record, message: Message) -> None:
        self._count("events")
        faults = self._dice.faults.webhooks
        if not faults.concerns(message.event_type):
            self._invoke(webhook, message)
            return
        if self._dice.strikes(faults.lost):
            self._count("lost")
            return
        copies = 1
        if self._dice.strikes(faults.duplicated):
            self._count("duplicated")
            copies = 2
        for _ in range(copies):
            delay = 0.0
            if self._dice.strikes(faults.delayed):
                self._count("delayed")
                delay = self._dice.delay()
            held = self._dice.strikes(faults.reordered)
            self._invoke(webhook, message, delay=delay, held=held)

    def _invoke(
        self, webhook: Record, message: Message, *, delay: float = 0.0, held: bool = False
    ) -> None:
        now = self._account.clock.now()
        secret = self._account.webhooks.secret(webhook["id"])
        ulid = self._account.ids.ulid(now)
        invocation = Invocation(ulid, webhook, message, secret, now)
        self.log.keep(invocation)
        if self._trial and not self._trial.has_room():
            self._give_up(invocation, log.THROTTLED)
            return
        with self._lock:
            held = held and webhook["id"] not in self._held
            due = self._workers.push(
                partial(self._attempt, invocation), LONGEST_HOLD_S if held else delay
            )
            if held:
                self._held[webhook["id"]] = due

    def _attempt(self, invocation: Invocation) -> None:
        """Try once, then queue the next attempt or close the invocation."""
        webhook_id = invocation.webhook["id"]
        webhook = self._account.webhooks.store.find(webhook_id)
        breaker = self.breaker(webhook_id)
        if webhook is None:  # deleted meanwhile
            self._give_up(invocation, log.TERMINATED)
        elif breaker.is_open:
            self._give_up(invocation, log.CIRCUIT_BROKEN)
        else:
            reply = self._send(invocation, webhook)
            breaker.note(failed=not reply.is_success)
            self._close(invocation, reply)
        self._let_the_held_one_go(webhook_id)

    def _send(self, invocation: Invocation, webhook: Record) -> Reply:
        message = invocation.message
        headers = signed_headers(
            message,
            secret=invocation.secret,
            account_id=self._account.ids.account_id,
            invocation_id=invocation.id,
            webhook_id=webhook["id"],
        ) | (webhook.get("custom_headers") or {})
        credentials = credential_headers(self._account.webhooks.credentials(webhook["id"]))
        address = message.address(webhook["endpoint"])
        reply = send(
            address,
            method=webhook["http_method"],
            body=message.body,
            headers=headers | credentials,
            timeout=TIMEOUT_S,
        )
        self._count("attempts")
        now = self._account.clock.now()
        number = len(invocation.attempts) + 1
        attempt_id = f"{invocation.id[:-2]}{number:02d}"  # a ULID of its own, for the same seed
        invocation.attempts.append(Attempt(attempt_id, now, address, headers, reply))
        return reply

    def _close(self, invocation: Invocation, reply: Reply) -> None:
        invocation.status_code = reply.status
        invocation.completed_at = self._account.clock.now()
        if reply.is_success:
            invocation.status = log.SUCCESS
            self._count("delivered")
            return
        invocation.status = log.FAILED if is_retryable(reply) else log.TERMINATED
        pause = pause_before_retry(reply, len(invocation.attempts))
        if pause is None:
            self._count("failed")
        else:
            self._workers.push(partial(self._attempt, invocation), pause)

    def _give_up(self, invocation: Invocation, status: str) -> None:
        invocation.status = status
        invocation.completed_at = self._account.clock.now()
        self._count("failed")
        if status != log.TERMINATED:
            self._count(status.replace(" ", "_"))

    def _let_the_held_one_go(self, webhook_id: str) -> None:
        """Send the delivery that was to be overtaken, now that another one went before it."""
        with self._lock:
            due = self._held.pop(webhook_id, None)
        if due is not None and self._workers.hasten(due):
            self._count("reordered")

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1
