"""Custom roles: what kinds of agents may do."""

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.state.refusals import invalid
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Call

OF_AGENTS = 0
STANDING = ("Light agent", "Agent", "Admin")


def _defaults(call: Call) -> Record:
    agent = call.account.custom_roles.where(name="Agent")
    return {
        "description": None,
        "role_type": OF_AGENTS,
        "configuration": dict(agent[0]["configuration"]) if agent else {},
        "team_member_count": 0,
    }


def _prepare(call: Call, asked: Record, role: Record | None) -> None:
    if role is not None and role["name"] in STANDING:
        raise invalid("base", "System roles cannot be changed")
    others = call.account.custom_roles.where(name=asked.get("name"))
    if any(other is not role for other in others):
        raise invalid("name", "Name: has already been taken", code="DuplicateValue")
    wanted = asked.pop("configuration", None)
    if isinstance(wanted, dict):
        before = role["configuration"] if role else _defaults(call)["configuration"]
        asked["configuration"] = before | {one: wanted[one] for one in before if one in wanted}


def _complete(call: Call, shown: Record) -> Record:
    members = [one for one in call.account.agents() if one["custom_role_id"] == shown["id"]]
    return shown | {"team_member_count": sum(1 for one in members if one["active"])}


def _drop(call: Call, role: Record) -> None:
    if role["name"] in STANDING:
        raise invalid("base", "System roles cannot be deleted")
    if _complete(call, role)["team_member_count"]:
        raise invalid("base", "A role that team members have cannot be deleted")
    call.account.custom_roles.remove(role["id"])


RESOURCE = Resource(
    plural="custom_roles",
    singular="custom_role",
    path="custom_roles",
    store=lambda call: call.account.custom_roles,
    required=("name",),
    settable=("name", "description", "configuration"),
    defaults=_defaults,
    prepare=_prepare,
    complete=_complete,
    drop=_drop,
    has_url=False,
)
ROUTES = RESOURCE.routes()
