"""How long things took and what happened when: figures per ticket, stays, reopenings, timeline."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, null, select

from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.views.view import View, seconds_between

# Fields whose values say where a ticket is; none of them holds a person's words.
PLACES = ("status", "custom_status_id", "priority", "type", "group_id", "assignee_id", "brand_id")
FINISHED = ("solved", "closed")

_alive = tickets.c.deleted_at.is_(None)
_history, _metrics = ticket_field_history, ticket_metrics

ticket_times = View(
    name="ticket_times",
    comment="One row per ticket with Zendesk's own figures; deleted tickets are left out.",
    query=select(
        tickets.c.id.label("ticket_id"),
        tickets.c.status,
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
        tickets.c.via_channel,
        tickets.c.created_at,
        _metrics.c.solved_at,
        _metrics.c.reply_time_minutes.label("first_reply_minutes"),
        _metrics.c.reply_time_business_minutes.label("first_reply_business_minutes"),
        _metrics.c.first_resolution_minutes,
        _metrics.c.full_resolution_minutes,
        _metrics.c.requester_wait_minutes,
        _metrics.c.agent_wait_minutes,
        _metrics.c.on_hold_minutes,
        _metrics.c.replies,
        _metrics.c.reopens,
    )
    .select_from(
        tickets.outerjoin(_metrics, _metrics.c.ticket_id == tickets.c.id).outerjoin(
            groups, groups.c.id == tickets.c.group_id
        )
    )
    .where(_alive),
    meanings={
        "group_name": "groups.name",
        "solved_at": "UTC; newest solution; empty: none yet",
        "first_reply_minutes": "calendar minutes to the first public reply; empty: none yet",
        "first_reply_business_minutes": "business minutes to the first public reply",
        "reopens": "how often it was reopened",
    },
)

ticket_stays = View(
    name="ticket_stays",
    comment=(
        "One row per stay of a ticket with a status, priority, type, group, assignee or brand; "
        "deleted tickets are left out."
    ),
    query=select(
        _history.c.ticket_id,
        _history.c.field,
        _history.c.value,
        _history.c.valid_from,
        _history.c.valid_until,
        seconds_between(
            _history.c.valid_from, func.coalesce(_history.c.valid_until, func.now())
        ).label("seconds"),
        _history.c.author_id,
    )
    .select_from(_history.join(tickets, tickets.c.id == _history.c.ticket_id))
    .where(_alive, _history.c.field.in_(PLACES)),
    meanings={
        "field": ", ".join(PLACES),
        "value": "the status, or the id as text; empty: none",
        "seconds": "how long; of a stay that lasts: until the view is read",
        "author_id": "users.id of who began it; -1 is Zendesk itself",
    },
    harmless=frozenset({"value"}),
)

ticket_reopenings = View(
    name="ticket_reopenings",
    comment="One row per time a solved ticket came back to work; deleted tickets are left out.",
    query=select(
        _history.c.ticket_id,
        _history.c.valid_from.label("reopened_at"),
        _history.c.value.label("status"),
        _history.c.author_id,
        _history.c.via_channel,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.assignee_id,
    )
    .select_from(
        _history.join(tickets, tickets.c.id == _history.c.ticket_id).outerjoin(
            groups, groups.c.id == tickets.c.group_id
        )
    )
    .where(
        _alive,
        _history.c.field == "status",
        _history.c.previous_value.in_(FINISHED),
        _history.c.value.not_in((*FINISHED, "deleted")),
    ),
    meanings={
        "reopened_at": "UTC",
        "status": "the status it came back with",
        "author_id": "users.id of who reopened it; -1 is Zendesk itself",
        "via_channel": "web, email, api, rule ... of the reopening",
        "group_id": "groups.id; its group now",
        "group_name": "groups.name; its group now",
        "assignee_id": "users.id; who has it now",
    },
    harmless=frozenset({"status"}),
)


def _entries(
    source: Any, *, kind: ColumnElement[str], event_id: ColumnElement[Any], happened_at: Any
) -> Any:
    """Begin one part of the timeline with the columns that all parts share."""
    audit_id = source.c.id if source is ticket_audits else source.c.audit_id
    return (
        source.c.ticket_id,
        happened_at.label("happened_at"),
        audit_id.label("audit_id"),
        event_id.label("event_id"),
        kind.label("kind"),
        source.c.author_id,
        source.c.via_channel,
    )


def _nothing(name: str) -> ColumnElement[Any]:
    return cast(null(), Text).label(name)


def _updates() -> Select[Any]:
    audits = ticket_audits
    shared = _entries(
        audits, kind=literal("update"), event_id=audits.c.id, happened_at=audits.c.created_at
    )
    texts = (_nothing(name) for name in ("field", "field_title", "previous_value", "value"))
    joined = audits.join(tickets, tickets.c.id == audits.c.ticket_id)
    return select(*shared, *texts).select_from(joined).where(_alive, audits.c.deleted_at.is_(None))


def _comments() -> Select[Any]:
    comments = ticket_comments
    kind = case((comments.c.public, literal("public comment")), else_=literal("internal note"))
    shared = _entries(
        comments, kind=kind, event_id=comments.c.id, happened_at=comments.c.created_at
    )
    texts = (_nothing(name) for name in ("field", "field_title", "previous_value"))
    joined = comments.join(tickets, tickets.c.id == comments.c.ticket_id)
    return (
        select(*shared, *texts, comments.c.body.label("value"))
        .select_from(joined)
        .where(_alive, comments.c.deleted_at.is_(None))
    )


def _changes() -> Select[Any]:
    shared = _entries(
        _history,
        kind=literal("change"),
        event_id=_history.c.event_id,
        happened_at=_history.c.valid_from,
    )
    joined = _history.join(tickets, tickets.c.id == _history.c.ticket_id).outerjoin(
        ticket_fields, cast(ticket_fields.c.id, Text) == _history.c.field
    )
    return (
        select(
            *shared,
            _history.c.field,
            ticket_fields.c.title.label("field_title"),
            _history.c.previous_value,
            _history.c.value,
        )
        .select_from(joined)
        .where(_alive)
    )


ticket_timeline = View(
    name="ticket_timeline",
    comment=(
        "One row per update, comment and changed field; "
        "order by happened_at, audit_id, event_id. Deleted tickets are left out."
    ),
    query=_updates().union_all(_comments(), _changes()),
    meanings={
        "happened_at": "UTC",
        "audit_id": "ticket_audits.id: what was saved at once has one",
        "event_id": "id of the comment or change; of an update: audit_id",
        "kind": "update, public comment, internal note or change",
        "field": "the changed field, custom fields by their id",
        "field_title": "title of a custom field",
        "previous_value": "before the change",
        "value": "after the change; of comments: the text, untrusted",
    },
)

TIME_VIEWS = (ticket_times, ticket_stays, ticket_reopenings, ticket_timeline)
