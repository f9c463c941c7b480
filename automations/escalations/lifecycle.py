"""When an escalation is over: the department answered, or the ticket ended without it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

ENDED_STATUSES = frozenset({"solved", "closed", "deleted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentComment:
    """One comment of a person, public or internal; riskdesk's own notes do not belong here."""

    author_id: int
    created_at: datetime
    public: bool


def first_answer(
    comments: Sequence[AgentComment], *, members: Collection[int], opened_at: datetime
) -> AgentComment | None:
    """Return the department's first comment after the escalation was opened, if there is one."""
    answers = [c for c in comments if c.author_id in members and c.created_at > opened_at]
    return min(answers, key=lambda comment: comment.created_at, default=None)


def has_ended(ticket_status: str) -> bool:
    """Tell whether nobody waits for an answer on a ticket of this status any more."""
    return ticket_status in ENDED_STATUSES
