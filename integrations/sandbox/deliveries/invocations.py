"""The log of invocations: what was sent to whom, how often, and how it ended."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.runtime.clock import format_instant
from integrations.sandbox.deliveries.messages import Message
from integrations.sandbox.deliveries.sending import Reply
from integrations.sandbox.state.store import Record

KEPT = timedelta(days=7)
LONGEST_LOG = 20_000  # of one webhook; the oldest go first
PENDING, SUCCESS, FAILED, TERMINATED = "pending", "success", "failed", "terminated"
THROTTLED, CIRCUIT_BROKEN = "throttled", "circuit broken"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request and what came back."""

    id: str
    completed_at: datetime
    address: str
    headers: dict[str, str]  # without credentials
    reply: Reply


@dataclass(slots=True)
class Invocation:
    """One message on its way to one webhook; it is signed with the secret it started with."""

    id: str
    webhook: Record  # as it was when this began
    message: Message
    secret: str
    started_at: datetime
    attempts: list[Attempt] = field(default_factory=list)
    status: str = PENDING
    status_code: int = 0
    completed_at: datetime | None = None

    def shown(self) -> Record:
        """Return the invocation as the log lists it."""
        completed = format_instant(self.completed_at) if self.completed_at else None
        return {
            "id": self.id,
            "latest_completed_at": completed,
            "status": self.status,
            "status_code": self.status_code,
        }

    def shown_attempts(self) -> list[Record]:
        """Return every attempt with request and response."""
        return [self._shown_attempt(attempt) for attempt in self.attempts]

    def _shown_attempt(self, attempt: Attempt) -> Record:
        return {
            "id": attempt.id,
            "invocation_id": self.id,
            "status": SUCCESS if attempt.reply.is_success else FAILED,
            "status_code": attempt.reply.status,
            "completed_at": format_instant(attempt.completed_at),
            "request": {
                "endpoint": attempt.address,
                "headers": header_list(attempt.headers),
                "payload": self.message.body.decode("utf-8", "replace"),
            },
            "response": {
                "headers": header_list(attempt.reply.headers),
                "payload": attempt.reply.payload,
            },
        }


def header_list(headers: dict[str, str]) -> list[Record]:
    """Return headers as the webhook API shows them."""
    return [{"key": key, "value": value} for key, value in headers.items()]


class InvocationLog:
    """The invocations of the last seven days of the record clock."""

    def __init__(self) -> None:
        self._of_webhook: dict[str, deque[Invocation]] = {}

    def keep(self, invocation: Invocation) -> None:
        """Add the newest invocation of a webhook."""
        log = self._of_webhook.setdefault(invocation.webhook["id"], deque(maxlen=LONGEST_LOG))
        log.append(invocation)

    def of(self, webhook_id: str, now: datetime) -> list[Invocation]:
        """Return what is still kept of one webhook, oldest first."""
        log = self._of_webhook.get(webhook_id, deque())
        while log and log[0].started_at < now - KEPT:
            log.popleft()
        return list(log)
