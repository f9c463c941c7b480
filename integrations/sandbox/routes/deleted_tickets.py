"""The bin: deleted tickets, restoring them, deleting them for good."""

from integrations.sandbox.routes.job_statuses import present as present_job
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticket_case import TicketCase
from integrations.sandbox.state.ticketing.bin import binned, purge, restore
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import page_of

ORDERS = {"deleted_at": "deleted_at,id", "-deleted_at": "-deleted_at,id", "id": "id"}


def _present(call: Call, case: TicketCase) -> Record:
    actor = call.account.users.find(case.deleted_by)
    return {
        "id": case.id,
        "subject": case.record["subject"],
        "description": case.record["description"],
        "actor": {"id": actor["id"], "name": actor["name"]} if actor else None,
        "deleted_at": case.record["updated_at"],
        "previous_state": case.status_before_deletion,
    }


def _index(call: Call) -> Answer:
    records = [_present(call, case) for case in call.account.tickets.deleted]
    order = ORDERS.get(call.query.get("sort", "id"), "id")
    return Answer(page_of(call, "deleted_tickets", records, order=order))


def _restore(call: Call) -> Answer:
    restore(call.account, binned(call.account, call.id), call.actor)
    return Answer({})


def _restore_many(call: Call) -> Answer:
    for case in [binned(call.account, ticket_id) for ticket_id in call.ids()]:
        restore(call.account, case, call.actor)
    return Answer({})


def _purge(call: Call) -> Answer:
    ids = [call.id] if call.params else call.ids()
    for case in [binned(call.account, ticket_id) for ticket_id in ids]:
        purge(call.account, case, call.actor["id"])
    job = call.account.jobs.finish(
        kind="Batch Ticket Permanent Deletion", total=len(ids), results={"success": True}
    )
    return Answer({"job_status": present_job(call, job)})


NAME = "deleted_tickets"
PURGE = "deleted-tickets-destroy"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index", "deleted-tickets-index"),
    Route("PUT", "deleted_tickets/restore_many", _restore_many, NAME, "restore_many"),
    Route("PUT", "deleted_tickets/{id}/restore", _restore, NAME, "restore"),
    Route("DELETE", "deleted_tickets/destroy_many", _purge, NAME, "destroy_many", PURGE),
    Route("DELETE", "deleted_tickets/{id}", _purge, NAME, "destroy", PURGE),
)
