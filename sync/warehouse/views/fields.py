"""Custom fields by the names people know: all of them, and those that risk work turns on."""

from typing import Any

from sqlalchemy import FromClause, Join, ScalarSelect, and_, func, select

from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.tickets import ticket_field_values, tickets
from sync.warehouse.views.view import View

REASON, SEVERITY = "Risk reason", "Risk severity"  # titles of the desk's fields in Zendesk

_values, _fields, _options = ticket_field_values, ticket_fields, ticket_field_options
_named_values = _values.outerjoin(_fields, _fields.c.id == _values.c.field_id).outerjoin(
    _options,
    and_(_options.c.field_id == _values.c.field_id, _options.c.value == _values.c.value),
)

ticket_custom_fields = View(
    name="ticket_custom_fields",
    comment="One row per value of a ticket's custom field, with the field's title and the option.",
    query=select(
        _values.c.ticket_id,
        _values.c.field_id,
        _fields.c.title,
        _fields.c.type,
        _values.c.position,
        _values.c.value,
        _options.c.name.label("option"),
    ).select_from(_named_values),
    meanings={
        "title": "the field's newest title; empty: Zendesk does not list the field",
        "option": "what people see for the value in a drop-down; empty: the value is free text",
    },
)


def _field_titled(title: str) -> ScalarSelect[Any]:
    """Return the id of the drop-down of that title; of several, the newest one is meant."""
    fields = ticket_fields.alias()
    return (
        select(func.max(fields.c.id))
        .where(fields.c.title == title, fields.c.type == "tagger", fields.c.deleted_at.is_(None))
        .scalar_subquery()
    )


def _with_field(joined: FromClause, title: str, value: FromClause, option: FromClause) -> Join:
    """Join the value that a ticket has in one drop-down, at most one, and its option."""
    return joined.outerjoin(
        value,
        and_(
            value.c.ticket_id == tickets.c.id,
            value.c.field_id == _field_titled(title),
            value.c.position == 0,
        ),
    ).outerjoin(
        option, and_(option.c.field_id == value.c.field_id, option.c.value == value.c.value)
    )


_reason, _reason_option = _values.alias("reason"), _options.alias("reason_option")
_severity, _severity_option = _values.alias("severity"), _options.alias("severity_option")
_with_reason = _with_field(tickets, REASON, _reason, _reason_option)
_with_both = _with_field(_with_reason, SEVERITY, _severity, _severity_option)

ticket_risk = View(
    name="ticket_risk",
    comment=(
        f"One row per ticket with its fields `{REASON}` and `{SEVERITY}`; "
        "deleted tickets are left out."
    ),
    query=select(
        tickets.c.id.label("ticket_id"),
        _reason.c.value.label("reason"),
        _reason_option.c.name.label("reason_name"),
        _severity.c.value.label("severity"),
        _severity_option.c.name.label("severity_name"),
        tickets.c.status,
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.created_at,
    )
    .select_from(_with_both.outerjoin(groups, groups.c.id == tickets.c.group_id))
    .where(tickets.c.deleted_at.is_(None)),
    meanings={
        "reason": f"value of the drop-down `{REASON}`; empty: not set",
        "reason_name": "what people see for it",
        "severity": f"value of the drop-down `{SEVERITY}`; empty: not set",
        "severity_name": "what people see for it",
        "group_name": "groups.name",
    },
    harmless=frozenset({"reason", "severity"}),  # drop-downs: nobody can type into them
)

FIELD_VIEWS = (ticket_custom_fields, ticket_risk)
