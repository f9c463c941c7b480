"""Bulk work on users."""

from typing import Any

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one
from integrations.sandbox.routes.records import warn_about_body
from integrations.sandbox.routes.users import make_user, retire_user, update_user
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import MOST_IDS, Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole


def _create_users(call: Call) -> Answer:
    def create(_: int, asked: dict[str, Any]) -> Record:
        return {"id": make_user(call, asked)["id"], "status": "Created"}

    items = call.body.get("users")
    if isinstance(items, list) and len(items) > MOST_IDS:
        message = f"Maximum {MOST_IDS} users may be created per call"
        raise bad_request("TooManyValues", message)
    items = items_of(call, "users")
    return finish_job(call, "Bulk Create User", len(items), one_by_one(items, create))


def _update_users(call: Call) -> Answer:
    def update(_: int, asked: dict[str, Any]) -> Record:
        user = call.account.users.get(int(asked["id"]))
        update_user(call, user, asked)
        return {"id": user["id"], "action": "update", "status": "Updated", "success": True}

    items = [item for item in items_of(call, "users") if is_whole(str(item.get("id")))]
    if not items:
        items = [call.wrapped("user") | {"id": user_id} for user_id in call.ids()]
    return finish_job(call, "Bulk User Update", len(items), one_by_one(items, update))


def _destroy_users(call: Call) -> Answer:
    def destroy(_: int, user_id: int) -> Record:
        retire_user(call, call.account.users.get(user_id))
        return {"id": user_id, "status": "Deleted", "success": True}

    warn_about_body(call)
    ids = call.ids()
    return finish_job(call, "Bulk User Deletion", len(ids), one_by_one(list(ids), destroy))


ROUTES = (
    Route("POST", "users/create_many", _create_users, "users", "create_many", "jobs"),
    Route("PUT", "users/update_many", _update_users, "users", "update_many", "jobs"),
    Route("DELETE", "users/destroy_many", _destroy_users, "users", "destroy_many", "jobs"),
)
