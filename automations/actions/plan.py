"""What an effect on Zendesk is: its kind, its changes and its key."""

from enum import StrEnum
from typing import Any

import msgspec


class Kind(StrEnum):
    """What an action is for; the ticket sees each key at most once."""

    DRAFT = "draft"
    ESCALATE = "escalate"
    REPRIORITISE = "reprioritise"
    REMIND = "remind"
    REDACT = "redact"
    LINK = "link"


class State(StrEnum):
    """Where an action stands. `sending`: an answer is awaited, or was never heard."""

    PLANNED = "planned"
    SENDING = "sending"
    DONE = "done"
    SKIPPED = "skipped"
    OBSERVED = "observed"
    DEAD = "dead"


OPEN_STATES = (State.PLANNED, State.SENDING)


class Changes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an action changes on the ticket, in words that hold whatever happens meanwhile."""

    note: str | None = None  # internal note; riskdesk never writes public comments
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    priority_at_least: str | None = None  # raises, never lowers
    group_id: int | None = None
    custom_fields: dict[str, Any] = {}  # field id as text -> value
    removes_secrets: bool = False  # from comments, subject and fields; what they are is not stored


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One effect on one ticket; the key makes it happen once."""

    ticket_id: int
    kind: Kind
    key: str
    changes: Changes
