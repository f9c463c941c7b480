"""Organizations: the companies that users belong to."""

from integrations.sandbox.routes.records import Resource

RESOURCE = Resource(
    plural="organizations",
    singular="organization",
    path="organizations",
    store=lambda call: call.account.organizations,
    order="name,id",
    required=("name",),
    settable=(
        *("name", "external_id", "shared_tickets", "shared_comments", "domain_names", "details"),
        *("notes", "group_id", "tags", "organization_fields"),
    ),
    defaults=lambda _: {
        "external_id": None,
        "shared_tickets": False,
        "shared_comments": False,
        "domain_names": [],
        "details": "",
        "notes": "",
        "group_id": None,
        "tags": [],
        "organization_fields": {},
        "deleted_at": None,
    },
    budgets={"update": "organization-update"},
)
ROUTES = RESOURCE.routes()
