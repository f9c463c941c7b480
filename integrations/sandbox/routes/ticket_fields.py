"""Ticket fields: the built-in ones and those that the account added."""

from typing import Any

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Call

TITLES = ("title", "description", "title_in_portal")


def _defaults(call: Call) -> dict[str, Any]:
    asked = call.wrapped("ticket_field")
    title = asked.get("title")
    return {
        "type": "text",
        "title": title,
        "description": title,
        "position": 9999,
        "active": True,
        "required": False,
        "collapsed_for_agents": False,
        "regexp_for_validation": None,
        "title_in_portal": title,
        "visible_in_portal": False,
        "editable_in_portal": False,
        "required_in_portal": False,
        "tag": None,
        "removable": True,
        "key": None,
        "agent_description": None,
        "new_option_id": call.account.ids.record(),
    }


def _finish(record: Record) -> Record:
    for name in TITLES:
        record[f"raw_{name}"] = record[name]
    next_id = record.pop("new_option_id", record["id"])
    for n, option in enumerate(record.get("custom_field_options") or ()):
        option.setdefault("id", next_id + n)
        option.setdefault("raw_name", option.get("name"))
        option.setdefault("default", False)
    return record


RESOURCE = Resource(
    plural="ticket_fields",
    singular="ticket_field",
    path="ticket_fields",
    store=lambda call: call.account.ticket_fields,
    order="position,id",
    required=("title", "type"),
    settable=(
        *("type", "title", "description", "position", "active", "required", "tag"),
        *("collapsed_for_agents", "regexp_for_validation", "title_in_portal"),
        *("visible_in_portal", "editable_in_portal", "required_in_portal"),
        *("agent_description", "custom_field_options", "key"),
    ),
    not_changeable=("type",),
    defaults=_defaults,
    finish=_finish,
)
ROUTES = RESOURCE.routes()
