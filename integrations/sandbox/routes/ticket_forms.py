"""Ticket forms: which fields a complaint has."""

from integrations.sandbox.routes.records import Resource, mirror_raw

RESOURCE = Resource(
    plural="ticket_forms",
    singular="ticket_form",
    path="ticket_forms",
    store=lambda call: call.account.ticket_forms,
    order="position,id",
    required=("name",),
    settable=(
        *("name", "display_name", "end_user_visible", "position", "ticket_field_ids", "active"),
        *("in_all_brands", "restricted_brand_ids", "end_user_conditions", "agent_conditions"),
    ),
    defaults=lambda _: {
        "display_name": None,
        "end_user_visible": False,
        "position": 9999,
        "ticket_field_ids": [],
        "active": True,
        "default": False,
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "end_user_conditions": [],
        "agent_conditions": [],
    },
    finish=mirror_raw("name", "display_name"),
)
ROUTES = RESOURCE.routes()
