"""Groups: the departments that tickets are given to."""

from integrations.sandbox.routes.records import Resource, warn_about_body
from integrations.sandbox.wire.call import Answer, Call, Route, no_content

RESOURCE = Resource(
    plural="groups",
    singular="group",
    path="groups",
    store=lambda call: call.account.groups,
    order="name,id",
    required=("name",),
    settable=("name", "description", "default", "is_public"),
    defaults=lambda _: {"description": "", "default": False, "deleted": False, "is_public": True},
    verbs=("index", "show", "create", "update"),
)


def _assignable(call: Call) -> Answer:
    return RESOURCE.routes()[0].handler(call)  # type: ignore[return-value]


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    call.account.groups.remove(call.id)
    for membership in call.account.group_memberships.where(group_id=call.id):
        call.account.remove_membership(membership)
    return no_content()


ROUTES = (
    *RESOURCE.routes(),
    Route("GET", "groups/assignable", _assignable, "groups", "assignable"),
    Route("DELETE", "groups/{id}", _destroy, "groups", "destroy"),
)
