"""Webhook events: what an action on a ticket is called and what its body says."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.state.changes import TicketChange
from integrations.sandbox.state.webhooks.event_types import PREFIX as EVENT_TYPE

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

PREFIX = f"{EVENT_TYPE}ticket."
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
    "submitter_id": "submitter_changed",
    "description": "description_changed",
    "tags": "tags_changed",
    "follower_ids": "followers_changed",
    "email_cc_ids": "email_ccs_changed",
}
ADDED_AND_REMOVED = {"tags": "tags", "follower_ids": "users", "email_cc_ids": "users"}
SPEAKING = ("created", "updated")
BARE = ("created", "soft_deleted", "undeleted", "permanently_deleted", "marked_as_spam")
UPPERCASE = ("status", "priority", "type")
CHANNELS = {"api": "web_service"}


def events_of(account: "Account", change: TicketChange) -> Iterator["Record"]:
    """Yield the event bodies of one action, in the order in which they are numbered."""
    parts = list(_parts(account, change))
    sequence = account.ids.sequence()
    for position, (name, event) in enumerate(parts, start=1):
        if name not in BARE:
            event |= {"meta": {"sequence": {"id": sequence, "position": position}}}
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
    names = [] if change.kind == "updated" else [change.kind]
    if change.kind == "updated" and change.comment:
        names.append("comment_added")
    if change.kind in SPEAKING and change.comment and change.comment["attachments"]:
        names.append("attachment_linked_to_comment")
    names += [BY_FIELD.get(field, "custom_field_changed") for field, _, _ in change.changes]
    return [PREFIX + name for name in names]


def _parts(account: "Account", change: TicketChange) -> Iterator[tuple[str, dict[str, Any]]]:
    comment = change.comment
    if change.kind != "updated":
        yield change.kind, _single(change)
    elif comment:
        yield "comment_added", {"comment": _comment(account, comment)}
    if comment and change.kind in SPEAKING:
        for attachment in comment["attachments"]:
            yield "attachment_linked_to_comment", _attached(comment, _attachment(attachment))
    for field, previous, current in change.changes:
        yield (
            BY_FIELD.get(field, "custom_field_changed"),
            _changed(account, field, previous, current),
        )


def _single(change: TicketChange) -> dict[str, Any]:
    """Return what the one event of an action says beyond its type."""
    if change.kind == "merged":
        return {"target_ticket_id": _text(change.merged_into)}
    if change.kind == "comment_redacted" and change.comment:
        return {"comment": {"id": _text(change.comment["id"])}}
    if change.kind == "attachment_redacted_from_comment" and change.comment and change.attachment:
        return _attached(change.comment, {"id": _text(change.attachment["id"])})
    return {}


def _attached(comment: "Record", attachment: dict[str, Any]) -> dict[str, Any]:
    return {"comment": {"attachment": attachment, "id": _text(comment["id"])}}


def _attachment(attachment: "Record") -> dict[str, Any]:
    return {
        "content_type": attachment["content_type"],
        "content_url": attachment["content_url"],
        "filename": attachment["file_name"],
        "id": _text(attachment["id"]),
        "is_public": False,  # the real one says so of attachments to public comments, too
    }


def _changed(account: "Account", field: str, previous: Any, current: Any) -> dict[str, Any]:
    if field in ADDED_AND_REMOVED:
        added, removed = set(current) - set(previous), set(previous) - set(current)
        word = ADDED_AND_REMOVED[field]
        return {
            f"{word}_added": [str(one) for one in sorted(added)],
            f"{word}_removed": [str(one) for one in sorted(removed)],
        }
    if field in BY_FIELD:
        return {"current": _shown(field, current), "previous": _shown(field, previous)}
    return _custom_field(account, field, previous, current)


def _shown(field: str, value: Any) -> Any:
    if value is None:
        return None
    return str(value).upper() if field in UPPERCASE else str(value)


def _custom_field(account: "Account", field: str, previous: Any, current: Any) -> dict[str, Any]:
    definition = account.ticket_fields.get(int(field))
    return {
        "current": {"value": current},
        "custom_field": {
            "id": field,
            "title": definition["raw_title"],
            "type": definition["type"],
        },
        "previous": {"value": previous},
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
