"""Which row each kind of record becomes; values that are nested or implied are taken out."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Table

from sync.warehouse.records import Row, bad_record, row_of, whole
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.configuration import brands, custom_statuses, ticket_forms
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import group_memberships, groups, users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.withheld import without_secrets

Derive = Callable[[dict[str, Any]], dict[str, Any]]
MINUTE_S = 60
MINUTES = (
    ("reply_time_minutes", "reply_time_in_minutes", "calendar"),
    ("reply_time_business_minutes", "reply_time_in_minutes", "business"),
    ("first_resolution_minutes", "first_resolution_time_in_minutes", "calendar"),
    ("full_resolution_minutes", "full_resolution_time_in_minutes", "calendar"),
    ("requester_wait_minutes", "requester_wait_time_in_minutes", "calendar"),
    ("agent_wait_minutes", "agent_wait_time_in_minutes", "calendar"),
    ("on_hold_minutes", "on_hold_time_in_minutes", "calendar"),
)


def shape(table: Table, record: Any) -> Row:
    """Return the row of a mirrored table for one record; raises BadRecord."""
    record = without_secrets(table.name, record)
    derive = DERIVED.get(table.name)
    if derive is None or not isinstance(record, dict):
        return row_of(table, record)
    return row_of(table, record, derive(record))


def channel_of(record: Mapping[str, Any]) -> str | None:
    """Return the channel a ticket, audit or comment came through."""
    via = record.get("via")
    channel = via.get("channel") if isinstance(via, dict) else via
    return CHANNELS.get(channel, channel) if isinstance(channel, str) else None


def as_text(value: Any) -> str | None:
    """Return a field's value as text: text as it is, everything else as compact JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def tag_rows(ticket_id: int, tags: list[Any]) -> list[Row]:
    """Return one row for each different tag of a ticket."""
    return [{"ticket_id": ticket_id, "tag": tag} for tag in dict.fromkeys(tags)]


def field_value_rows(ticket_id: int, fields: list[dict[str, Any]]) -> list[Row]:
    """Return one row for each value of a ticket's custom fields; some have several."""
    values = {whole(field["id"]): field.get("value") for field in fields}
    return [
        {"ticket_id": ticket_id, "field_id": field_id, "position": position, "value": text}
        for field_id, value in values.items()
        for position, each in enumerate(value if isinstance(value, list) else [value])
        if (text := as_text(each)) is not None
    ]


def option_rows(field_id: int, options: Any) -> list[Row]:
    """Return one row for each option of a field; what has no value or name is left in raw."""
    named = {
        option["value"]: option["name"]
        for option in (options if isinstance(options, list) else ())
        if isinstance(option, dict)
        and isinstance(option.get("value"), str)
        and isinstance(option.get("name"), str)
    }
    return [
        {"field_id": field_id, "value": value, "name": name, "position": position}
        for position, (value, name) in enumerate(named.items())
    ]


def nested_metrics(ticket: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the metric set that exports put inside the ticket."""
    found = ticket.get("metric_set")
    if isinstance(found, dict):
        yield {"ticket_id": ticket.get("id"), **found}


def _ticket(record: dict[str, Any]) -> dict[str, Any]:
    _check_ticket_lists(record)
    deleted = record.get("status") == "deleted"
    return {
        "via_channel": channel_of(record),
        "deleted_at": record.get("updated_at") if deleted else None,
        # A ticket just created says 0: its change clock has not run yet.
        "generated_timestamp": record.get("generated_timestamp") or None,
    }


def _check_ticket_lists(record: dict[str, Any]) -> None:
    """Refuse tags and custom fields that could not become rows of their own."""
    tags, fields = record.get("tags"), record.get("custom_fields")
    if isinstance(tags, list) and not all(isinstance(tag, str) for tag in tags):
        raise bad_record(tickets.name, "tags holds something other than text")
    try:
        for field in fields if isinstance(fields, list) else ():
            whole(field["id"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise bad_record(tickets.name, "custom_fields holds an entry without an id") from None


def _metrics(record: dict[str, Any]) -> dict[str, Any]:
    derived = {}
    for column, key, clock in MINUTES:
        both = record.get(key)
        derived[column] = both.get(clock) if isinstance(both, dict) else None
    return derived


def _user(record: dict[str, Any]) -> dict[str, Any]:
    gone = record.get("active") is False
    return {"deleted_at": record.get("updated_at") if gone else None}


def _group(record: dict[str, Any]) -> dict[str, Any]:
    gone = record.get("deleted") or record.get("is_deleted")
    return {
        "deleted_at": record.get("updated_at") if gone else None,
        "is_default": record.get("default"),  # DEFAULT is a word of SQL's own
    }


def _default(record: dict[str, Any]) -> dict[str, Any]:
    return {"is_default": record.get("default")}


def _metric_event(record: dict[str, Any]) -> dict[str, Any]:
    promise = _part(record, "sla") or _part(record, "group_sla")
    policy, status = _part(promise, "policy"), _part(record, "status")
    target, policy_id = promise.get("target_in_seconds"), policy.get("id")
    if target is None and isinstance(promise.get("target"), int):
        target = promise["target"] * MINUTE_S
    return {
        "target_seconds": target,
        "business_hours": promise.get("business_hours"),
        "policy_id": str(policy_id) if isinstance(policy_id, int) else policy_id,
        "policy_title": policy.get("title"),
        "status_calendar_minutes": status.get("calendar"),
        "status_business_minutes": status.get("business"),
        "deleted_at": record.get("time") if record.get("deleted") else None,
    }


def _side_conversation_event(record: dict[str, Any]) -> dict[str, Any]:
    message = _part(record, "message")
    return {
        "actor_id": _part(record, "actor").get("user_id"),
        "via_channel": channel_of(record),
        "subject": message.get("subject"),
        "preview_text": message.get("preview_text"),
        "body": message.get("body"),
        "html_body": message.get("html_body"),
        "sender": message.get("from"),
        "recipients": message.get("to"),
    }


def _deleted_ticket(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "actor_id": _part(record, "actor").get("id"),
        "ticket_deleted_at": record.get("deleted_at"),
        "deleted_at": None,  # it is in the bin; leaving the bin is what its row calls deleted
    }


def _part(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object inside a record, an empty one if there is none."""
    found = record.get(key)
    return found if isinstance(found, dict) else {}


DERIVED: Mapping[str, Derive] = {
    tickets.name: _ticket,
    ticket_metrics.name: _metrics,
    users.name: _user,
    groups.name: _group,
    group_memberships.name: _group,
    brands.name: _group,
    ticket_forms.name: _default,
    custom_statuses.name: _default,
    ticket_metric_events.name: _metric_event,
    side_conversation_events.name: _side_conversation_event,
    ticket_deletions.name: _deleted_ticket,
}

# The event export writes channels in words where audits write their code.
CHANNELS: Mapping[str, str] = {
    "Web form": "web",
    "Web Form": "web",
    "Web service": "api",
    "Web Service": "api",
    "Mail": "email",
    "Rule": "rule",
    "System": "system",
    "Chat": "chat",
}
