"""Group memberships: which agent works in which department."""

from integrations.sandbox.routes.records import warn_about_body
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content
from integrations.sandbox.wire.paging import page_of


def _present(call: Call, membership: Record) -> Record:
    return {"url": call.url("group_memberships", membership["id"])} | membership


def _index(call: Call) -> Answer:
    records = call.account.group_memberships.all()
    if call.params:
        records = [record for record in records if record[_owner(call)] == call.id]
    return Answer(
        page_of(call, "group_memberships", records, present=lambda one: _present(call, one))
    )


def _owner(call: Call) -> str:
    return "user_id" if "/users/" in call.path else "group_id"


def _show(call: Call) -> Answer:
    membership = call.account.group_memberships.get(call.id)
    return Answer({"group_membership": _present(call, membership)})


def _create(call: Call) -> Answer:
    asked = call.wrapped("group_membership")
    user = call.account.users.find(asked.get("user_id"))
    group = call.account.groups.find(asked.get("group_id"))
    if user is None or group is None or user["role"] == "end-user":
        raise invalid("base", "User and group: must be an agent and a group of this account")
    if call.account.is_member(user["id"], group["id"]):
        raise invalid("user_id", "User: is already a member of the group")
    is_first = not call.account.group_memberships.where(user_id=user["id"])
    default = bool(asked.get("default", is_first))
    record = call.account.add_membership(user, group["id"], default=default)
    shown = _present(call, record)
    return created(call, "group_membership", shown, "group_memberships", record["id"])


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    call.account.remove_membership(call.account.group_memberships.get(call.id))
    return no_content()


NAME = "group_memberships"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", "groups/{id}/memberships", _index, NAME, "index"),
    Route("GET", "users/{id}/group_memberships", _index, NAME, "index"),
    Route("GET", "group_memberships/{id}", _show, NAME, "show"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("DELETE", "group_memberships/{id}", _destroy, NAME, "destroy"),
)
