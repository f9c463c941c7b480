"""Custom fields of organizations."""

from integrations.sandbox.routes.records import Resource, mirror_raw

RESOURCE = Resource(
    plural="organization_fields",
    singular="organization_field",
    path="organization_fields",
    store=lambda call: call.account.organization_fields,
    required=("title", "key"),
    settable=("title", "key", "description", "type", "position", "active", "regexp_for_validation"),
    not_changeable=("type",),
    defaults=lambda _: {
        "type": "text",
        "description": None,
        "position": 9999,
        "active": True,
        "system": False,
        "regexp_for_validation": None,
    },
    finish=mirror_raw("title", "description"),
)
ROUTES = RESOURCE.routes()
