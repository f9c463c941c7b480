"""What conditions may look at: a ticket, who acts, the hour, and the change that is under way."""

from dataclasses import dataclass
from datetime import datetime

from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketDraft
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticket_case import TicketCase, Timeline, empty_ticket

NOTHING_YET = empty_ticket() | {"status": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One ticket as a rule sees it; `draft` is there while a change is being made."""

    account: Account
    case: TicketCase
    record: Record
    actor: Record
    now: datetime
    draft: TicketDraft | None = None

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


def facts_of_case(account: Account, case: TicketCase, actor: Record) -> Facts:
    """Return what automations, views and SLA policies look at: the ticket as it stands."""
    return Facts(
        account=account, case=case, record=case.record, actor=actor, now=account.clock.now()
    )
