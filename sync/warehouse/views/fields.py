"""Custom fields by the names people know: all of them, and those that risk work turns on."""

from typing import Any

from sqlalchemy import Alias, ColumnElement, and_, func, select

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


def _named(title: str, shown: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.max(shown).filter(_fields.c.title == title)


def _risk_of_tickets() -> Alias | Any:
    return (
        select(
            _values.c.ticket_id,
            _named(REASON, _values.c.value).label("reason"),
            _named(REASON, _options.c.name).label("reason_name"),
            _named(SEVERITY, _values.c.value).label("severity"),
            _named(SEVERITY, _options.c.name).label("severity_name"),
        )
        .select_from(_named_values)
        .where(_fields.c.title.in_((REASON, SEVERITY)), _fields.c.type == "tagger")
        .group_by(_values.c.ticket_id)
        .subquery("risk")
    )


_risk = _risk_of_tickets()
ticket_risk = View(
    name="ticket_risk",
    comment=(
        f"One row per ticket with its fields `{REASON}` and `{SEVERITY}`; "
        "deleted tickets are left out."
    ),
    query=select(
        tickets.c.id.label("ticket_id"),
        _risk.c.reason,
        _risk.c.reason_name,
        _risk.c.severity,
        _risk.c.severity_name,
        tickets.c.status,
        tickets.c.priority,
        tickets.c.group_id,
        groups.c.name.label("group_name"),
        tickets.c.created_at,
    )
    .select_from(
        tickets.outerjoin(_risk, _risk.c.ticket_id == tickets.c.id).outerjoin(
            groups, groups.c.id == tickets.c.group_id
        )
    )
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
