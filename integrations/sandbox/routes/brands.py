"""Brands: the faces of the company."""

from integrations.sandbox.routes.records import Resource

RESOURCE = Resource(
    plural="brands",
    singular="brand",
    path="brands",
    store=lambda call: call.account.brands,
    required=("name", "subdomain"),
    settable=(
        *("name", "subdomain", "brand_url", "active", "host_mapping", "has_help_center"),
        *("signature_template", "ticket_form_ids"),
    ),
    defaults=lambda call: {
        "brand_url": call.base,
        "host_mapping": None,
        "has_help_center": False,
        "help_center_state": "disabled",
        "active": True,
        "default": False,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": [],
        "signature_template": "{{agent.signature}}",
    },
)
ROUTES = RESOURCE.routes()
