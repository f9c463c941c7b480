"""Macros: prepared answers, and previews of what they would do."""

from typing import Any

from integrations.sandbox.routes.records import Resource, mirror_raw, rule_defaults
from integrations.sandbox.routes.rules import Rules, checks
from integrations.sandbox.routes.tickets import present_ticket
from integrations.sandbox.rules.actions import MACRO
from integrations.sandbox.rules.definitions import action_definitions, macro_actions
from integrations.sandbox.rules.macros import effect
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route


def _defaults(call: Call) -> dict[str, Any]:
    return rule_defaults(call, call.account.macros, 10_000) | {"restriction": None}


RESOURCE = Resource(
    plural="macros",
    singular="macro",
    path="macros",
    store=lambda call: call.account.macros,
    order="title,id",
    required=("title",),
    settable=("title", "active", "actions", "description", "restriction", "position"),
    defaults=_defaults,
    finish=mirror_raw("title"),
    check=checks(MACRO),
)


def _apply(call: Call) -> Answer:
    return Answer(
        {"result": {"ticket": effect(call.account, call.account.macros.get(call.id), call.actor)}}
    )


def _apply_to_ticket(call: Call) -> Answer:
    """Show the whole ticket as it would be; a drop-down brings its tag along."""
    case = call.account.ticket(call.id)
    macro = call.account.macros.get(call.params[1])
    changes = effect(call.account, macro, call.actor, case)
    after = present_ticket(call, case.record) | changes
    if "custom_fields" in changes:
        kept = _by_id(case.record["custom_fields"]) | _by_id(changes["custom_fields"])
        entries = [{"id": key, "value": value} for key, value in kept.items()]
        after |= {"custom_fields": entries, "fields": entries}
    return Answer({"result": {"ticket": after}})


def _by_id(entries: list[Record]) -> dict[int, Any]:
    return {entry["id"]: entry["value"] for entry in entries}


def _categories(call: Call) -> Answer:
    """List what stands before "::" in the titles of macros."""
    titles = [str(macro["title"]) for macro in call.account.macros.all() if macro["active"]]
    return Answer({"categories": sorted({t.partition("::")[0] for t in titles if "::" in t})})


def _actions(call: Call) -> Answer:
    return Answer({"actions": macro_actions(call.account)})


def _definitions(call: Call) -> Answer:
    return Answer({"definitions": {"actions": action_definitions(call.account, MACRO)}})


NAME = "macros"
ROUTES = (
    *Rules(resource=RESOURCE).routes(),
    Route("GET", "macros/actions", _actions, NAME, "actions"),
    Route("GET", "macros/categories", _categories, NAME, "categories"),
    Route("GET", "macros/definitions", _definitions, NAME, "definitions"),
    Route("GET", "macros/{id}/apply", _apply, NAME, "apply"),
    Route("GET", "tickets/{id}/macros/{id}/apply", _apply_to_ticket, NAME, "apply"),
)
