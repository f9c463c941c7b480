"""Ticket fields: the built-in ones and those that the account added."""

from typing import Any

from integrations.sandbox.routes.field_options import FieldOptions, prepare_options
from integrations.sandbox.routes.records import Resource, reordered
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.field_kinds import A_DAY
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import is_by_cursor, page_of

NAME = "ticket_fields"
SYSTEM_OPTIONS = {
    "status": ("open", "pending", "solved"),
    "tickettype": ("question", "incident", "problem", "task"),
    "priority": ("low", "normal", "high", "urgent"),
}
WITH_SUB_TYPES = ("status", "priority")
BUILT_IN_REMOVABLE = ("tickettype", "priority")  # a desk may do without them
TYPES = (
    "text textarea checkbox date integer decimal regexp partialcreditcard multiselect tagger lookup"
).split()
WITH_OPTIONS = ("tagger", "multiselect")
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
    }


def _prepare(call: Call, asked: Record, field: Record | None) -> None:
    if field is None and asked["type"] not in TYPES:
        raise invalid("type", f"Type: {asked['type']} is not valid", code="InvalidValue")
    prepare_options(call, asked, field)
    if field is not None and not field["removable"]:
        fixed = asked.keys() & {"type", "key", "custom_field_options"}
        for name in fixed:
            del asked[name]


def _finish(record: Record) -> Record:
    if record["type"] in WITH_OPTIONS:
        record.setdefault("custom_field_options", [])
    if record["type"] == "date":
        record["regexp_for_validation"] = A_DAY
    for name in TITLES:
        record[f"raw_{name}"] = record[name]
    return record


def _complete(call: Call, field: Record) -> Record:
    """Return a field with what Zendesk adds to the built-in ones."""
    kind, more = field["type"], dict[str, Any]()
    if kind in BUILT_IN_REMOVABLE:
        more["removable"] = True
    if kind in SYSTEM_OPTIONS:
        options = SYSTEM_OPTIONS[kind]
        more["system_field_options"] = [{"name": one.capitalize(), "value": one} for one in options]
    if kind in WITH_SUB_TYPES:
        more["sub_type_id"] = 0
    if kind == "custom_status":
        statuses = call.account.custom_statuses.all()
        more["custom_statuses"] = [_status(call, one) for one in statuses]
    return field | more


def _status(call: Call, status: Record) -> Record:
    shown = {name: value for name, value in status.items() if not name.startswith("raw_")}
    return {"url": call.url("custom_statuses", status["id"])} | shown


def _read(call: Call, record: Record) -> Record:
    """Return a field as it is read, with what Zendesk leaves out when it is written."""
    more = {"agent_can_edit": True, "raw_agent_description": record["agent_description"]}
    return RESOURCE.present(call, record) | more


def _index(call: Call) -> Answer:
    """Answer a page by cursor in the order of ids, else every field in the order of the desk."""
    fields = RESOURCE.listed(call)
    if is_by_cursor(call):
        page = page_of(call, NAME, fields, present=lambda field: _read(call, field))
        return Answer(page)
    fields.sort(key=lambda field: (field["position"] or 0, field["id"]))
    shown = [_read(call, field) for field in fields]
    whole = {"next_page": None, "previous_page": None, "count": len(shown)}
    return Answer({NAME: shown} | whole)


def _drop(call: Call, record: Record) -> None:
    if not record["removable"]:
        raise invalid("base", "System fields cannot be deleted")
    call.account.ticket_fields.remove(record["id"])


def _reorder(call: Call) -> Answer:
    reordered(call, call.account.ticket_fields, "ticket_field_ids")
    return Answer("")


RESOURCE = Resource(
    plural=NAME,
    singular="ticket_field",
    path=NAME,
    store=lambda call: call.account.ticket_fields,
    required=("title", "type"),
    settable=(
        *("type", "title", "description", "position", "active", "required", "tag"),
        *("collapsed_for_agents", "regexp_for_validation", "title_in_portal"),
        *("visible_in_portal", "editable_in_portal", "required_in_portal"),
        *("agent_description", "custom_field_options", "key"),
    ),
    not_changeable=("type",),
    defaults=_defaults,
    prepare=_prepare,
    finish=_finish,
    read=_read,
    complete=_complete,
    drop=_drop,
    verbs=("count", "show", "create", "update", "destroy"),
)
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    *RESOURCE.routes(),
    *FieldOptions(RESOURCE).routes(),
    Route("PUT", f"{NAME}/reorder", _reorder, NAME, "reorder"),
)
