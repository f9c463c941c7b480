"""Bulk work on organizations."""

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one, same_for_all
from integrations.sandbox.routes.organizations import NAME, RESOURCE, known_as
from integrations.sandbox.routes.records import listed_in_query, warn_about_body
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route


def _create(call: Call) -> Answer:
    def create(index: int, asked: Record) -> Record:
        return {"index": index, "id": RESOURCE.make(call, asked)["id"]}

    items = items_of(call, NAME)
    return finish_job(call, "Bulk Create Organization", len(items), one_by_one(items, create))


def _update(call: Call) -> Answer:
    def update(_: int, asked: Record) -> Record:
        known = known_as(call, asked)
        if known is None:
            raise not_found()
        RESOURCE.alter(call, known, asked)
        return {"id": known["id"], "action": "update", "status": "Updated", "success": True}

    listed = (one["id"] for one in listed_in_query(call, call.account.organizations))
    items = items_of(call, NAME) or same_for_all(call, "organization", listed)
    return finish_job(call, "Bulk Update Organization", len(items), one_by_one(items, update))


def _destroy(call: Call) -> Answer:
    def destroy(_: int, organization: Record) -> Record:
        RESOURCE.remove(call, organization)
        return {"id": organization["id"], "status": "Deleted", "success": True}

    warn_about_body(call)
    chosen = listed_in_query(call, call.account.organizations)
    return finish_job(call, "Bulk Organization Deletion", len(chosen), one_by_one(chosen, destroy))


ROUTES = (
    Route("POST", "organizations/create_many", _create, NAME, "create_many", "jobs"),
    Route("PUT", "organizations/update_many", _update, NAME, "update_many", "jobs"),
    Route("DELETE", "organizations/destroy_many", _destroy, NAME, "destroy_many", "jobs"),
)
