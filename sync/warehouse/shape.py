"""Which row each kind of record becomes; values that are nested or implied are taken out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import msgspec
from msgspec import Raw
from sqlalchemy import Table

from sync.warehouse.fields import JSON_NULL, FieldValue, Key, Minutes, Via, Whole
from sync.warehouse.records import ENCODER, Row, as_raw, bad_record, row_of, whole
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A value that columns are derived from: its type, what it is when it is missing.

    `read` reads what does not have the type but can be understood; it raises what `row_of` catches.
    """

    type: Any
    empty: Any = None
    read: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How columns come from other values of a record, in the order of `columns`.

    `of` gets an object with the record's columns and inputs as attributes. `carried` inputs stay
    with the row although they are no columns of it.
    """

    columns: tuple[str, ...]
    inputs: Mapping[str, Input]
    of: Callable[[Any], tuple[Any, ...]]
    carried: tuple[str, ...] = ()


def shape(table: Table, record: Any) -> Row:
    """Return the row of a mirrored table for one record; raises BadRecord."""
    record = without_secrets(table.name, record)
    derivation = DERIVATIONS.get(table.name)
    if derivation is not None and isinstance(record, dict):
        return _derived(table, record, derivation)
    derive = DERIVED.get(table.name)
    if derive is None or not isinstance(record, dict):
        return row_of(table, record)
    return row_of(table, record, derive(record))


def _derived(table: Table, record: dict[str, Any], derivation: Derivation) -> Row:
    row = row_of(table, record, without=frozenset(derivation.columns))
    inputs = {
        name: _input(table, name, record.get(name), each)
        for name, each in derivation.inputs.items()
    }
    values = derivation.of(SimpleNamespace(**row, **inputs))
    carried = {name: inputs[name] for name in derivation.carried}
    return row | dict(zip(derivation.columns, values, strict=True)) | carried


def _input(table: Table, name: str, value: Any, each: Input) -> Any:
    if value is None:
        return each.empty
    try:
        return each.read(value) if each.read else msgspec.convert(value, each.type)
    except (TypeError, ValueError, KeyError, OverflowError):
        raise bad_record(table.name, f"{name} has a value of the wrong kind") from None


def channel_of(record: Mapping[str, Any]) -> str | None:
    """Return the channel a ticket, audit or comment came through."""
    via = record.get("via")
    name = via.get("channel") if isinstance(via, dict) else via
    return CHANNELS.get(name, name) if isinstance(name, str) else None


def as_text(value: Any) -> str | None:
    """Return a field's value as text: text as it is, everything else as compact JSON."""
    if value is None or isinstance(value, str):
        return value
    try:
        return ENCODER.encode(value).decode()
    except OverflowError:  # a number beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def tag_rows(ticket_id: int, tags: list[Any]) -> list[Row]:
    """Return one row for each different tag of a ticket."""
    return [{"ticket_id": ticket_id, "tag": tag} for tag in dict.fromkeys(tags)]


def field_value_rows(ticket_id: int, fields: list[dict[str, Any]]) -> list[Row]:
    """Return one row for each value of a ticket's custom fields; some have several."""
    values = {
        (field["id"], position): text
        for field in reversed(fields)
        for position, each in enumerate(_listed(field["value"]))
        if (text := as_text(each)) is not None
    }
    return [
        {"ticket_id": ticket_id, "field_id": field_id, "position": position, "value": text}
        for (field_id, position), text in values.items()
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


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


def _ticket(record: Any) -> tuple[Any, ...]:
    return (
        _channel(record.via),
        record.updated_at if record.status == "deleted" else None,
        # A ticket just created says 0: its change clock has not run yet.
        record.generated_timestamp or None,
        record.tags,
        record.custom_fields,
    )


def _channel(via: Via | str | None) -> str | None:
    name = via.channel if isinstance(via, Via) else via
    return None if name is None else CHANNELS.get(name, name)


def _tags(value: Any) -> list[str]:
    return msgspec.convert(value, list[Key])


def _field_values(value: Any) -> list[Any]:
    return [
        {"id": whole(entry["id"]), "value": _storable(entry.get("value"))}
        for entry in msgspec.convert(value, list[dict[str, Any]])
    ]


def _storable(value: Any) -> Any:
    """Return the value of a custom field; fractions and objects become text, which stays exact."""
    try:
        return msgspec.convert({"id": 1, "value": value}, FieldValue).value
    except msgspec.ValidationError:
        return [as_text(each) for each in value] if isinstance(value, list) else as_text(value)


def _metrics(record: Any) -> tuple[Any, ...]:
    found = _durations(record)
    return tuple(
        [None if each is None else take(each) for each, take in zip(found, CLOCKS, strict=True)]
    )


_durations = attrgetter(*(key for _, key, _ in MINUTES))
CLOCKS = [attrgetter(clock) for _, _, clock in MINUTES]


def _user(record: Any) -> tuple[Any, ...]:
    return (record.updated_at if record.active is False else None,)


DERIVATIONS: Mapping[str, Derivation] = {
    tickets.name: Derivation(
        columns=("via_channel", "deleted_at", "generated_timestamp", "tags", "custom_fields"),
        inputs={
            "via": Input(type=Via | Key | None, read=lambda via: channel_of({"via": via})),
            "generated_timestamp": Input(type=Whole | None, read=whole),
            "tags": Input(type=list[Key], empty=[], read=_tags),
            "custom_fields": Input(type=list[FieldValue], empty=[], read=_field_values),
            "metric_set": Input(type=Raw, empty=JSON_NULL, read=as_raw),
        },
        of=_ticket,
        carried=("metric_set",),
    ),
    ticket_metrics.name: Derivation(
        columns=tuple(column for column, _, _ in MINUTES),
        inputs={key: Input(type=Minutes | None) for key in dict.fromkeys(k for _, k, _ in MINUTES)},
        of=_metrics,
    ),
    users.name: Derivation(columns=("deleted_at",), inputs={}, of=_user),
}


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
