"""Organization memberships: which user belongs to which company."""

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one
from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.state.refusals import invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content

NAME, ONE = "organization_memberships", "organization_membership"
RESOURCE = Resource(
    plural=NAME, singular=ONE, path=NAME, store=lambda call: call.account.organization_memberships
)


def _index(call: Call) -> Answer:
    return RESOURCE.page(call, call.account.organization_memberships.all())


def _of_user(call: Call) -> Answer:
    user = known_user(call)
    return RESOURCE.page(call, call.account.organization_memberships.where(user_id=user["id"]))


def _of_organization(call: Call) -> Answer:
    wanted = call.account.organizations.get(call.id)["id"]
    return RESOURCE.page(call, call.account.organization_memberships.where(organization_id=wanted))


def _one(call: Call) -> Record:
    """Return the membership of the path; below a user it must be one of that user."""
    membership = call.account.organization_memberships.get(call.params[-1])
    if len(call.params) > 1 and membership["user_id"] != call.id:
        raise not_found()
    return membership


def _in_organization(call: Call) -> Record:
    """Return the membership of a user in an organization, both named by the path."""
    user_id, organization_id = call.params
    found = call.account.organization_memberships.where(
        user_id=user_id, organization_id=organization_id
    )
    if not found:
        raise not_found()
    return found[0]


def _show(call: Call) -> Answer:
    return Answer({ONE: RESOURCE.present(call, _one(call))})


def _join(call: Call, asked: Record) -> Record:
    user = call.account.users.find(asked.get("user_id"))
    organization = call.account.organizations.find(asked.get("organization_id"))
    if user is None or not user["active"]:
        raise invalid("user", "User: is invalid", code="InvalidValue")
    if organization is None:
        raise invalid("organization", "Organization: is invalid", code="InvalidValue")
    wanted = {"user_id": user["id"], "organization_id": organization["id"]}
    if call.account.organization_memberships.where(**wanted):
        message = "User: is already a member of the organization"
        raise invalid("user_id", message, code="DuplicateValue")
    return call.account.belong(user, organization["id"], default=bool(asked.get("default")))


def _create(call: Call) -> Answer:
    asked = call.wrapped(ONE)
    if len(call.params) == 1:
        asked["user_id"] = known_user(call)["id"]
    record = _join(call, asked)
    return created(call, ONE, RESOURCE.present(call, record), NAME, record["id"])


def _create_many(call: Call) -> Answer:
    def join(index: int, asked: Record) -> Record:
        return {"index": index, "id": _join(call, asked)["id"]}

    items = items_of(call, NAME)
    results = one_by_one(items, join)
    return finish_job(call, "Bulk Create Organization Membership", len(items), results)


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    call.account.leave_organization(_one(call))
    return no_content()


def _unassign(call: Call) -> Answer:
    warn_about_body(call)
    call.account.leave_organization(_in_organization(call))
    return no_content()


def _destroy_many(call: Call) -> Answer:
    def leave(_: int, membership_id: int) -> Record:
        membership = call.account.organization_memberships.get(membership_id)
        call.account.leave_organization(membership)
        return {"id": membership_id, "status": "Deleted", "success": True}

    ids = list(call.ids())
    results = one_by_one(ids, leave)
    return finish_job(call, "Bulk Delete Organization Membership", len(ids), results)


def _make_default(call: Call) -> Answer:
    call.account.make_default_organization(known_user(call), _one(call))
    return _of_user(call)


def _make_default_organization(call: Call) -> Answer:
    membership = _in_organization(call)
    call.account.make_default_organization(known_user(call), membership)
    return Answer({ONE: RESOURCE.present(call, membership)})


BELOW_USER, OF_USER = "users/{id}/organization_memberships", "users/{id}/organizations/{id}"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", BELOW_USER, _of_user, NAME, "index"),
    Route("GET", "organizations/{id}/organization_memberships", _of_organization, NAME, "index"),
    Route("GET", f"{NAME}/{{id}}", _show, NAME, "show"),
    Route("GET", f"{BELOW_USER}/{{id}}", _show, NAME, "show"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("POST", BELOW_USER, _create, NAME, "create"),
    Route("POST", f"{NAME}/create_many", _create_many, NAME, "create_many", "jobs"),
    Route("PUT", f"{BELOW_USER}/{{id}}/make_default", _make_default, NAME, "make_default"),
    Route("PUT", f"{OF_USER}/make_default", _make_default_organization, NAME, "make_default"),
    Route("DELETE", OF_USER, _unassign, NAME, "destroy"),
    Route("DELETE", f"{NAME}/destroy_many", _destroy_many, NAME, "destroy_many", "jobs"),
    Route("DELETE", f"{NAME}/{{id}}", _destroy, NAME, "destroy"),
    Route("DELETE", f"{BELOW_USER}/{{id}}", _destroy, NAME, "destroy"),
)
