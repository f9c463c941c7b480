"""Automations: rules that run by the hour (kept as records; the sandbox does not run them)."""

from integrations.sandbox.routes.records import Resource, mirror_raw, rule_defaults
from integrations.sandbox.routes.triggers import take_conditions

RESOURCE = Resource(
    plural="automations",
    singular="automation",
    path="automations",
    store=lambda call: call.account.automations,
    order="position,id",
    required=("title", "actions"),
    settable=("title", "active", "actions", "conditions", "all", "any", "position"),
    defaults=lambda call: rule_defaults(call, call.account.automations, 0),
    finish=lambda record: mirror_raw("title")(take_conditions(record)),
    hidden=("description",),
)
ROUTES = RESOURCE.routes()
