"""What conditions may look at: a ticket, who acts, the hour, and the change that is under way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketDraft
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase, Timeline, empty_ticket

NOTHING_YET = empty_ticket() | {"status": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One ticket as a rule sees it; `draft` is there while a change is being made.

    `people` remembers who is meant by words like `current_groups`, for all tickets of one look.
    """

    account: Account
    case: TicketCase
    record: Record
    actor: Record
    now: datetime
    draft: TicketDraft | None = None
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def timeline(self) -> Timeline:
        """The moments of the ticket's past, only to be read."""
        timeline: Timeline = self.case.glimpse("timeline")
        return timeline

    def earlier(self) -> "Facts":
        """Return the facts before the change under way; a new ticket had none."""
        before = self.draft.before if self.draft else None
        return Facts(
            account=self.account,
            case=self.case,
            record=before or NOTHING_YET,
            actor=self.actor,
            now=self.now,
        )


def facts_of_draft(account: Account, draft: TicketDraft) -> Facts:
    """Return what triggers look at."""
    return Facts(
        account=account,
        case=draft.case,
        record=draft.record,
        actor=draft.actor,
        now=account.clock.now(),
        draft=draft,
    )


def facts_of_cases(account: Account, cases: Iterable[TicketCase], actor: Record) -> Iterator[Facts]:
    """Yield what automations and views look at: the tickets as they stand now."""
    now, people = account.clock.now(), dict[str, tuple[str, ...]]()
    for case in cases:
        yield Facts(
            account=account, case=case, record=case.record, actor=actor, now=now, people=people
        )
