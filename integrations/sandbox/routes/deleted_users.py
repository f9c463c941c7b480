"""Deleted users: listing them, and deleting them for good."""

from integrations.sandbox.routes.records import counted, warn_about_body
from integrations.sandbox.state.people.leaving import purge
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import page_of

SHOWN = (
    "name email created_at updated_at time_zone phone shared_phone_number photo locale_id locale "
    "organization_id role active"
).split()
NAME = "deleted_users"


def _present(call: Call, user: Record) -> Record:
    place = {"id": user["id"], "url": call.url(NAME, user["id"])}
    return place | {name: user[name] for name in SHOWN}


def _deleted(call: Call) -> list[Record]:
    return call.account.users.where(active=False)


def _one(call: Call) -> Record:
    user = call.account.users.get(call.id)
    if user["active"] or user["id"] in call.account.user_deletions:
        raise not_found()
    return user


def _index(call: Call) -> Answer:
    return Answer(page_of(call, NAME, _deleted(call), present=lambda one: _present(call, one)))


def _count(call: Call) -> Answer:
    return counted(call, len(_deleted(call)))


def _show(call: Call) -> Answer:
    return Answer({"deleted_user": _present(call, _one(call))})


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    user = _one(call)
    shown = _present(call, user)
    purge(call.account, user, call.actor)
    return Answer({"deleted_user": shown})


def _statuses(call: Call) -> Answer:
    steps = call.account.user_deletions.get(call.id)
    if steps is None:
        raise not_found()
    wanted = call.query.get("application")
    chosen = [step for step in steps if not wanted or step["application"] == wanted]
    return Answer({"compliance_deletion_statuses": chosen})


ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", "deleted_users/count", _count, NAME, "count"),
    Route("GET", "deleted_users/{id}", _show, NAME, "show"),
    Route("DELETE", "deleted_users/{id}", _destroy, NAME, "destroy", "user-permanent-delete"),
    Route("GET", "users/{id}/compliance_deletion_statuses", _statuses, "users", "deletion"),
)
