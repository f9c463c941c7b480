"""Macros: prepared answers, and previews of what they would do."""

from typing import Any

from integrations.sandbox.routes.records import (
    Resource,
    mirror_raw,
    rule_defaults,
    warn_about_body,
)
from integrations.sandbox.routes.tickets import present_ticket
from integrations.sandbox.state.macros import effect
from integrations.sandbox.wire.call import Answer, Call, Route, no_content


def _defaults(call: Call) -> dict[str, Any]:
    return rule_defaults(call, call.account.macros, 10_000) | {"restriction": None}


RESOURCE = Resource(
    plural="macros",
    singular="macro",
    path="macros",
    store=lambda call: call.account.macros,
    order="title,id",
    required=("title", "actions"),
    settable=("title", "active", "actions", "description", "restriction", "position"),
    defaults=_defaults,
    finish=mirror_raw("title"),
)


def _apply(call: Call) -> Answer:
    changes = effect(call.account, call.account.macros.get(call.id), call.actor)
    comment = {"comment": changes.pop("comment")} if "comment" in changes else {}
    return Answer({"result": {"ticket": changes | comment}})


def _apply_to_ticket(call: Call) -> Answer:
    case = call.account.ticket(call.id)
    macro = call.account.macros.get(call.params[1])
    changes = effect(call.account, macro, call.actor, case.record)
    fields = changes.pop("custom_fields", [])
    after = present_ticket(call, case.record) | changes
    if fields:
        kept = {entry["id"]: entry["value"] for entry in after["custom_fields"]}
        kept |= {entry["id"]: entry["value"] for entry in fields}
        entries = [{"id": key, "value": value} for key, value in kept.items()]
        after |= {"custom_fields": entries, "fields": entries}
    return Answer({"result": {"ticket": after}})


def _destroy_many(call: Call) -> Answer:
    warn_about_body(call)
    for macro_id in call.ids():
        call.account.macros.remove(macro_id)
    return no_content()


ROUTES = (
    *RESOURCE.routes(),
    Route("GET", "macros/active", RESOURCE.routes()[0].handler, "macros", "active"),
    Route("DELETE", "macros/destroy_many", _destroy_many, "macros", "destroy_many"),
    Route("GET", "macros/{id}/apply", _apply, "macros", "apply"),
    Route("GET", "tickets/{id}/macros/{id}/apply", _apply_to_ticket, "macros", "apply"),
)
