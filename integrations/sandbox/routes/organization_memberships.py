"""Organization memberships: which user belongs to which company."""

from integrations.sandbox.routes.memberships import Memberships
from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.state.people.directory import People
from integrations.sandbox.state.refusals import invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, no_content

NAME, ONE = "organization_memberships", "organization_membership"


def _join(call: Call, asked: Record) -> Record:
    user = call.account.users.find(asked.get("user_id"))
    organization = call.account.organizations.find(asked.get("organization_id"))
    if user is None or not user["active"]:
        raise invalid("user", "User cannot be blank", code="BlankValue")
    if organization is None:
        raise invalid("organization", "Organization cannot be blank", code="BlankValue")
    wanted = {"user_id": user["id"], "organization_id": organization["id"]}
    if call.account.organization_memberships.where(**wanted):
        message = "This user is already a member of this organization."
        raise invalid("user_id", message, code="DuplicateValue")
    return call.account.belong(user, organization["id"], default=bool(asked.get("default")))


RESOURCE = Resource(
    plural=NAME,
    singular=ONE,
    path=NAME,
    store=lambda call: call.account.organization_memberships,
    drop=lambda call, membership: call.account.leave_organization(membership),
    verbs=("show", "destroy"),
)
MEMBERSHIPS = Memberships(
    resource=RESOURCE,
    title="Organization Membership",
    join=_join,
    prefer=People.make_default_organization,
)


def _of_organization(call: Call) -> Answer:
    wanted = call.account.organizations.get(call.id)["id"]
    return MEMBERSHIPS.having(call, organization_id=wanted)


def _in_organization(call: Call) -> Record:
    """Return the membership of a user in an organization, both named by the path."""
    user_id, organization_id = call.params
    found = call.account.organization_memberships.where(
        user_id=user_id, organization_id=organization_id
    )
    if not found:
        raise not_found()
    return found[0]


def _unassign(call: Call) -> Answer:
    warn_about_body(call)
    call.account.leave_organization(_in_organization(call))
    return no_content()


def _make_default(call: Call) -> Answer:
    membership = _in_organization(call)
    call.account.make_default_organization(known_user(call), membership)
    return Answer({ONE: RESOURCE.present(call, membership)})


OF_USER = "users/{id}/organizations/{id}"
ROUTES = (
    *MEMBERSHIPS.routes(),
    Route("GET", "organizations/{id}/organization_memberships", _of_organization, NAME, "index"),
    Route("PUT", f"{OF_USER}/make_default", _make_default, NAME, "make_default"),
    Route("DELETE", OF_USER, _unassign, NAME, "destroy"),
)
