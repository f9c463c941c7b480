"""Whether an action still makes sense on the ticket as it is now, and what to send; pure."""

from collections.abc import Mapping
from typing import Any

from automations.actions.plan import Changes

PRIORITIES = ("low", "normal", "high", "urgent")
IMMUTABLE = frozenset({"closed", "deleted"})  # Zendesk refuses updates of these


def skip_reason(changes: Changes, ticket: Mapping[str, Any]) -> str | None:
    """Say why these changes may not be sent to this ticket, or None when they may."""
    status = ticket.get("status")
    if status in IMMUTABLE:
        return f"the ticket is {status}"
    if changes.group_id is not None and status == "solved":
        return "the ticket was solved before it could change hands"
    return None


def compose(changes: Changes, ticket: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of the update: only what differs from the ticket as it is now.

    Zendesk replaces the whole tag list, so the present tags are sent along; `safe_update`
    protects them from somebody who was faster.
    """
    body: dict[str, Any] = {}
    if changes.note is not None:
        body["comment"] = {"body": changes.note, "public": False}
    tags = list(ticket.get("tags") or ())
    kept = [tag for tag in tags if tag not in changes.remove_tags]
    missing = [tag for tag in changes.add_tags if tag not in kept]
    if missing or kept != tags:
        body["tags"] = kept + missing
    if is_raise(ticket.get("priority"), changes.priority_at_least):
        body["priority"] = changes.priority_at_least
    if changes.group_id is not None and ticket.get("group_id") != changes.group_id:
        body["group_id"] = changes.group_id
    if fields := _changed_fields(changes, ticket):
        body["custom_fields"] = fields
    return body


def is_raise(present: str | None, wanted: str | None) -> bool:
    """Tell whether `wanted` is a higher priority than the present one."""
    if wanted is None:
        return False
    return present is None or PRIORITIES.index(wanted) > PRIORITIES.index(present)


def _changed_fields(changes: Changes, ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    present = {str(one["id"]): one.get("value") for one in ticket.get("custom_fields") or ()}
    return [
        {"id": int(field_id), "value": value}
        for field_id, value in changes.custom_fields.items()
        if present.get(field_id) != value
    ]
