"""What one action did to a ticket, as the listeners of the account hear of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

WebhookBody = str | list[tuple[str, str]]  # text, or pairs for a form and for URL parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one action did to a ticket: the source of webhook events.

    | kind | also given |
    |---|---|
    | created | `comment`; its attachments become events too |
    | updated | `changes` as (field, previous, current) with custom fields by id and the lists |
    | | `tags`, `follower_ids` and `email_cc_ids` whole; `comment` as above |
    | soft_deleted, undeleted, permanently_deleted, marked_as_spam | nothing |
    | merged | `merged_into`; `case` is the ticket that was merged away |
    | comment_redacted, comment_made_private | `comment`, the event as it is now |
    | attachment_redacted_from_comment | `comment`, and `attachment` as comments list it |
    """

    kind: str
    case: TicketCase
    actor_id: int
    now: datetime
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    comment: Record | None = None
    attachment: Record | None = None
    merged_into: int | None = None


@dataclass(slots=True, kw_only=True)
class TicketDraft:
    """A ticket on its way to being kept: business rules look at it and may change it.

    A rule changes `record` and says so in `audit`; what it wants to send goes into `afterwards`.
    """

    case: TicketCase
    record: Record  # the fields as they will be
    before: Record | None  # the fields as they are; None for a new ticket
    audit: Record
    actor: Record
    comment: Record | None = None
    afterwards: list[Callable[[], None]] = field(default_factory=list)
