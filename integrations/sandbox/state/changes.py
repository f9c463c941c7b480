"""What one action did to a ticket, as the listeners of the account hear of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticket_case import TicketCase


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one action did to a ticket: the source of webhook events."""

    kind: str  # created, updated, soft_deleted, undeleted, permanently_deleted
    case: TicketCase
    actor_id: int
    now: datetime
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    comment: Record | None = None
