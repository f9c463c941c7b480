"""What needs an administrator and what an end user may do, as Zendesk's reference says."""

from integrations.sandbox.state.refusals import no_access
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Route

WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
ALWAYS = WRITES | {"GET"}
# by the first word of the path
ADMIN_ONLY = {
    "brands": WRITES,
    "business_hours": WRITES,
    "custom_roles": WRITES,
    "custom_statuses": WRITES,
    "deleted_users": frozenset({"DELETE"}),
    "group_memberships": WRITES,
    "group_slas": ALWAYS,
    "groups": WRITES,
    "incremental": ALWAYS,
    "oauth": ALWAYS,
    "organization_fields": WRITES,
    "slas": ALWAYS,
    "ticket_audits": ALWAYS,
    "ticket_fields": WRITES,
    "ticket_forms": WRITES,
    "user_fields": WRITES,
    "webhooks": ALWAYS,
}
EVERYBODYS = ("oauth/tokens/current",)


def check_role(person: Record, route: Route) -> None:
    """Refuse what the role of a person does not allow."""
    if person["role"] == "end-user" and not route.open_to_end_users:
        raise no_access()
    methods = ADMIN_ONLY.get(route.pattern.partition("/")[0], frozenset())
    if person["role"] == "agent" and route.method in methods and route.pattern not in EVERYBODYS:
        raise no_access()
