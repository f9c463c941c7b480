"""The bin: deleted tickets wait there for thirty days, then nothing is left of them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.refusals import invalid, not_found
from integrations.sandbox.state.ticketing.links import recount_incidents

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

KEPT_FOR = timedelta(days=30)
SCRUBBED = "SCRUBBED"


def delete(account: "Account", case: "TicketCase", actor: "Record") -> None:
    """Put a ticket into the bin, where its update time is its deletion time."""
    case.status_before_deletion = case.record["status"]
    case.deleted_by = actor["id"]
    _move(account, case, "deleted", "soft_deleted", actor["id"])


def discard_spam(account: "Account", case: "TicketCase", actor: "Record") -> None:
    """Delete a ticket as spam and suspend its requester, who must not be one of us."""
    requester = account.users.get(case.record["requester_id"])
    if requester["role"] != "end-user":
        raise invalid("requester", "Requester: agents cannot be suspended")
    requester |= {"suspended": True, "updated_at": account.clock.stamp()}
    case.status_before_deletion = case.record["status"]
    case.deleted_by = actor["id"]
    _move(account, case, "deleted", "marked_as_spam", actor["id"])


def restore(account: "Account", case: "TicketCase", actor: "Record") -> None:
    """Take a ticket out of the bin."""
    status = case.status_before_deletion
    case.status_before_deletion = case.deleted_by = None
    _move(account, case, str(status), "undeleted", actor["id"])


def binned(account: "Account", ticket_id: int) -> "TicketCase":
    """Return a ticket that is in the bin."""
    case = account.tickets.get(ticket_id)
    if case is None or not case.is_deleted or case.is_scrubbed:
        raise not_found()
    return case


def purge(account: "Account", case: "TicketCase", actor_id: int) -> None:
    """Delete a ticket for good: exports still have its number, and nothing of what was in it."""
    change = TicketChange(
        kind="permanently_deleted", case=case, actor_id=actor_id, now=account.clock.now()
    )
    _scrub(account, case)
    account.touch(case, account.clock.now())
    account.publish(change)


def empty_bin(account: "Account", now: datetime) -> None:
    """Delete for good what has been in the bin for thirty days."""
    for case in account.tickets.deleted_until(int((now - KEPT_FOR).timestamp())):
        purge(account, case, case.deleted_by or 0)


def _scrub(account: "Account", case: "TicketCase") -> None:
    account.files.forget([one for event, _ in case.comments() for one in case.files_of(event)])
    account.side_conversations.forget(case.id)
    rating = account.satisfaction_ratings.find((case.record["satisfaction_rating"] or {}).get("id"))
    if rating is not None:
        account.satisfaction_ratings.remove(rating["id"])
    case.is_scrubbed = True
    case.audits.clear()
    case.inline_files.clear()
    emptied = [{"id": entry["id"], "value": None} for entry in case.record["custom_fields"]]
    case.record |= {
        "subject": SCRUBBED,
        "raw_subject": SCRUBBED,
        "description": SCRUBBED,
        "external_id": None,
        "recipient": None,
        "tags": [],
        "collaborator_ids": [],
        "follower_ids": [],
        "email_cc_ids": [],
        "custom_fields": emptied,
        "fields": emptied,
        "satisfaction_rating": None,
    }


def _move(account: "Account", case: "TicketCase", status: str, kind: str, actor_id: int) -> None:
    now = account.clock.now()
    case.record |= {"status": status, "updated_at": account.clock.stamp()}
    account.touch(case, now)
    account.publish(TicketChange(kind=kind, case=case, actor_id=actor_id, now=now))
    recount_incidents(account, case.record["problem_id"])
