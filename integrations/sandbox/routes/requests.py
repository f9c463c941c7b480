"""Requests: how a customer opens a ticket, reads it, answers on it and calls it solved."""

from typing import Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.state.refusals import bad_request, invalid, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.comments import listed_comment
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route, created
from integrations.sandbox.wire.paging import page_of

SHOWN = (
    "id status priority type subject description organization_id via custom_fields requester_id "
    "collaborator_ids email_cc_ids is_public due_at created_at updated_at recipient assignee_id "
    "custom_status_id ticket_form_id fields group_id"
).split()
SETTABLE = frozenset(
    (
        "subject comment priority type custom_fields fields ticket_form_id due_at recipient "
        "collaborators via_followup_source_id"
    ).split()
)
CHANGEABLE = frozenset(("comment", "additional_collaborators", "solved"))
SPOKEN = ("body", "html_body", "uploads")
OPEN, DONE = ("new", "open", "pending", "hold"), ("solved", "closed")
ORDERS = {"created_at": "created_at,id", "updated_at": "updated_at,id"}
LONGEST_SEARCH = 1000


def _present(call: Call, case: TicketCase) -> Record:
    record = case.record
    source = record["via"]["source"]
    is_follow_up = source.get("rel") == "follow_up"
    return {
        "url": call.url("requests", case.id),
        **{name: record[name] for name in SHOWN},
        "can_be_solved_by_me": _can_solve(call, record),
        "followup_source_id": source["from"]["ticket_id"] if is_follow_up else None,
    }


def _can_solve(call: Call, record: Record) -> bool:
    is_mine = record["requester_id"] == call.actor["id"]
    is_owned = record["assignee_id"] is not None and record["type"] != "problem"
    return is_mine and is_owned and record["status"] in OPEN


def _visible(call: Call) -> TicketCase:
    """Return the request in the path, if the caller asked for it, is in copy, or works here."""
    case = call.account.ticket(call.id)
    people = (case.record["requester_id"], *case.record["collaborator_ids"])
    is_visible = case.record["is_public"] and call.actor["id"] in people
    if call.actor["role"] == "end-user" and not is_visible:
        raise not_found()
    return case


def _asked(call: Call, allowed: frozenset[str]) -> dict[str, Any]:
    given = call.wrapped("request")
    call.warn("request", given, allowed)
    asked = {name: given[name] for name in allowed if name in given}
    if isinstance(asked.get("comment"), dict):  # customers speak in public and for themselves
        kept = {name: asked["comment"][name] for name in SPOKEN if name in asked["comment"]}
        asked["comment"] = kept | {"public": True}
    return asked


def _of(call: Call, user_id: int) -> list[TicketCase]:
    return call.account.tickets.by_field.cases("requester_id", user_id)


def _page(call: Call, cases: list[TicketCase]) -> Answer:
    order = ORDERS.get(call.query.get("sort_by", ""), "id")
    if call.query.get("sort_order") == "desc":
        order = ",".join(f"-{name}" for name in order.split(","))
    records = [case.record for case in cases]
    by_id = {case.id: case for case in cases}
    return Answer(
        page_of(
            call,
            "requests",
            records,
            order=order,
            present=lambda record: _present(call, by_id[record["id"]]),
        )
    )


def _index(call: Call) -> Answer:
    return _page(call, _of(call, call.actor["id"]))


def _open(call: Call) -> Answer:
    mine = _of(call, call.actor["id"])
    return _page(call, [case for case in mine if case.record["status"] in OPEN])


def _solved(call: Call) -> Answer:
    mine = _of(call, call.actor["id"])
    return _page(call, [case for case in mine if case.record["status"] in DONE])


def _copied(call: Call) -> Answer:
    return _page(call, call.account.tickets.by_field.cases("collaborator_ids", call.actor["id"]))


def _search(call: Call) -> Answer:
    """Answer with the caller's requests that hold every word; `status` narrows them down."""
    words = call.query.get("query", "").lower().split()
    wanted = [one for one in call.query.get("status", "").split(",") if one]
    found = [
        case
        for case in _of(call, call.actor["id"])
        if (not wanted or case.record["status"] in wanted)
        and all(word in _text(case) for word in words)
    ]
    return _page(call, found[:LONGEST_SEARCH])


def _text(case: TicketCase) -> str:
    return f"{case.record['subject']} {case.record['description']}".lower()


def _of_user(call: Call) -> Answer:
    call.account.users.get(call.id)
    return _page(call, _of(call, call.id))


def _show(call: Call) -> Answer:
    case = _visible(call)
    body: dict[str, Any] = {"request": _present(call, case)}
    if call.includes("users"):
        copied = map(call.account.users.find, case.record["email_cc_ids"])
        body["users"] = [present_user(call, user) for user in copied if user]
    return Answer(body)


def _create(call: Call) -> Answer:
    case = tickets.create(call.account, _asked(call, SETTABLE), call.actor)
    return created(call, "request", _present(call, case), "requests", case.id)


def _update(call: Call) -> Answer:
    case, asked = _visible(call), _asked(call, CHANGEABLE)
    if asked.pop("solved", None) in (True, "true"):
        if not _can_solve(call, case.record):
            raise invalid("status", "Status: cannot be solved by the requester")
        asked["status"] = "solved"
    tickets.update(call.account, case, asked, call.actor)
    return Answer({"request": _present(call, case)})


def _public(call: Call) -> list[Record]:
    return [
        listed_comment(event, audit)
        for event, audit in _visible(call).comments()
        if event["public"]
    ]


def _comments(call: Call) -> Answer:
    said = [one for one in _public(call) if _is_wanted(call, one)]
    is_newest_first = (
        call.query.get("sort_order") == "desc" or call.query.get("sort", "")[:1] == "-"
    )
    order = "-created_at,-id" if is_newest_first else "created_at,id"
    return Answer(page_of(call, "comments", said, order=order))


def _is_wanted(call: Call, comment: Record) -> bool:
    role, since = call.query.get("role"), call.query.get("since")
    author = call.account.users.get(comment["author_id"])
    if role is not None and (role == "end_user") != (author["role"] == "end-user"):
        return False
    try:
        return since is None or parse_instant(comment["created_at"]) >= parse_instant(since)
    except ValueError:
        raise bad_request("InvalidValue", "since is not a time") from None


def _comment(call: Call) -> Answer:
    for comment in _public(call):
        if comment["id"] == call.params[1]:
            return Answer({"comment": comment})
    raise not_found()


NAME = "requests"
ROUTES = (
    Route("GET", NAME, _index, NAME, "index", open_to_end_users=True),
    Route("POST", NAME, _create, NAME, "create", "ticket-create", open_to_end_users=True),
    Route("GET", "requests/open", _open, NAME, "open", open_to_end_users=True),
    Route("GET", "requests/solved", _solved, NAME, "solved", open_to_end_users=True),
    Route("GET", "requests/ccd", _copied, NAME, "ccd", open_to_end_users=True),
    Route("GET", "requests/search", _search, NAME, "search", open_to_end_users=True),
    Route("GET", "requests/{id}", _show, NAME, "show", open_to_end_users=True),
    Route("PUT", "requests/{id}", _update, NAME, "update", open_to_end_users=True),
    Route("GET", "requests/{id}/comments", _comments, NAME, "comments", open_to_end_users=True),
    Route("GET", "requests/{id}/comments/{id}", _comment, NAME, "comment", open_to_end_users=True),
    Route("GET", "users/{id}/requests", _of_user, NAME, "of_user"),
)
