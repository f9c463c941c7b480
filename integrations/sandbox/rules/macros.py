"""What a macro would do to a ticket; nothing is changed by asking."""

from typing import Any

from integrations.sandbox.rules.performing import fields_of
from integrations.sandbox.rules.placeholders import Filler
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.comments import text_of
from integrations.sandbox.state.ticketing.ticket_case import TicketCase, empty_ticket

SPOKEN = ("comment_value", "comment_value_html")


def effect(
    account: Account, macro: Record, actor: Record, case: TicketCase | None = None
) -> dict[str, Any]:
    """Return the fields and the comment that a macro would set, rendered for a ticket if given."""
    record = case.record if case else empty_ticket()
    silent = [one for one in macro["actions"] if not one["field"].startswith("comment_")]
    changes = fields_of(record, actor, silent)
    comment = _comment(account, macro["actions"], actor, case)
    return changes | ({"comment": comment} if comment else {})


def _comment(
    account: Account, actions: list[Record], actor: Record, case: TicketCase | None
) -> dict[str, Any]:
    comment: dict[str, Any] = {}
    for action in actions:
        if action["field"] == "comment_mode_is_public":
            comment["public"] = str(action["value"]).lower() == "true"
        elif action["field"] in SPOKEN:
            comment |= _text(account, action, actor, case)
    return {"public": True} | comment if "body" in comment else comment


def _text(
    account: Account, action: Record, actor: Record, case: TicketCase | None
) -> dict[str, Any]:
    value = action["value"]
    channel, text = value if isinstance(value, list) and len(value) > 1 else ("channel:all", value)
    written = str(text[0] if isinstance(text, list) else text)
    if case:
        written = Filler(account, case, actor).plain(written)
    is_html = action["field"].endswith("_html")
    body = text_of(written) if is_html else written
    html = {"html_body": written} if is_html else {}
    return {"body": body} | html | {"scoped_body": [[channel, body]]}
