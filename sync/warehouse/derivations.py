"""How columns come from values that are nested, implied, or named otherwise in records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from sync.warehouse.fields import JSON_NULL, FieldValue, Instant, Key, Minutes, Text, Via, Whole
from sync.warehouse.records import MAX_ID, as_raw, instant, whole
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.configuration import brands, custom_statuses, ticket_forms
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import group_memberships, groups, users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.wording import CHANNELS, as_text, channel_of

MINUTE_S = 60
MOST_MINUTES = MAX_ID // MINUTE_S  # more would be no BIGINT in seconds
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

    A record without a `required` value does not fit. `read` reads what does not have the type but
    can be understood; it raises what `row_of` catches.
    """

    type: Any
    empty: Any = None
    required: bool = False
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


class Policy(Struct, gc=False):
    """The policy that a metric event names; group policies have ids that are text."""

    id: Whole | Text | None = None
    title: Text | None = None


class Promise(Struct, gc=False):
    """What a metric event promises: `target` in minutes, and more exactly in seconds."""

    target: Annotated[int, Meta(ge=-MOST_MINUTES, le=MOST_MINUTES)] | None = None
    target_in_seconds: Whole | None = None
    business_hours: bool | None = None
    policy: Policy | None = None


class Deleter(Struct, gc=False):
    """Who put a ticket into the bin."""

    id: Whole | None = None


class Speaker(Struct, gc=False):
    """Who did something in a side conversation."""

    user_id: Whole | None = None


class Message(Struct, rename={"sender": "from", "recipients": "to"}):
    """What was said in a side conversation."""

    subject: Text | None = None
    preview_text: Text | None = None
    body: Text | None = None
    html_body: Text | None = None
    sender: Any = None
    recipients: list[Any] | None = None


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


def _group(record: Any) -> tuple[Any, ...]:
    gone = record.deleted or record.is_deleted
    return record.default, record.updated_at if gone else None


def _metric_event(record: Any) -> tuple[Any, ...]:
    promise = _inside(PROMISES, record.sla) or _inside(PROMISES, record.group_sla) or NO_PROMISE
    status = _inside(STATUSES, record.status) or NO_STATUS
    policy, target = promise.policy or NO_POLICY, promise.target_in_seconds
    if target is None and promise.target is not None:
        target = promise.target * MINUTE_S
    return (
        target,
        promise.business_hours,
        None if policy.id is None else str(policy.id),
        policy.title,
        status.calendar,
        status.business,
        record.time if record.deleted else None,
    )


def _inside(decoder: msgspec.json.Decoder[Any], value: Any) -> Any:
    """Return a JSON column's value as what it means; it is raw, or decoded already."""
    if value is None or value == JSON_NULL:
        return None
    return decoder.decode(value if isinstance(value, Raw) else as_raw(value))


PROMISES, STATUSES = msgspec.json.Decoder(Promise), msgspec.json.Decoder(Minutes)
NO_PROMISE, NO_POLICY, NO_STATUS = Promise(), Policy(), Minutes()


def _side_conversation_event(record: Any) -> tuple[Any, ...]:
    message = record.message or NO_MESSAGE
    return (
        record.actor and record.actor.user_id,
        _channel(record.via),
        message.subject,
        message.preview_text,
        message.body,
        message.html_body,
        message.sender,
        message.recipients or [],
    )


NO_MESSAGE = Message()


def _deleted_ticket(record: Any) -> tuple[Any, ...]:
    # It is in the bin; leaving the bin is what its row calls deleted.
    return record.actor and record.actor.id, record.deleted_at, None


def _reading(kind: type[Struct]) -> Callable[[Any], Any]:
    decoder = msgspec.json.Decoder(kind, strict=False)
    return lambda value: decoder.decode(as_raw(value))


VIA = Input(type=Via | Key | None, read=lambda via: channel_of({"via": via}))
IS_DEFAULT = Input(type=bool | None)  # DEFAULT is a word of SQL's own
DERIVATIONS: Mapping[str, Derivation] = {
    tickets.name: Derivation(
        columns=("via_channel", "deleted_at", "generated_timestamp", "tags", "custom_fields"),
        inputs={
            "via": VIA,
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
    ticket_metric_events.name: Derivation(
        columns=(
            *("target_seconds", "business_hours", "policy_id", "policy_title"),
            *("status_calendar_minutes", "status_business_minutes", "deleted_at"),
        ),
        inputs={},
        of=_metric_event,
    ),
    side_conversation_events.name: Derivation(
        columns=(
            *("actor_id", "via_channel", "subject", "preview_text", "body", "html_body"),
            *("sender", "recipients"),
        ),
        inputs={
            "actor": Input(type=Speaker | None, read=_reading(Speaker)),
            "via": VIA,
            "message": Input(type=Message | None, read=_reading(Message)),
        },
        of=_side_conversation_event,
    ),
    ticket_deletions.name: Derivation(
        columns=("actor_id", "ticket_deleted_at", "deleted_at"),
        inputs={
            "actor": Input(type=Deleter | None, read=_reading(Deleter)),
            "deleted_at": Input(type=Instant, required=True, read=instant),
        },
        of=_deleted_ticket,
    ),
    **dict.fromkeys(
        (groups.name, group_memberships.name, brands.name),
        Derivation(
            columns=("is_default", "deleted_at"),
            inputs={
                "default": IS_DEFAULT,
                "deleted": Input(type=bool | None, read=bool),
                "is_deleted": Input(type=bool | None, read=bool),
            },
            of=_group,
        ),
    ),
    **dict.fromkeys(
        (ticket_forms.name, custom_statuses.name),
        Derivation(
            columns=("is_default",),
            inputs={"default": IS_DEFAULT},
            of=lambda record: (record.default,),
        ),
    ),
}
