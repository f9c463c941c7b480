"""Custom roles: what kinds of agents may do."""

from integrations.sandbox.routes.records import Resource

RESOURCE = Resource(
    plural="custom_roles",
    singular="custom_role",
    path="custom_roles",
    store=lambda call: call.account.custom_roles,
    has_url=False,
    verbs=("index", "show"),
)
ROUTES = RESOURCE.routes()
