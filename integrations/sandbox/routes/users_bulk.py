"""Bulk work on users."""

from typing import Any

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one, same_for_all
from integrations.sandbox.routes.records import listed_in_query, warn_about_body
from integrations.sandbox.routes.users import known_as
from integrations.sandbox.state.people.joining import change, join
from integrations.sandbox.state.people.leaving import retire
from integrations.sandbox.state.refusals import bad_request, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import MOST_IDS, Answer, Call, Route


def _items(call: Call) -> list[dict[str, Any]]:
    items = call.body.get("users")
    if isinstance(items, list) and len(items) > MOST_IDS:
        message = f"Maximum {MOST_IDS} users may be created per call"
        raise bad_request("TooManyValues", message)
    return items_of(call, "users")


def _create(call: Call) -> Answer:
    def create(_: int, asked: dict[str, Any]) -> Record:
        return {"id": join(call.account, asked)["id"], "status": "Created"}

    items = _items(call)
    return finish_job(call, "Bulk Create User", len(items), one_by_one(items, create))


def _create_or_update(call: Call) -> Answer:
    def create_or_update(_: int, asked: dict[str, Any]) -> Record:
        user = known_as(call, asked)
        if user is None:
            return {"id": join(call.account, asked)["id"], "status": "Created"}
        change(call.account, user, asked)
        return {"id": user["id"], "status": "Updated"}

    items = _items(call)
    results = one_by_one(items, create_or_update)
    return finish_job(call, "Bulk Create Or Update User", len(items), results)


def _update(call: Call) -> Answer:
    def update(_: int, asked: dict[str, Any]) -> Record:
        user = call.account.users.find(asked["id"]) if isinstance(asked.get("id"), int) else None
        user = user or known_as(call, asked)
        if user is None:
            raise not_found()
        change(call.account, user, asked)
        return {"id": user["id"], "action": "update", "status": "Updated", "success": True}

    listed = (one["id"] for one in listed_in_query(call, call.account.users))
    items = items_of(call, "users") or same_for_all(call, "user", listed)
    return finish_job(call, "Bulk User Update", len(items), one_by_one(items, update))


def _destroy(call: Call) -> Answer:
    def destroy(_: int, user: Record) -> Record:
        retire(call.account, user, call.actor)
        return {"id": user["id"], "status": "Deleted", "success": True}

    warn_about_body(call)
    users = listed_in_query(call, call.account.users)
    return finish_job(call, "Bulk User Deletion", len(users), one_by_one(list(users), destroy))


NAME = "users"
ROUTES = (
    Route("POST", "users/create_many", _create, NAME, "create_many", "jobs"),
    Route(
        "POST",
        "users/create_or_update_many",
        _create_or_update,
        NAME,
        "create_or_update_many",
        "jobs",
    ),
    Route("PUT", "users/update_many", _update, NAME, "update_many", "jobs"),
    Route("DELETE", "users/destroy_many", _destroy, NAME, "destroy_many", "jobs"),
)
