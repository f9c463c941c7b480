"""Custom ticket statuses: names for open, pending and the rest."""

from integrations.sandbox.routes.records import Resource, mirror_raw

LABELS = ("agent_label", "end_user_label", "description", "end_user_description")

RESOURCE = Resource(
    plural="custom_statuses",
    singular="custom_status",
    path="custom_statuses",
    store=lambda call: call.account.custom_statuses,
    required=("status_category", "agent_label"),
    settable=("status_category", *LABELS, "active"),
    not_changeable=("status_category",),
    defaults=lambda _: dict.fromkeys(LABELS, "") | {"active": True, "default": False},
    finish=mirror_raw(*LABELS),
    verbs=("index", "show", "create", "update"),
)
ROUTES = RESOURCE.routes()
