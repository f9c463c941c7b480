"""Automations: rules that look at every ticket by the hour."""

from integrations.sandbox.routes.records import Resource, mirror_raw, rule_defaults
from integrations.sandbox.routes.rules import Rules, checks, take_conditions
from integrations.sandbox.rules.fields import AUTOMATION

RESOURCE = Resource(
    plural="automations",
    singular="automation",
    path="automations",
    store=lambda call: call.account.automations,
    order="position,id",
    required=("title",),
    settable=("title", "active", "actions", "conditions", "all", "any", "position"),
    defaults=lambda call: rule_defaults(call, call.account.automations, 0),
    finish=lambda record: mirror_raw("title")(take_conditions(record)),
    check=checks(AUTOMATION),
    hidden=("description",),
)
ROUTES = Rules(resource=RESOURCE).routes()
