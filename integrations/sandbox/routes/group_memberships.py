"""Group memberships: which agent works in which department."""

from integrations.sandbox.routes.memberships import Memberships
from integrations.sandbox.routes.records import Resource
from integrations.sandbox.state.people.directory import People
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route

NAME = "group_memberships"


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


RESOURCE = Resource(
    plural=NAME,
    singular="group_membership",
    path=NAME,
    store=lambda call: call.account.group_memberships,
    drop=lambda call, membership: call.account.remove_membership(membership),
    verbs=("show", "destroy"),
)
MEMBERSHIPS = Memberships(
    resource=RESOURCE, title="Group Membership", join=_join, prefer=People.make_default_group
)


def _of_group(call: Call) -> Answer:
    return MEMBERSHIPS.having(call, group_id=call.account.groups.get(call.id)["id"])


ROUTES = (
    *MEMBERSHIPS.routes(),
    Route("GET", f"{NAME}/assignable", MEMBERSHIPS.index, NAME, "assignable"),
    Route("GET", "groups/{id}/memberships", _of_group, NAME, "index"),
    Route("GET", "groups/{id}/memberships/assignable", _of_group, NAME, "assignable"),
)
