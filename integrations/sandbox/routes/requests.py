"""Requests: how a customer opens a ticket and answers on it."""

from integrations.sandbox.state import tickets
from integrations.sandbox.state.comments import listed_comment
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route, created
from integrations.sandbox.wire.paging import page_of

SHOWN = (
    "id status priority type subject description organization_id via custom_fields requester_id "
    "collaborator_ids email_cc_ids due_at created_at updated_at recipient followup_ids assignee_id "
    "custom_status_id ticket_form_id fields group_id"
).split()
SETTABLE = ("subject", "comment", "priority", "type", "custom_fields", "ticket_form_id")


def _present(call: Call, case: TicketCase) -> Record:
    shown = {name: case.record[name] for name in SHOWN}
    solvable = case.record["status"] not in ("solved", "closed")
    more = {"can_be_solved_by_me": solvable, "is_public": case.record["is_public"]}
    return {"url": call.url("requests", case.id)} | shown | more


def _mine(call: Call) -> TicketCase:
    case = call.account.ticket(call.id)
    is_staff = call.actor["role"] != "end-user"
    if not is_staff and case.record["requester_id"] != call.actor["id"]:
        raise not_found()
    return case


def _asked(call: Call) -> Record:
    given = call.wrapped("request")
    asked = {name: given[name] for name in SETTABLE if name in given}
    if isinstance(asked.get("comment"), dict):  # customers speak in public and for themselves
        kept = {name: asked["comment"].get(name) for name in ("body", "html_body")}
        asked["comment"] = kept | {"public": True}
    return asked


def _index(call: Call) -> Answer:
    records = [
        _present(call, case)
        for case in call.account.living_tickets()
        if case.record["requester_id"] == call.actor["id"]
    ]
    return Answer(page_of(call, "requests", records))


def _show(call: Call) -> Answer:
    return Answer({"request": _present(call, _mine(call))})


def _create(call: Call) -> Answer:
    case = tickets.create(call.account, _asked(call), call.actor)
    return created(call, "request", _present(call, case), "requests", case.id)


def _update(call: Call) -> Answer:
    case, asked = _mine(call), _asked(call)
    if call.wrapped("request").get("solved"):
        asked["status"] = "solved"
    tickets.update(call.account, case, asked, call.actor)
    return Answer({"request": _present(call, case)})


def _comments(call: Call) -> Answer:
    public = [
        listed_comment(event, audit) for event, audit in _mine(call).comments() if event["public"]
    ]
    return Answer(page_of(call, "comments", public, order="created_at,id"))


NAME = "requests"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index", open_to_end_users=True),
    Route("POST", NAME, _create, NAME, "create", open_to_end_users=True),
    Route("GET", "requests/{id}", _show, NAME, "show", open_to_end_users=True),
    Route("PUT", "requests/{id}", _update, NAME, "update", open_to_end_users=True),
    Route("GET", "requests/{id}/comments", _comments, NAME, "comments", open_to_end_users=True),
)
