"""What a macro would do to a ticket; nothing is changed by asking."""

import re
from typing import TYPE_CHECKING, Any

from integrations.sandbox.state.comments import html_of
from integrations.sandbox.state.ticket_fields import clean_tags

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

WHOLE = re.compile(r"[0-9]{1,18}")
PLACEHOLDER = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
CUSTOM_FIELD = re.compile(r"custom_fields_[0-9]{1,18}")


def effect(
    account: "Account", macro: "Record", actor: "Record", ticket: "Record | None" = None
) -> dict[str, Any]:
    """Return the fields and the comment that a macro would set, rendered for a ticket if given."""
    changes: dict[str, Any] = {}
    comment: dict[str, Any] = {}
    tags = list(ticket["tags"]) if ticket else []
    for action in macro["actions"]:
        name, value = str(action.get("field")), action.get("value")
        if name.startswith("comment_value"):
            comment |= _text(account, value, actor, ticket)
        elif name == "comment_mode_is_public":
            comment["public"] = str(value).lower() == "true"
        elif name in ("current_tags", "set_tags", "remove_tags"):
            tags = _tags(name, value, tags)
            changes["tags"] = tags
        elif CUSTOM_FIELD.fullmatch(name):
            entry = {"id": int(name.removeprefix("custom_fields_")), "value": value}
            changes.setdefault("custom_fields", []).append(entry)
        else:
            changes[name] = _value(value, actor)
    if comment:
        changes["comment"] = {"public": True} | comment
    return changes


def _tags(name: str, value: Any, tags: list[str]) -> list[str]:
    given = clean_tags(value)
    if name == "set_tags":
        return given
    if name == "remove_tags":
        return [tag for tag in tags if tag not in given]
    return sorted({*tags, *given})


def _value(value: Any, actor: "Record") -> Any:
    if value == "current_user":
        return actor["id"]
    if value == "current_groups":
        return actor["default_group_id"]
    return int(value) if isinstance(value, str) and WHOLE.fullmatch(value) else value


def _text(
    account: "Account", value: Any, actor: "Record", ticket: "Record | None"
) -> dict[str, Any]:
    scoped = value if isinstance(value, list) and value else ["channel:all", value]
    body = str(scoped[-1])
    if ticket:
        body = render(account, body, actor, ticket)
    html = html_of(body).removeprefix('<div class="zd-comment" dir="auto">').removesuffix("</div>")
    return {"body": body, "html_body": html, "scoped_body": [[scoped[0], body]]}


def render(account: "Account", text: str, actor: "Record", ticket: "Record") -> str:
    """Fill the placeholders of a text; unknown ones become empty, as in Liquid."""
    requester = account.users.find(ticket["requester_id"]) or {"name": "", "email": ""}
    values = {
        "ticket.id": ticket["id"],
        "ticket.title": ticket["subject"],
        "ticket.description": ticket["description"],
        "ticket.status": ticket["status"],
        "ticket.requester.name": requester["name"],
        "ticket.requester.first_name": (requester["name"].split() or [""])[0],
        "ticket.requester.email": requester["email"],
        "current_user.name": actor["name"],
        "current_user.first_name": (actor["name"].split() or [""])[0],
    }
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], "") or ""), text)
