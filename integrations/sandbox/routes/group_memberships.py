"""Group memberships: which agent works in which department."""

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one
from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.state.refusals import invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content

NAME, ONE = "group_memberships", "group_membership"
RESOURCE = Resource(
    plural=NAME, singular=ONE, path=NAME, store=lambda call: call.account.group_memberships
)


def _index(call: Call) -> Answer:
    return RESOURCE.page(call, call.account.group_memberships.all())


def _of_user(call: Call) -> Answer:
    user = known_user(call)
    return RESOURCE.page(call, call.account.group_memberships.where(user_id=user["id"]))


def _of_group(call: Call) -> Answer:
    group = call.account.groups.get(call.id)
    return RESOURCE.page(call, call.account.group_memberships.where(group_id=group["id"]))


def _one(call: Call) -> Record:
    """Return the membership of the path; below a user it must be one of that user."""
    membership = call.account.group_memberships.get(call.params[-1])
    if len(call.params) > 1 and membership["user_id"] != call.id:
        raise not_found()
    return membership


def _show(call: Call) -> Answer:
    return Answer({ONE: RESOURCE.present(call, _one(call))})


def _join(call: Call, asked: Record) -> Record:
    user = call.account.users.find(asked.get("user_id"))
    group = call.account.groups.find(asked.get("group_id"))
    if user is None or group is None or user["role"] == "end-user":
        raise invalid("base", "User and group: must be an agent and a group of this account")
    if call.account.is_member(user["id"], group["id"]):
        message = "User: is already a member of the group"
        raise invalid("user_id", message, code="DuplicateValue")
    is_first = not call.account.group_memberships.where(user_id=user["id"])
    default = bool(asked.get("default")) or is_first
    return call.account.add_membership(user, group["id"], default=default)


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
    return finish_job(call, "Bulk Create Group Membership", len(items), results)


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    call.account.remove_membership(_one(call))
    return no_content()


def _destroy_many(call: Call) -> Answer:
    def leave(_: int, membership_id: int) -> Record:
        call.account.remove_membership(call.account.group_memberships.get(membership_id))
        return {"id": membership_id, "status": "Deleted", "success": True}

    ids = call.ids()
    return finish_job(call, "Bulk Delete Group Membership", len(ids), one_by_one(list(ids), leave))


def _make_default(call: Call) -> Answer:
    call.account.make_default_group(known_user(call), _one(call))
    return _of_user(call)


BELOW_USER = "users/{id}/group_memberships"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", f"{NAME}/assignable", _index, NAME, "assignable"),
    Route("GET", "groups/{id}/memberships", _of_group, NAME, "index"),
    Route("GET", "groups/{id}/memberships/assignable", _of_group, NAME, "assignable"),
    Route("GET", BELOW_USER, _of_user, NAME, "index"),
    Route("GET", f"{NAME}/{{id}}", _show, NAME, "show"),
    Route("GET", f"{BELOW_USER}/{{id}}", _show, NAME, "show"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("POST", BELOW_USER, _create, NAME, "create"),
    Route("POST", f"{NAME}/create_many", _create_many, NAME, "create_many", "jobs"),
    Route("PUT", f"{BELOW_USER}/{{id}}/make_default", _make_default, NAME, "make_default"),
    Route("DELETE", f"{NAME}/destroy_many", _destroy_many, NAME, "destroy_many", "jobs"),
    Route("DELETE", f"{NAME}/{{id}}", _destroy, NAME, "destroy"),
    Route("DELETE", f"{BELOW_USER}/{{id}}", _destroy, NAME, "destroy"),
)
