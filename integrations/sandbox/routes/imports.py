"""Imports: tickets with a past from another system."""

from typing import Any

from integrations.sandbox.routes.bulk import finish_job, items_of, one_by_one
from integrations.sandbox.routes.tickets import ALLOWED, present_ticket
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.imports import import_ticket
from integrations.sandbox.wire.call import Answer, Call, Route, created

IMPORTED = ALLOWED | {"comments", "created_at", "updated_at", "solved_at"}


def _import(call: Call) -> Answer:
    asked = call.wrapped("ticket")
    call.warn("ticket", asked, IMPORTED)
    case = import_ticket(call.account, asked, call.full_agent())
    return created(call, "ticket", present_ticket(call, case.record), "tickets", case.id)


def _import_many(call: Call) -> Answer:
    actor = call.full_agent()

    def keep(index: int, asked: dict[str, Any]) -> Record:
        case = import_ticket(call.account, asked, actor)
        return {"index": index, "id": case.id, "account_id": call.account.ids.account_id}

    items = items_of(call, "tickets")
    return finish_job(call, "Bulk Import Ticket", len(items), one_by_one(items, keep))


NAME = "imports/tickets"
ROUTES = (
    Route("POST", NAME, _import, NAME, "create"),
    Route("POST", f"{NAME}/create_many", _import_many, NAME, "create_many", "jobs"),
)
