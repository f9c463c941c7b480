"""Webhook events: what an action on a ticket is called and what its body says."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.state.audits import audit_value
from integrations.sandbox.state.changes import TicketChange

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

PREFIX = "zen:event-type:ticket."
VERSION = "2022-11-06"
BY_FIELD = {
    "status": "status_changed",
    "priority": "priority_changed",
    "type": "type_changed",
    "subject": "subject_changed",
    "group_id": "group_assignment_changed",
    "assignee_id": "agent_assignment_changed",
    "requester_id": "requester_changed",
    "organization_id": "organization_changed",
    "brand_id": "brand_changed",
    "ticket_form_id": "form_changed",
    "custom_status_id": "custom_status_changed",
    "external_id": "external_id_changed",
    "problem_id": "problem_link_changed",
    "due_at": "task_due_at_changed",
}
UPPERCASE = ("status", "priority", "type")
CHANNELS = {"api": "web_service"}


def events_of(account: "Account", change: TicketChange) -> Iterator["Record"]:
    """Yield the event bodies of one action, in the order in which they are numbered."""
    parts = list(_parts(account, change))
    sequence = account.ids.sequence()
    for position, (name, event) in enumerate(parts, start=1):
        if change.kind == "updated":
            meta = {"sequence": {"id": sequence, "position": position, "total": len(parts)}}
            event |= {"meta": meta}
        yield {
            "account_id": account.ids.account_id,
            "detail": detail_of(change),
            "event": event,
            "id": account.ids.uuid(),
            "subject": f"zen:ticket:{change.case.id}",
            "time": nanoseconds(change.now, position),
            "type": PREFIX + name,
            "zendesk_event_version": VERSION,
        }


def event_types(change: TicketChange) -> list[str]:
    """Return the types of the events of one action, without building them."""
    if change.kind != "updated":
        return [PREFIX + change.kind]
    names = ["comment_added"] if change.comment else []
    names += [_event_name(field) for field, _, _ in change.changes]
    return [PREFIX + name for name in names]


def _event_name(field: str) -> str:
    return "tags_changed" if field == "tags" else BY_FIELD.get(field, "custom_field_changed")


def _parts(account: "Account", change: TicketChange) -> Iterator[tuple[str, dict[str, Any]]]:
    if change.kind != "updated":
        yield change.kind, {}
        return
    if change.comment:
        yield "comment_added", {"comment": _comment(account, change.comment)}
    for field, previous, current in change.changes:
        if field == "tags":
            added, removed = set(current) - set(previous), set(previous) - set(current)
            tags = {"tags_added": sorted(added), "tags_removed": sorted(removed)}
            yield "tags_changed", {"current": current, "previous": previous} | tags
        elif field in BY_FIELD:
            yield (
                BY_FIELD[field],
                {"current": _shown(field, current), "previous": _shown(field, previous)},
            )
        else:
            yield "custom_field_changed", _custom_field(account, field, previous, current)


def _shown(field: str, value: Any) -> Any:
    if value is None:
        return None
    return str(value).upper() if field in UPPERCASE else str(value)


def _custom_field(account: "Account", field: str, previous: Any, current: Any) -> dict[str, Any]:
    definition = account.ticket_fields.get(int(field))
    return {
        "current": audit_value(current),
        "field": {"id": field, "raw_title": definition["raw_title"], "type": definition["type"]},
        "previous": audit_value(previous),
    }


def _comment(account: "Account", comment: "Record") -> dict[str, Any]:
    author = account.users.get(comment["author_id"])
    return {
        "author": {
            "id": str(author["id"]),
            "is_staff": author["role"] != "end-user",
            "name": author["name"],
        },
        "body": comment["body"],
        "id": str(comment["id"]),
        "is_public": comment["public"],
    }


def detail_of(change: TicketChange) -> dict[str, Any]:
    """Return the ticket as events describe it: ids are text, words are upper case."""
    ticket = change.case.record
    channel = ticket["via"]["channel"]
    return {
        "actor_id": str(change.actor_id),
        "assignee_id": _text(ticket["assignee_id"]),
        "brand_id": _text(ticket["brand_id"]),
        "created_at": ticket["created_at"],
        "custom_status": _text(ticket["custom_status_id"]),
        "description": ticket["description"],
        "external_id": _text(ticket["external_id"]),
        "form_id": _text(ticket["ticket_form_id"]),
        "group_id": _text(ticket["group_id"]),
        "id": str(ticket["id"]),
        "is_public": ticket["is_public"],
        "organization_id": _text(ticket["organization_id"]),
        "priority": _shown("priority", ticket["priority"]),
        "requester_id": _text(ticket["requester_id"]),
        "status": _shown("status", ticket["status"]),
        "subject": ticket["subject"],
        "submitter_id": _text(ticket["submitter_id"]),
        "tags": ticket["tags"] or None,
        "type": _shown("type", ticket["type"]),
        "updated_at": ticket["updated_at"],
        "via": {"channel": CHANNELS.get(channel, channel)},
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def nanoseconds(moment: datetime, position: int) -> str:
    """Write an instant with nine digits; the last three keep the events of one action apart."""
    whole = format_instant(moment).removesuffix("Z")
    return f"{whole}.{moment.microsecond:06d}{position % 1000:03d}Z"
