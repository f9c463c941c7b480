"""Ticket forms: which fields a complaint has."""

from integrations.sandbox.routes.records import Resource, mirror_raw, reordered
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route

NAME = "ticket_forms"
mirrored = mirror_raw("name", "display_name")


def _prepare(call: Call, asked: Record, form: Record | None) -> None:
    if form is None:
        asked.setdefault("display_name", asked["name"])
    if form is not None and form["default"] and asked.get("active") is False:
        raise invalid("base", "The default ticket form cannot be deactivated")
    if asked.get("default"):
        for other in call.account.ticket_forms.all():
            other["default"] = other is form
    unknown = [
        one
        for one in asked.get("ticket_field_ids") or ()
        if not isinstance(one, int) or call.account.ticket_fields.find(one) is None
    ]
    if unknown:
        message = f"Ticket field ids: {unknown[0]} does not exist"
        raise invalid("ticket_field_ids", message, code="InvalidValue")


def _drop(call: Call, form: Record) -> None:
    if form["default"]:
        raise invalid("base", "The default ticket form cannot be deleted")
    call.account.ticket_forms.remove(form["id"])


RESOURCE = Resource(
    plural=NAME,
    singular="ticket_form",
    path=NAME,
    store=lambda call: call.account.ticket_forms,
    order="position,id",
    required=("name",),
    settable=(
        *("name", "display_name", "end_user_visible", "position", "ticket_field_ids", "active"),
        *("in_all_brands", "restricted_brand_ids", "end_user_conditions", "agent_conditions"),
        "default",
    ),
    defaults=lambda call: {
        "display_name": None,
        "end_user_visible": False,
        "position": len(call.account.ticket_forms),
        "ticket_field_ids": [],
        "active": True,
        "default": False,
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "end_user_conditions": [],
        "agent_conditions": [],
        "deleted_at": None,
        "form_type": "standard",
    },
    prepare=_prepare,
    finish=mirrored,
    drop=_drop,
)


def _show_many(call: Call) -> Answer:
    found = (call.account.ticket_forms.find(one) for one in call.ids())
    return RESOURCE.page(call, [form for form in found if form])


def _clone(call: Call) -> Answer:
    form = call.account.ticket_forms.get(call.id)
    stamp = call.account.clock.stamp()
    copy = form | {
        "id": call.account.ids.record(),
        "default": False,
        "position": len(call.account.ticket_forms),
        "ticket_field_ids": list(form["ticket_field_ids"]),
        "created_at": stamp,
        "updated_at": stamp,
    }
    if call.body.get("prepend_clone_title"):
        copy["name"] = f"Clone of {form['name']}"
    kept = call.account.ticket_forms.add(mirrored(copy))
    return Answer({RESOURCE.singular: RESOURCE.present(call, kept)})


def _reorder(call: Call) -> Answer:
    forms = reordered(call, call.account.ticket_forms, "ticket_form_ids")
    return Answer({NAME: [RESOURCE.present(call, form) for form in forms]})


ROUTES = (
    *RESOURCE.routes(),
    Route("GET", f"{NAME}/show_many", _show_many, NAME, "show_many"),
    Route("POST", f"{NAME}/{{id}}/clone", _clone, NAME, "clone"),
    Route("PUT", f"{NAME}/reorder", _reorder, NAME, "reorder"),
)
