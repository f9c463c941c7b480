"""Audits: the entries of a ticket's history and the events in them."""

import json
from typing import Any

from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import SYSTEM, VIA_API

CREATED = (
    "subject requester_id priority type status organization_id brand_id ticket_form_id "
    "custom_status_id"
).split()  # recorded order; these are always named, also when empty
CREATED_IF_SET = ("group_id", "assignee_id", "external_id", "due_at", "problem_id", "tags")
CHANGED = (
    "subject requester_id priority type status organization_id brand_id ticket_form_id "
    "custom_status_id group_id assignee_id external_id due_at problem_id tags"
).split()


def audit_value(value: Any) -> Any:
    """Return a field's value as audits write it: ids are text, tags stay a list."""
    if value is None or isinstance(value, str | list):
        return value
    return json.dumps(value)


def new_audit(ids: Ids, *, ticket_id: int, author_id: int, created_at: str, custom: Any) -> Record:
    """Return an audit without events."""
    return {
        "id": ids.record(),
        "ticket_id": ticket_id,
        "created_at": created_at,
        "author_id": author_id,
        "metadata": {"system": SYSTEM, "custom": custom},
        "events": [],
        "via": VIA_API,
    }


def create_events(ids: Ids, record: Record) -> list[Record]:
    """Return the events that say with which values a ticket began."""
    named = [(name, record[name]) for name in CREATED]
    named += [(name, record[name]) for name in CREATED_IF_SET if record[name]]
    named += [
        (str(entry["id"]), entry["value"])
        for entry in record["custom_fields"]
        if entry["value"] is not None
    ]
    return [
        {"id": ids.record(), "type": "Create", "value": audit_value(value), "field_name": name}
        for name, value in named
    ]


def changed_fields(before: Record, after: Record) -> list[tuple[str, Any, Any]]:
    """Return (field, previous value, value) for everything that differs."""
    changes = [(name, before[name], after[name]) for name in CHANGED if before[name] != after[name]]
    old = {entry["id"]: entry["value"] for entry in before["custom_fields"]}
    changes += [
        (str(entry["id"]), old.get(entry["id"]), entry["value"])
        for entry in after["custom_fields"]
        if old.get(entry["id"]) != entry["value"]
    ]
    return changes


def change_events(ids: Ids, changes: list[tuple[str, Any, Any]]) -> list[Record]:
    """Return the events that say what changed."""
    return [
        {
            "id": ids.record(),
            "type": "Change",
            "value": audit_value(value),
            "field_name": name,
            "previous_value": audit_value(previous),
        }
        for name, previous, value in changes
    ]


def macro_event(ids: Ids, macro: Record) -> Record:
    """Return the event that says that an agent used a macro."""
    return {
        "id": ids.record(),
        "type": "AgentMacroReference",
        "via": VIA_API,
        "macro_id": str(macro["id"]),
        "macro_title": macro["title"],
        "macro_deleted": False,
    }


def custom_metadata(asked: Any) -> dict[str, Any]:
    """Return what a request wants kept in the audit.

    Zendesk's guide gives it flat, its OpenAPI file inside `custom`; both end in `metadata.custom`.
    """
    if not isinstance(asked, dict):
        return {}
    flat = {key: value for key, value in asked.items() if key not in ("custom", "system")}
    inner = asked.get("custom")
    return flat | (inner if isinstance(inner, dict) else {})
