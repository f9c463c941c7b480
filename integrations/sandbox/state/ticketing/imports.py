"""Imported tickets: a past from another system, which no rule sees and of which nobody is told."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import format_instant, parse_instant
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.ticketing import audits
from integrations.sandbox.state.ticketing.comments import has_text
from integrations.sandbox.state.ticketing.saying import author_of, say
from integrations.sandbox.state.ticketing.tickets import first_words, new_case
from integrations.sandbox.state.ticketing.timeline import log

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

BEGUN = {"status", "assignee_id", "group_id"}


def import_ticket(account: "Account", asked: dict[str, Any], actor: "Record") -> "TicketCase":
    """Keep a ticket that was worked on elsewhere, with its comments at their own times."""
    words = [one for one in asked.get("comments") or () if has_text(one)]
    said = words or [first_words(account, asked)]
    now = account.clock.now()
    created = _instant(asked, "created_at", _instant(said[0], "created_at", now, now), now)
    updated = _instant(
        asked, "updated_at", now if asked.get("created_at") is None else created, now
    )
    solved = _instant(asked, "solved_at", updated, now)
    case, submitter = new_case(account, asked, said[0], actor)
    record = case.record
    record |= {
        "id": account.ids.ticket(),
        "created_at": format_instant(created),
        "updated_at": format_instant(max(created, updated)),
    }
    case.timeline.created = created
    for number, one in enumerate(said):
        moment = max(created, _instant(one, "created_at", created, now)) if number else created
        author = author_of(account, one, submitter) if number else submitter
        _say(account, case, one, author, moment)
        if not number:
            log(case, BEGUN - {"status"}, submitter, None, created)
    first = case.audits[0]["events"][0]
    record |= {
        "description": first["body"],
        "is_public": any(event["public"] for event, _ in case.comments()),
    }
    case.audits[0]["events"] += audits.create_events(account.ids, record)
    case.timeline.statuses.append((created, "new"))
    if record["status"] != "new":
        case.timeline.statuses.append((max(created, solved), record["status"]))
    account.keep_ticket(case, now)
    return case


def _instant(source: dict[str, Any], name: str, default: datetime, now: datetime) -> datetime:
    """Return a time of the past that a request gives."""
    given = source.get(name)
    if given in (None, ""):
        return default
    try:
        moment = parse_instant(str(given))
    except ValueError:
        raise invalid(name, f"{name}: is not a time") from None
    if moment > now:
        raise invalid(name, f"{name}: lies in the future")
    return moment


def _say(
    account: "Account",
    case: "TicketCase",
    said: dict[str, Any],
    author: "Record",
    moment: datetime,
) -> None:
    audit = audits.new_audit(
        account.ids,
        ticket_id=case.id,
        author_id=author["id"],
        created_at=format_instant(moment),
        custom={},
    )
    comment = say(account, case, audit, said, author, case.record["requester_id"])
    case.audits.append(audit)
    log(case, set(), author, comment, moment)
