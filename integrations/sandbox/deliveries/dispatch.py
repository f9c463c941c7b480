"""Delivers webhook events on background threads: signed, retried, logged, lost on request."""

import base64
import heapq
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from integrations.runtime.clock import format_instant, utc_now
from integrations.sandbox.deliveries.sending import TIMEOUT_S, Reply, send
from integrations.sandbox.deliveries.signing import signature
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.events import event_types, events_of
from integrations.sandbox.state.store import Record

WORKERS = 8
LOG_LENGTH = 5000
LONGEST_RETRY_AFTER_S = 60.0
RETRIES = {"timeout": 5, "refused": 6, "conflict": 3, "busy": 5}
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)


@dataclass(slots=True)
class Invocation:
    """One event on its way to one webhook, with every attempt."""

    id: str
    webhook: Record
    event_type: str
    body: bytes
    attempts: list[Record] = field(default_factory=list)
    status: str = "pending"
    status_code: int = 0
    completed_at: str | None = None


@dataclass(order=True, slots=True)
class _Due:
    at: float
    number: int
    invocation: Invocation = field(compare=False)


class Deliveries:
    """The queue of deliveries and the threads that empty it."""

    def __init__(self, account: Account, dice: FaultDice) -> None:
        self._account = account
        self._dice = dice
        self._queue: list[_Due] = []
        self._wake = threading.Condition()
        self._numbers = count()
        self._busy = 0
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self._log: dict[str, deque[Invocation]] = {}
        self.newest_events: deque[Record] = deque(maxlen=50)
        self.counts: Counter[str] = Counter()
        account.listeners.append(self.announce)

    def announce(self, change: TicketChange) -> None:
        """Queue the events of an action for every webhook that subscribed to them."""
        webhooks = self._account.webhooks
        if not any(webhooks.subscribed_to(kind) for kind in event_types(change)):
            return
        for event in events_of(self._account, change):
            subscribed = webhooks.subscribed_to(event["type"])
            if not subscribed:
                continue
            body = msgspec.json.format(msgspec.json.encode(event), indent=3) + b"\n"
            self.newest_events.append(event)
            for webhook in subscribed:
                self._enqueue_with_faults(webhook, event["type"], body)

    def _enqueue_with_faults(self, webhook: Record, event_type: str, body: bytes) -> None:
        faults = self._dice.faults.webhooks
        self.counts["events"] += 1
        if self._dice.strikes(faults.lost):
            self.counts["lost"] += 1
            return
        copies = 1
        if self._dice.strikes(faults.duplicated):
            self.counts["duplicated"] += 1
            copies = 2
        for _ in range(copies):
            delay = 0.0
            if self._dice.strikes(faults.delayed):
                self.counts["delayed"] += 1
                delay = self._dice.delay()
            self.enqueue(webhook, event_type, body, delay=delay)

    def enqueue(
        self, webhook: Record, event_type: str, body: bytes, *, delay: float = 0.0
    ) -> Invocation:
        """Queue one delivery."""
        ulid = self._account.ids.ulid(self._account.clock.now())
        invocation = Invocation(ulid, webhook, event_type, body)
        log = self._log.setdefault(webhook["id"], deque(maxlen=LOG_LENGTH))
        log.append(invocation)
        self._start_threads()
        self._push(invocation, delay)
        return invocation

    def _push(self, invocation: Invocation, delay: float) -> None:
        due = _Due(time.monotonic() + delay if delay else 0.0, next(self._numbers), invocation)
        with self._wake:
            heapq.heappush(self._queue, due)
            self._wake.notify()

    def _start_threads(self) -> None:
        if self._threads:
            return
        self._threads = [
            threading.Thread(target=self._work, name=f"sandbox-delivery-{n}", daemon=True)
            for n in range(WORKERS)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads; what is still queued is dropped."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()

    @property
    def queued(self) -> int:
        """How many deliveries wait or are on their way."""
        with self._wake:
            return len(self._queue) + self._busy

    def invocations(self, webhook_id: str) -> list[Invocation]:
        """Return the log of one webhook, oldest first."""
        return list(self._log.get(webhook_id, ()))

    def _work(self) -> None:
        while True:
            invocation = self._next()
            if invocation is None:
                return
            try:
                pause = self._attempt(invocation)
                if pause is not None:
                    self._push(invocation, pause)
            finally:
                with self._wake:
                    self._busy -= 1

    def _next(self) -> Invocation | None:
        with self._wake:
            while not self._stopping:
                wait = self._queue[0].at - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._queue).invocation
                self._wake.wait(wait)
        return None

    def _attempt(self, invocation: Invocation) -> float | None:
        """Try once; return after how many seconds to try again, or None when it is over."""
        webhook = invocation.webhook
        if self._account.webhooks.store.find(webhook["id"]) is None:  # deleted meanwhile
            invocation.status = "terminated"
            self.counts["failed"] += 1
            return None
        headers = self.headers_for(webhook, invocation.id, invocation.body)
        reply = send(
            webhook["endpoint"],
            method=webhook["http_method"],
            body=invocation.body,
            headers=headers,
            timeout=TIMEOUT_S,
        )
        self.counts["attempts"] += 1
        invocation.attempts.append(_attempt_record(invocation, webhook, headers, reply))
        invocation.status_code = reply.status
        invocation.completed_at = format_instant(utc_now())
        pause = _pause_before_retry(invocation, reply)
        if pause is None:
            delivered = reply.failure is None and reply.status < 300  # noqa: PLR2004
            invocation.status = "success" if delivered else _failure_name(reply)
            self.counts["delivered" if delivered else "failed"] += 1
        return pause

    def headers_for(self, webhook: Record, invocation_id: str, body: bytes) -> dict[str, str]:
        """Return the headers of a delivery; the signature carries the machine's own time."""
        timestamp = format_instant(utc_now())
        secret = self._account.webhooks.secret(webhook["id"])
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Zendesk Webhook",
            "X-Zendesk-Account-Id": str(self._account.ids.account_id),
            "X-Zendesk-Webhook-Id": webhook["id"],
            "X-Zendesk-Webhook-Invocation-Id": invocation_id,
            "X-Zendesk-Webhook-Signature": signature(secret, timestamp, body),
            "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
            **(webhook.get("custom_headers") or {}),
            **_credentials(self._account.webhooks.credentials(webhook["id"])),
        }


def _credentials(authentication: dict[str, Any]) -> dict[str, str]:
    given = authentication.get("data") or {}
    kind = authentication.get("type")
    if kind == "basic_auth":
        pair = f"{given.get('username', '')}:{given.get('password', '')}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    if kind == "bearer_token":
        return {"Authorization": f"Bearer {given.get('token', '')}"}
    if kind == "api_key":
        return {str(given.get("name", "")): str(given.get("value", ""))}
    return {}


def _pause_before_retry(invocation: Invocation, reply: Reply) -> float | None:
    """Return when Zendesk would try again: it does so for few reasons only."""
    tried = len(invocation.attempts)
    pause = PAUSES_S[min(tried, len(PAUSES_S)) - 1]
    if reply.failure in ("timeout", "refused"):
        return pause if tried <= RETRIES[reply.failure] else None
    if reply.status == 409:  # noqa: PLR2004
        return pause if tried <= RETRIES["conflict"] else None
    if reply.status in (429, 503) and tried <= RETRIES["busy"]:
        asked = _header(reply, "retry-after")
        seconds = float(asked) if asked.replace(".", "", 1).isdigit() else LONGEST_RETRY_AFTER_S
        return seconds if seconds < LONGEST_RETRY_AFTER_S else None
    return None


def _header(reply: Reply, name: str) -> str:
    return next((value for key, value in reply.headers.items() if key.lower() == name), "")


def _failure_name(reply: Reply) -> str:
    return "terminated" if reply.failure == "not_local" else "failed"


def _attempt_record(
    invocation: Invocation, webhook: Record, headers: dict[str, str], reply: Reply
) -> Record:
    shown = {key: value for key, value in headers.items() if key != "Authorization"}
    return {
        "id": f"{invocation.id}-{len(invocation.attempts) + 1}",
        "invocation_id": invocation.id,
        "status": "success" if 200 <= reply.status < 300 else "failed",  # noqa: PLR2004
        "status_code": reply.status,
        "completed_at": format_instant(utc_now()),
        "request": {
            "endpoint": webhook["endpoint"],
            "headers": [{"key": key, "value": value} for key, value in shown.items()],
            "payload": invocation.body.decode(),
        },
        "response": {
            "headers": [{"key": key, "value": value} for key, value in reply.headers.items()],
            "payload": reply.payload,
        },
    }
