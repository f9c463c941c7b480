"""The tickets of views: as rows with columns, as whole tickets, and how many there are."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.routes.rules import take_conditions
from integrations.sandbox.routes.sideloads import sideloads
from integrations.sandbox.routes.tickets import present_ticket
from integrations.sandbox.routes.views import checked_ids, execution_of
from integrations.sandbox.rules.checking import checked_conditions
from integrations.sandbox.rules.fields import VIEW
from integrations.sandbox.rules.views import cases_in, cell, group_of, how_many
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import AFTER, BEFORE, is_by_cursor, page_of, page_size

EXACT_UP_TO = 100  # larger counts are written as about so many
FARTHEST = 10_000_000
SHOWN = ("id", "subject", "description", "status", "type", "priority")


def _view(call: Call) -> Record:
    """Return a view in the order that the caller wants it in."""
    view = call.account.views.get(call.id)
    asked = {one: call.query[one] for one in ("sort_by", "sort_order") if call.query.get(one)}
    if not asked:
        return view
    return view | {"execution": execution_of(call.account, asked, view["execution"])}


def _tickets(call: Call) -> Answer:
    cases = cases_in(call.account, _view(call), call.actor)
    page = _page(call, "tickets", cases)
    shown: list[TicketCase] = page["tickets"]
    page["tickets"] = [present_ticket(call, case.record) for case in shown]
    return Answer(page | sideloads(call, shown))


def _execute(call: Call) -> Answer:
    view = _view(call)
    shown = {"id": view["id"], "url": call.url("views", view["id"])}
    return Answer(_table(call, view) | {"view": shown})


def _preview(call: Call) -> Answer:
    return Answer(_table(call, _described(call)))


def _preview_count(call: Call) -> Answer:
    value = how_many(call.account, _described(call), call.actor)
    return Answer({"view_count": _count_of(call, None, value)})


def _described(call: Call) -> Record:
    """Return the view that the caller describes instead of naming one."""
    asked = take_conditions(call.wrapped("view"))
    conditions = checked_conditions(call.account, asked["conditions"], VIEW)
    output = asked.get("output") or {}
    return {"conditions": conditions, "execution": execution_of(call.account, output, {})}


def _table(call: Call, view: Record) -> dict[str, Any]:
    page = _page(call, "rows", cases_in(call.account, view, call.actor))
    shown: list[TicketCase] = page["rows"]
    page["rows"] = [_row(call, view, case) for case in shown]
    execution = view["execution"]
    groups = {group["id"]: group for case in shown if (group := group_of(call.account, view, case))}
    people = {case.record[role] for case in shown for role in ("requester_id", "assignee_id")}
    return page | {
        "columns": execution["columns"],
        "groups": list(groups.values()),
        "users": [_named(call, "users", one) for one in sorted(people - {None})],
    }


def _row(call: Call, view: Record, case: TicketCase) -> Record:
    row: Record = {"ticket_id": case.id}
    for column in view["execution"]["columns"]:
        key, value = cell(call.account, case, column)
        row[key] = format_instant(value) if isinstance(value, datetime) else value
    group = group_of(call.account, view, case)
    if group:
        row["group"] = group["id"]
    ticket = {name: case.record[name] for name in SHOWN}
    event, audit = case.comments()[-1]
    last = {name: event[name] for name in ("id", "author_id", "body", "public")}
    last["created_at"] = audit["created_at"]
    url = call.url("tickets", case.id)
    return row | {"ticket": ticket | {"last_comment": last, "url": url}}


def _named(call: Call, store: str, record_id: int) -> Record:
    found = getattr(call.account, store).find(record_id) or {"name": None}
    return {"id": record_id, "name": found["name"], "url": call.url(store, record_id)}


def _page(call: Call, key: str, cases: list[TicketCase]) -> dict[str, Any]:
    """Return one page; cursors of views hold the order and how many tickets come before."""
    if not is_by_cursor(call):
        body = page_of(call, key, [case.record for case in cases], is_sorted=True)
        return body | {key: [call.account.tickets[record["id"]] for record in body[key]]}
    size, order = page_size(call), call.query.get("sort_by", "")
    if BEFORE in call.query:
        end = min(_offset(call, BEFORE), len(cases))
        start, has_more = max(0, end - size), end > size
    else:
        start = _offset(call, AFTER) if AFTER in call.query else 0
        end = min(start + size, len(cases))
        has_more = end < len(cases)
    ends = {AFTER: _cursor(order, end), BEFORE: _cursor(order, start)} if start < end else {}
    return {
        key: cases[start:end],
        "meta": {
            "has_more": has_more,
            "after_cursor": ends.get(AFTER),
            "before_cursor": ends.get(BEFORE),
        },
        "links": {"prev": _link(call, BEFORE, ends), "next": _link(call, AFTER, ends)},
    }


def _cursor(order: str, offset: int) -> str:
    text = json.dumps({"sort": order, "offset": offset}, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def _offset(call: Call, parameter: str) -> int:
    try:
        content = json.loads(base64.b64decode(call.query[parameter], validate=True))
        offset = content["offset"]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        offset = None
    if isinstance(offset, bool) or not isinstance(offset, int) or not 0 <= offset <= FARTHEST:
        raise bad_request("InvalidPaginationParameter", f"{parameter} is not valid")
    return offset


def _link(call: Call, parameter: str, ends: dict[str, str]) -> str | None:
    if parameter not in ends:
        return None
    kept = {key: text for key, text in call.query.items() if key not in (AFTER, BEFORE)}
    return call.here(kept | {parameter: ends[parameter]})


def _count(call: Call) -> Answer:
    return Answer({"view_count": _counted(call, call.account.views.get(call.id))})


def _count_many(call: Call) -> Answer:
    found = [call.account.views.find(view_id) for view_id in checked_ids(call)]
    return Answer({"view_counts": [_counted(call, view) for view in found if view]})


def _counted(call: Call, view: Record) -> Record:
    """Count a view from the second question on: the first one only starts the counting."""
    if not view["is_counted"]:
        view["is_counted"] = True
        return _count_of(call, view["id"], None)
    return _count_of(call, view["id"], how_many(call.account, view, call.actor))


def _count_of(call: Call, view_id: int | None, value: int | None) -> Record:
    place = ("views", view_id, "count") if view_id else ("views", "preview", "count")
    return {
        "url": call.url(*place),
        "view_id": view_id,
        "value": value,
        "pretty": _pretty(value),
        "fresh": value is not None,
    }


def _pretty(value: int | None) -> str:
    if value is None:
        return "..."
    return str(value) if value <= EXACT_UP_TO else f"~{value // EXACT_UP_TO * EXACT_UP_TO}"


NAME = "views"
ROUTES = (
    Route("GET", "views/{id}/tickets", _tickets, NAME, "tickets"),
    Route("GET", "views/{id}/execute", _execute, NAME, "execute", "view-execute"),
    Route("GET", "views/{id}/count", _count, NAME, "count", "view-count"),
    Route("GET", "views/count_many", _count_many, NAME, "count_many", "view-count-many"),
    Route("POST", "views/preview", _preview, NAME, "preview"),
    Route("POST", "views/preview/count", _preview_count, NAME, "preview_count"),
)
