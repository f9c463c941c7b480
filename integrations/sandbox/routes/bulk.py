"""Bulk work on tickets, and how bulk work on anything is done: at once, reported as a job."""

from collections.abc import Callable, Iterable
from typing import Any

from integrations.sandbox.routes.job_statuses import present as present_job
from integrations.sandbox.routes.records import warn_about_body
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import bin as ticket_bin
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.wire.call import MOST_IDS, Answer, Call, Route, too_many_values
from integrations.sandbox.wire.kinds import is_whole, objects_in


def finish_job(call: Call, kind: str, total: int, results: Any) -> Answer:
    """Keep the report of bulk work that is done; answer, as Zendesk does, that it is queued."""
    job = call.account.jobs.finish(kind=kind, total=total, results=results)
    return Answer({"job_status": present_job(call, job)})


def items_of(call: Call, key: str) -> list[dict[str, Any]]:
    """Return the objects that a bulk request lists; refuse more than a hundred."""
    items = objects_in(call.body, key)
    if len(items) > MOST_IDS:
        raise too_many_values()
    return items


def same_for_all(call: Call, singular: str, ids: Iterable[int | str]) -> list[dict[str, Any]]:
    """Return the one change in the body for every record of a list."""
    asked = call.wrapped(singular)
    return [asked | {"id": one} for one in ids]


def one_by_one(items: list[Any], act: Callable[[int, Any], Record]) -> list[Record]:
    """Do the work item by item; one that fails does not stop the others."""
    results = []
    for index, item in enumerate(items):
        try:
            results.append(act(index, item))
        except Refusal as refusal:
            named = {"id": item["id"]} if isinstance(item, dict) and "id" in item else {}
            named |= {"id": item} if isinstance(item, int) else {}
            results.append({"index": index} | named | _failure(refusal))
    return results


def _failure(refusal: Refusal) -> Record:
    """Return what the report of a job says about an item that was refused."""
    body = refusal.body
    details = body.get("details")
    problems = [one for found in details.values() for one in found] if details else []
    reason = " ".join(str(one["description"]) for one in problems) or body.get("description")
    return {"error": body["error"], "details": reason, "success": False}


def _create_tickets(call: Call) -> Answer:
    def create(index: int, asked: dict[str, Any]) -> Record:
        case = tickets.create(call.account, asked, call.actor)
        return {"index": index, "id": case.id, "account_id": call.account.ids.account_id}

    items = items_of(call, "tickets")
    return finish_job(call, "Bulk Create Ticket", len(items), one_by_one(items, create))


def _update_tickets(call: Call) -> Answer:
    def update(_: int, asked: dict[str, Any]) -> Record:
        number = str(asked.get("id"))
        case = call.account.ticket(int(number) if is_whole(number) else 0)
        tickets.update(call.account, case, asked, call.actor)
        return {"action": "update", "id": case.id, "status": "Updated", "success": True}

    items = items_of(call, "tickets") or same_for_all(call, "ticket", _listed_tickets(call))
    return finish_job(call, "Bulk Ticket Update", len(items), one_by_one(items, update))


def _listed_tickets(call: Call) -> Iterable[int]:
    """Return the tickets that the query names, each once."""
    ids = call.ids()
    for word in call.words("external_ids"):
        ids += sorted(call.account.tickets.by_field.having("external_id", word))
    return dict.fromkeys(ids)


def _destroy_tickets(call: Call) -> Answer:
    def destroy(_: int, ticket_id: int) -> Record:
        ticket_bin.delete(call.account, call.account.ticket(ticket_id), call.full_agent())
        return {"id": ticket_id, "status": "Deleted", "success": True}

    warn_about_body(call)
    ids = call.ids()
    one_by_one(list(ids), destroy)
    return finish_job(call, "Bulk Ticket Deletion", len(ids), {"success": True})


ROUTES = (
    Route("POST", "tickets/create_many", _create_tickets, "tickets", "create_many", "jobs"),
    Route("PUT", "tickets/update_many", _update_tickets, "tickets", "update_many", "jobs"),
    Route("DELETE", "tickets/destroy_many", _destroy_tickets, "tickets", "destroy_many", "jobs"),
)
