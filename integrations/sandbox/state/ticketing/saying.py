"""What is said on a ticket: by whom, to whom, with which files."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.people.users import is_staff
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.ticketing.comments import comment_event, via_towards

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

MOST_COMMENTS = 5000


def submitter_of(
    account: "Account", asked: dict[str, Any], said: dict[str, Any], actor: "Record"
) -> "Record":
    """Return who submits a new ticket: the author of its first comment."""
    wanted = asked.get("submitter_id")
    if wanted in (None, ""):
        return author_of(account, said, actor)
    return _person(account, wanted, "submitter")


def author_of(account: "Account", said: Any, actor: "Record") -> "Record":
    """Return who says something: the caller, unless the comment names another."""
    wanted = said.get("author_id") if isinstance(said, dict) else None
    return actor if wanted in (None, "") else _person(account, wanted, "author")


def _person(account: "Account", wanted: Any, part: str) -> "Record":
    person = account.users.find(int(wanted))
    if person is None:
        raise invalid(part, f"{part.capitalize()}: does not exist")
    return person


def say(
    account: "Account",
    case: "TicketCase",
    audit: "Record",
    said: dict[str, Any],
    author: "Record",
    requester_id: int,
) -> "Record":
    """Add a comment to an audit and return it; what a light agent says stays internal."""
    if len(case.audits) >= MOST_COMMENTS and len(case.comments()) >= MOST_COMMENTS:
        raise invalid("comment", f"Comment: a ticket has no more than {MOST_COMMENTS} comments")
    public = _is_public(case, said, author)
    event = comment_event(
        said,
        event_id=account.ids.record(),
        audit_id=audit["id"],
        author_id=author["id"],
        public=public,
    )
    attach(case, event, account.files.take(said.get("uploads") or []))
    audit["events"].append(event)
    if public and audit["via"]["channel"] == "api" and audit["via"]["source"]["rel"] is None:
        audit["via"] = via_towards(account.users.get(requester_id))
    return event


def _is_public(case: "TicketCase", said: dict[str, Any], author: "Record") -> bool:
    """Return whether everybody may read a comment; staff go on as the ticket is unless they say."""
    if author["only_private_comments"]:
        return False
    given = said.get("public")
    if given is None:
        return bool(case.record["is_public"]) or not is_staff(author)
    return given not in (False, "false")


def attach(case: "TicketCase", comment: "Record", files: list["Record"]) -> None:
    """Add files to a comment; those inside its text are listed only when asked for."""
    comment["attachments"] += [one for one in files if not one["inline"]]
    inside = [one for one in files if one["inline"]]
    if inside:
        case.inline_files.setdefault(comment["id"], []).extend(inside)
