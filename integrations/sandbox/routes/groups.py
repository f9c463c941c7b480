"""Groups: the departments that tickets are given to."""

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.routes.users import known_user, user_page
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route


def _prepare(call: Call, asked: Record, group: Record | None) -> None:
    name = str(asked.get("name", "x") or "").strip()
    if not name:
        raise invalid("name", "Name: cannot be blank", code="BlankValue")
    if asked.get("default"):
        for other in call.account.groups.all():
            other["default"] = other is group
    if group is None:
        asked.setdefault("description", "")


def _drop(call: Call, group: Record) -> None:
    """End a group: it stays known by its id, and nobody works in it any more."""
    if group["default"]:
        raise invalid("base", "The default group cannot be deleted")
    for membership in call.account.group_memberships.where(group_id=group["id"]):
        call.account.remove_membership(membership)
    group |= {"deleted": True, "updated_at": call.account.clock.stamp()}


RESOURCE = Resource(
    plural="groups",
    singular="group",
    path="groups",
    store=lambda call: call.account.groups,
    order="name,id",
    required=("name",),
    settable=("name", "description", "default", "is_public"),
    defaults=lambda _: {"description": "", "default": False, "deleted": False, "is_public": True},
    prepare=_prepare,
    drop=_drop,
    is_listed=lambda group: not group["deleted"],
    verbs=("index", "count", "show", "create", "update", "destroy"),
)


def _assignable(call: Call) -> Answer:
    return RESOURCE.page(call, RESOURCE.listed(call))


def _of_user(call: Call) -> Answer:
    memberships = call.account.group_memberships.where(user_id=known_user(call)["id"])
    return RESOURCE.page(call, [call.account.groups.get(one["group_id"]) for one in memberships])


def _users(call: Call) -> Answer:
    group = call.account.groups.get(call.id)
    memberships = call.account.group_memberships.where(group_id=group["id"])
    return user_page(call, [call.account.users.get(one["user_id"]) for one in memberships])


ROUTES = (
    *RESOURCE.routes(),
    Route("GET", "groups/assignable", _assignable, "groups", "assignable"),
    Route("GET", "users/{id}/groups", _of_user, "groups", "index"),
    Route("GET", "groups/{id}/users", _users, "users", "index"),
)
