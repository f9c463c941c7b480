"""Redaction and privacy: what is taken back from a comment, for good."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.refusals import blank, closed, invalid, not_found
from integrations.sandbox.state.ticketing import audits, blackening

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

LONGEST = 65_536


def redact_words(
    account: "Account", case: "TicketCase", comment: "Record", words: str, actor: "Record"
) -> None:
    """Blacken every occurrence of some words; a closed ticket stays as it is."""
    _check_open(case)
    if not words.strip():
        raise blank("text")
    places = blackening.places_of(words, comment["body"])
    if places:
        _blacken(case, comment, places)
        _record_redaction(account, case, comment, actor)


def redact_marked(
    account: "Account",
    case: "TicketCase",
    comment: "Record",
    asked: dict[str, Any],
    actor: "Record",
) -> None:
    """Blacken what is marked in a copy of the comment's HTML, and files by their addresses.

    This works on closed tickets too.
    """
    marks = blackening.Marks(str(asked.get("html_body") or "")[:LONGEST])
    has_marks = bool(marks.places or marks.tags)
    if has_marks:
        _check_copy(comment, marks)
    addresses = {*marks.addresses, *map(str, asked.get("external_attachment_urls") or ())}
    files = [one for one in case.files_of(comment) if one["content_url"] in addresses]
    if has_marks:
        _blacken(case, comment, marks.places, frozenset(marks.tags))
        _record_redaction(account, case, comment, actor)
    for attachment in files:
        _redact_file(account, case, comment, attachment, actor)


def redact_attachment(
    account: "Account",
    case: "TicketCase",
    comment: "Record",
    attachment_id: int,
    actor: "Record",
) -> "Record":
    """Replace a file of a comment by an empty one; return the attachment as it was."""
    _check_open(case)
    for attachment in case.files_of(comment):
        if attachment["id"] == attachment_id:
            before = dict(attachment)
            _redact_file(account, case, comment, attachment, actor)
            return before
    raise not_found()


def make_private(
    account: "Account", case: "TicketCase", comment: "Record", actor: "Record"
) -> None:
    """Turn a public comment into an internal note; there is no way back."""
    _check_open(case)
    if not comment["public"]:
        return
    comment["public"] = False
    case.record["is_public"] = any(event["public"] for event, _ in case.comments())
    event = {"type": "CommentPrivacyChange", "comment_id": comment["id"], "public": False}
    _record(account, case, event, actor)
    _publish(account, case, "comment_made_private", comment, actor)


def _check_open(case: "TicketCase") -> None:
    if case.record["status"] == "closed":
        raise closed()


def _check_copy(comment: "Record", marks: blackening.Marks) -> None:
    """Refuse HTML that is not that of the comment: only marks may be added to it."""
    html = comment["html_body"]
    is_copy = marks.text == blackening.Marks(html).text
    if marks.tags:
        is_copy = is_copy and marks.names == blackening.tag_names(html)
    if not is_copy:
        raise invalid("html_body", "Html body: does not match the comment")


def _blacken(
    case: "TicketCase",
    comment: "Record",
    places: set[int],
    tags: frozenset[int] = frozenset(),
) -> None:
    is_first = case.comments()[0][0] is comment
    comment["html_body"] = blackening.blackened_html(comment["html_body"], places, tags)
    comment["body"] = blackening.blackened(comment["body"], places)
    comment["plain_body"] = blackening.blackened(comment["plain_body"], places)
    if is_first:
        case.record["description"] = comment["body"]


def _redact_file(
    account: "Account",
    case: "TicketCase",
    comment: "Record",
    attachment: "Record",
    actor: "Record",
) -> None:
    before = dict(attachment)
    account.files.redact(attachment)
    event = {
        "type": "AttachmentRedactionEvent",
        "attachment_id": attachment["id"],
        "comment_id": comment["id"],
    }
    _record(account, case, event, actor)
    kind = "attachment_redacted_from_comment"
    _publish(account, case, kind, comment, actor, attachment=before)


def _record_redaction(
    account: "Account", case: "TicketCase", comment: "Record", actor: "Record"
) -> None:
    event = {"type": "CommentRedactionEvent", "comment_id": comment["id"]}
    _record(account, case, event, actor)
    _publish(account, case, "comment_redacted", comment, actor)


def _record(account: "Account", case: "TicketCase", event: "Record", actor: "Record") -> None:
    """Write an audit, which brings the ticket into exports again, also when it is closed."""
    stamp = account.clock.stamp()
    audit = audits.new_audit(
        account.ids, ticket_id=case.id, author_id=actor["id"], created_at=stamp, custom={}
    )
    audit["events"].append({"id": account.ids.record()} | event)
    case.audits.append(audit)
    case.record["updated_at"] = stamp
    account.touch(case, account.clock.now())


def _publish(
    account: "Account",
    case: "TicketCase",
    kind: str,
    comment: "Record",
    actor: "Record",
    **more: Any,
) -> None:
    now = account.clock.now()
    account.publish(
        TicketChange(kind=kind, case=case, actor_id=actor["id"], now=now, comment=comment, **more)
    )
