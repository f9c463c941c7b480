"""The bin: deleted tickets, restoring them, deleting them for good."""

from integrations.sandbox.routes.bulk import finish_job
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.bin import binned, purge, restore
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import page_of

# a deleted ticket's update time is its deletion time, and cursors name it so
ORDERS = {"id": "id", "subject": "subject,id", "deleted_at": "updated_at,id"}


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
    cases = {case.id: case for case in call.account.tickets.deleted}
    return Answer(
        page_of(
            call,
            "deleted_tickets",
            [case.record for case in cases.values()],
            order=_order(call),
            present=lambda record: _present(call, cases[record["id"]]),
        )
    )


def _order(call: Call) -> str:
    """Return the order that `sort`, or the older `sort_by` and `sort_order`, asks for."""
    wanted = call.query.get("sort") or call.query.get("sort_by", "id")
    is_falling = wanted.startswith("-") or call.query.get("sort_order") == "desc"
    order = ORDERS.get(wanted.lstrip("-"), "id")
    return f"-{order}" if is_falling else order


def _restore(call: Call) -> Answer:
    restore(call.account, binned(call.account, call.id), call.full_agent())
    return Answer({})


def _restore_many(call: Call) -> Answer:
    actor = call.full_agent()
    for case in [binned(call.account, ticket_id) for ticket_id in call.ids()]:
        restore(call.account, case, actor)
    return Answer({})


def _purge(call: Call) -> Answer:
    purge(call.account, binned(call.account, call.id), call.full_agent()["id"])
    return finish_job(call, "Batch Ticket Permanent Deletion", 1, {"success": True})


def _purge_many(call: Call) -> Answer:
    """Delete tickets for good; one that is not in the bin does not stop the others."""
    ids, actor = call.ids(), call.full_agent()
    gone = 0
    for ticket_id in ids:
        try:
            purge(call.account, binned(call.account, ticket_id), actor["id"])
        except Refusal:
            continue
        gone += 1
    results = {"success": gone == len(ids)}
    return finish_job(call, "Batch Ticket Permanent Deletion", len(ids), results)


NAME = "deleted_tickets"
PURGE = "deleted-tickets-destroy"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index", "deleted-tickets-index"),
    Route("PUT", "deleted_tickets/restore_many", _restore_many, NAME, "restore_many"),
    Route("PUT", "deleted_tickets/{id}/restore", _restore, NAME, "restore"),
    Route("DELETE", "deleted_tickets/destroy_many", _purge_many, NAME, "destroy_many", PURGE),
    Route("DELETE", "deleted_tickets/{id}", _purge, NAME, "destroy", PURGE),
)
