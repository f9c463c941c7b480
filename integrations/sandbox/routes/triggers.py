"""Triggers: rules that run on ticket updates (kept as records; the sandbox does not run them)."""

from typing import Any

from integrations.sandbox.routes.records import Resource, mirror_raw, rule_defaults
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Call


def take_conditions(record: Record) -> Record:
    """Move conditions given at the top level to where Zendesk shows them."""
    given = {name: record.pop(name) for name in ("all", "any") if name in record}
    record["conditions"] = {"all": [], "any": []} | (record.get("conditions") or {}) | given
    return record


def _finish(record: Record) -> Record:
    return mirror_raw("title")(take_conditions(record))


def _defaults(call: Call) -> dict[str, Any]:
    category = str(call.account.ids.account_id)
    return rule_defaults(call, call.account.triggers, 1) | {"category_id": category}


RESOURCE = Resource(
    plural="triggers",
    singular="trigger",
    path="triggers",
    store=lambda call: call.account.triggers,
    order="position,position,title,id",
    required=("title", "actions"),
    settable=(
        *("title", "active", "actions", "conditions", "all", "any", "description", "position"),
        "category_id",
    ),
    defaults=_defaults,
    finish=_finish,
    locates_updates=True,
)
ROUTES = RESOURCE.routes()
