"""Views: saved ticket lists (kept as records; the sandbox does not execute them)."""

from typing import Any

from integrations.sandbox.routes.records import Resource, mirror_raw, rule_defaults
from integrations.sandbox.routes.triggers import take_conditions
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Call

COLUMNS = ("status", "subject", "requester", "created", "priority")


def _defaults(call: Call) -> dict[str, Any]:
    more = {"restriction": None, "output": {"columns": list(COLUMNS)}}
    return rule_defaults(call, call.account.views, 1) | more


def _finish(record: Record) -> Record:
    output = record.pop("output", None) or {}
    record["execution"] = (record.get("execution") or {}) | {
        "group_by": output.get("group_by"),
        "group_order": output.get("group_order", "desc"),
        "sort_by": output.get("sort_by"),
        "sort_order": output.get("sort_order", "desc"),
        "columns": [{"id": name, "title": name} for name in output.get("columns", COLUMNS)],
    }
    return mirror_raw("title")(take_conditions(record))


RESOURCE = Resource(
    plural="views",
    singular="view",
    path="views",
    store=lambda call: call.account.views,
    order="position,id",
    required=("title",),
    settable=(
        *("title", "active", "conditions", "all", "any", "description", "position"),
        *("restriction", "output"),
    ),
    defaults=_defaults,
    finish=_finish,
    hidden=("actions",),
)
ROUTES = RESOURCE.routes()
