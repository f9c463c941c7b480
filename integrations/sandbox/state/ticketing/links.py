"""Tickets that belong together: problems with their incidents, closed tickets with follow-ups."""

from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import format_instant, parse_instant
from integrations.sandbox.state.refusals import invalid

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

Values = dict[str, Any]
UNSOLVED = ("new", "open", "pending", "hold")


def wanted_links(account: "Account", record: "Record", asked: Values, values: Values) -> Values:
    """Return problem and due date: only incidents have a problem, only tasks are due."""
    kind = values.get("type", record["type"])
    wanted: Values = {}
    if kind == "incident":
        if "problem_id" in asked:
            wanted["problem_id"] = _problem(account, record, asked["problem_id"])
    elif record["problem_id"] is not None:
        wanted["problem_id"] = None
    if kind == "task":
        if "due_at" in asked:
            wanted["due_at"] = _instant(asked["due_at"])
    elif record["due_at"] is not None:
        wanted["due_at"] = None
    return wanted


def _problem(account: "Account", record: "Record", wanted: Any) -> int | None:
    if wanted in (None, ""):
        return None
    case = account.tickets.get(int(wanted))
    is_other = case is not None and not case.is_deleted and case.id != record["id"]
    if case is None or not is_other or case.record["type"] != "problem":
        raise invalid("problem", "Problem: is not a problem ticket")
    return case.id


def _instant(wanted: Any) -> str | None:
    if wanted in (None, ""):
        return None
    text = str(wanted)
    try:
        moment = parse_instant(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise invalid("due_at", "Due at: is not a date") from None
    return format_instant(moment)


def recount_incidents(account: "Account", *problem_ids: int | None) -> None:
    """Make problems say whether they have incidents; exports see it when that changes."""
    for problem_id in {one for one in problem_ids if one is not None}:
        problem = account.tickets.get(problem_id)
        if problem is None:
            continue
        has_incidents = bool(incidents_of(account, problem_id))
        if problem.record["has_incidents"] != has_incidents:
            problem.record["has_incidents"] = has_incidents
            account.touch(problem, account.clock.now())


def incidents_of(account: "Account", problem_id: int) -> list["TicketCase"]:
    """Return the living incidents of a problem, by number."""
    return account.tickets.by_field.cases("problem_id", problem_id)


def unsolved_incidents(account: "Account", case: "TicketCase") -> list["TicketCase"]:
    """Return the incidents that are solved together with their problem."""
    if case.record["type"] != "problem":
        return []
    return [one for one in incidents_of(account, case.id) if one.record["status"] in UNSOLVED]


def followed(account: "Account", asked: Values) -> "TicketCase | None":
    """Return the closed ticket that a new one follows; any other is ignored."""
    wanted = asked.get("via_followup_source_id")
    case = account.tickets.get(wanted) if isinstance(wanted, int) else None
    is_closed = case is not None and case.record["status"] == "closed"
    return case if is_closed else None


def follow_up_values(source: "TicketCase") -> Values:
    """Return what a follow-up begins with, unless its creator says otherwise."""
    record = source.record
    origin = {
        "ticket_id": source.id,
        "subject": record["subject"],
        "channel": record["via"]["channel"],
    }
    kept = [entry for entry in record["custom_fields"] if entry["value"] not in (None, False)]
    return {
        "subject": record["subject"],
        "custom_fields": kept,
        "via": {"channel": "web", "source": {"from": origin, "to": {}, "rel": "follow_up"}},
    }


def note_follow_up(account: "Account", source: "TicketCase", number: int) -> None:
    """Make a closed ticket name the one that follows it."""
    source.record["followup_ids"] = [*source.record["followup_ids"], number]
    account.touch(source, account.clock.now())
