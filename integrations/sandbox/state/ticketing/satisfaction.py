"""Satisfaction: what a customer says about the help, and the reasons to choose from."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.refusals import invalid

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

SCORES = ("good", "bad")
FINISHED = ("solved", "closed")
NO_REASON, NO_REASON_CODE = "No reason provided", 0
REASONS = (
    (NO_REASON_CODE, NO_REASON),
    (5, "The issue took too long to resolve"),
    (6, "The issue was not resolved"),
    (7, "The agent's knowledge is unsatisfactory"),
    (8, "The agent's attitude is unsatisfactory"),
    (100, "Some other reason"),
)
SHOWN_ON_TICKET = ("id", "score", "comment", "reason", "reason_id")


def rate(account: "Account", case: "TicketCase", asked: dict[str, Any]) -> "Record":
    """Keep what the requester says about a solved ticket; saying it again replaces it."""
    if case.record["status"] not in FINISHED:
        raise invalid("base", "Satisfaction rating: the ticket is not solved yet")
    if asked.get("score") not in SCORES:
        raise invalid("score", "Score: is not valid", code="InvalidValue")
    stamp, reason = account.clock.stamp(), _reason(account, asked)
    values = {
        "assignee_id": case.record["assignee_id"],
        "group_id": case.record["group_id"],
        "requester_id": case.record["requester_id"],
        "ticket_id": case.id,
        "score": asked["score"],
        "updated_at": stamp,
        "comment": (asked.get("comment") or {}).get("body"),  # every comment is taken as an object
        "reason": reason["value"] if reason else NO_REASON,
        "reason_id": reason["id"] if reason else None,
    }
    known = account.satisfaction_ratings.find((case.record["satisfaction_rating"] or {}).get("id"))
    if known is None:
        made: Record = {"id": account.ids.record(), "created_at": stamp}
        known = account.satisfaction_ratings.add(made)
    known |= values
    case.record |= {
        "satisfaction_rating": {name: known[name] for name in SHOWN_ON_TICKET},
        "updated_at": stamp,
    }
    account.touch(case, account.clock.now())
    return known


def _reason(account: "Account", asked: dict[str, Any]) -> "Record | None":
    """Return the reason that is named by its code, its id or its words."""
    reasons = account.satisfaction_reasons
    code, text = asked.get("reason_code"), asked.get("reason")
    wanted = {"reason_code": code} if code is not None else {"value": text or NO_REASON}
    return reasons.find(asked.get("reason_id")) or next(iter(reasons.where(**wanted)), None)
