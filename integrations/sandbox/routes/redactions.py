"""Redaction: words and files are taken out of comments, comments are made private."""

from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import redaction
from integrations.sandbox.state.ticketing.comments import listed_comment
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import checked, wrong_kind


def _comment(call: Call) -> tuple[TicketCase, Record]:
    case = call.account.ticket(call.id)
    return case, case.comment(call.params[1])


def _shown(case: TicketCase, comment: Record) -> Answer:
    audit = next(one for one in case.audits if one["id"] == comment["audit_id"])
    return Answer({"comment": listed_comment(comment, audit)})


def _redact_words(call: Call) -> Answer:
    case, comment = _comment(call)
    words = call.body.get("text", "")
    if not isinstance(words, str):
        raise wrong_kind("text", "must be a string")
    redaction.redact_words(call.account, case, comment, words, call.full_agent())
    return _shown(case, comment)


def _redact_marked(call: Call) -> Answer:
    asked = checked(call.body)
    if not isinstance(asked.get("ticket_id"), int):
        raise bad_request("MissingParameter", "Required parameter missing: ticket_id")
    urls = asked.get("external_attachment_urls") or []
    if not all(isinstance(url, str) for url in urls):
        raise wrong_kind("external_attachment_urls", "must hold strings")
    case = call.account.ticket(asked["ticket_id"])
    comment = case.comment(call.id)
    redaction.redact_marked(call.account, case, comment, asked, call.full_agent())
    return _shown(case, comment)


def _redact_attachment(call: Call) -> Answer:
    case, comment = _comment(call)
    attachment = redaction.redact_attachment(
        call.account, case, comment, call.params[2], call.full_agent()
    )
    return Answer({"attachment": attachment})


def _make_private(call: Call) -> Answer:
    case, comment = _comment(call)
    redaction.make_private(call.account, case, comment, call.full_agent())
    return Answer({})


def _make_private_by_audit(call: Call) -> Answer:
    """Take the comment that an audit brought."""
    case = call.account.ticket(call.id)
    audit = case.audit(call.params[1])
    for event in audit["events"]:
        if event["type"] == "Comment":
            redaction.make_private(call.account, case, event, call.full_agent())
    return Answer({})


UPDATE = "per-ticket-update"
COMMENT = "tickets/{id}/comments/{id}"
ROUTES = (
    Route("PUT", f"{COMMENT}/redact", _redact_words, "comments", "redact", UPDATE),
    Route("PUT", "comment_redactions/{id}", _redact_marked, "comment_redactions", "update"),
    Route(
        *("PUT", f"{COMMENT}/attachments/{{id}}/redact", _redact_attachment),
        *("attachments", "redact", UPDATE),
    ),
    Route("PUT", f"{COMMENT}/make_private", _make_private, "comments", "make_private", UPDATE),
    Route(
        *("PUT", "tickets/{id}/audits/{id}/make_private", _make_private_by_audit),
        *("audits", "make_private", UPDATE),
    ),
)
