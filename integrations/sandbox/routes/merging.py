"""Merging of tickets, and tickets that are spam."""

from typing import TYPE_CHECKING, Any

from integrations.sandbox.routes.bulk import finish_job, one_by_one
from integrations.sandbox.state.refusals import blank
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import merging
from integrations.sandbox.state.ticketing.bin import discard_spam
from integrations.sandbox.wire.call import MOST_IDS, Answer, Call, Route, too_many_values
from integrations.sandbox.wire.kinds import is_whole, wrong_kind

if TYPE_CHECKING:
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase


def _merge(call: Call) -> Answer:
    actor, target = call.full_agent(), call.account.ticket(call.id)
    ids = _ids(call)
    merging.check_target(target)
    sources: list[TicketCase] = []

    def find(_: int, ticket_id: int) -> Record:
        source = call.account.ticket(ticket_id)
        merging.check_source(target, source)
        sources.append(source)
        return {"action": "update", "id": source.id, "status": "Updated", "success": True}

    results = one_by_one(ids, find)
    if sources:
        merging.absorb(call.account, target, sources, _words(call, "target"), actor)
    for source in sources:
        merging.close(call.account, target, source, _words(call, "source"), actor)
    return finish_job(call, "Bulk Ticket Merge", len(ids), results)


def _ids(call: Call) -> list[int]:
    ids = call.body.get("ids")
    if not isinstance(ids, list) or not ids:
        raise blank("ids")
    if len(ids) > MOST_IDS:
        raise too_many_values()
    if not all(is_whole(str(one)) for one in ids):
        raise wrong_kind("ids", "must be an array of integers")
    return list(dict.fromkeys(int(one) for one in ids))


def _words(call: Call, side: str) -> merging.Words:
    text: Any = call.body.get(f"{side}_comment")
    if text is not None and not isinstance(text, str):
        raise wrong_kind(f"{side}_comment", "must be a string")
    is_public = call.body.get(f"{side}_comment_is_public") in (True, "true")
    return merging.Words(text=text, public=is_public)


def _mark_as_spam(call: Call) -> Answer:
    discard_spam(call.account, call.account.ticket(call.id), call.full_agent())
    return Answer({})


def _mark_many_as_spam(call: Call) -> Answer:
    actor, ids = call.full_agent(), call.ids()

    def mark(_: int, ticket_id: int) -> Record:
        discard_spam(call.account, call.account.ticket(ticket_id), actor)
        return {"id": ticket_id, "action": "mark_as_spam", "success": True}

    return finish_job(call, "Bulk Mark Tickets as Spam", len(ids), one_by_one(ids, mark))


NAME = "tickets"
ROUTES = (
    Route("POST", "tickets/{id}/merge", _merge, NAME, "merge", "jobs"),
    Route("PUT", "tickets/{id}/mark_as_spam", _mark_as_spam, NAME, "mark_as_spam"),
    Route(
        *("PUT", "tickets/mark_many_as_spam", _mark_many_as_spam),
        *(NAME, "mark_many_as_spam", "jobs"),
    ),
)
