"""Search: by page number for people, by cursor for exports."""

from dataclasses import replace
from typing import Any

from integrations.sandbox.routes.groups import RESOURCE as GROUPS
from integrations.sandbox.routes.organizations import RESOURCE as ORGANIZATIONS
from integrations.sandbox.routes.sideloads import sideloads
from integrations.sandbox.routes.tickets import present_ticket
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.search import cursors
from integrations.sandbox.search.finding import Found, newest_first, ordered, search
from integrations.sandbox.search.language import TYPES, Query, parse
from integrations.sandbox.search.matching import Scope
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import wrong_kind
from integrations.sandbox.wire.paging import AFTER, BIGGEST_PAGE, SIZE, is_by_cursor, page_size

MOST_RESULTS = 1000
BIGGEST_EXPORT_PAGE = 1000
PRESENT = {
    "ticket": present_ticket,
    "user": present_user,
    "organization": ORGANIZATIONS.present,
    "group": GROUPS.present,
}


def _invalid(reason: str) -> Refusal:
    return Refusal(422, {"error": "invalid", "description": f"Invalid search: {reason}"})


def _asked(call: Call) -> Query:
    text = call.query.get("query", "")
    if not text.strip():
        raise _invalid("query cannot be blank")
    return parse(text)


def _found(call: Call, query: Query) -> list[Found]:
    return search(Scope(call.account, call.actor, call.account.clock.now()), query)


def _results(call: Call, found: list[Found]) -> list[Record]:
    return [PRESENT[kind](call, record) | {"result_type": kind} for kind, record in found]


def _search(call: Call) -> Answer:
    if is_by_cursor(call):
        raise wrong_kind("page", "must be an integer")
    page, size = call.number("page", 1), min(call.number("per_page", BIGGEST_PAGE), BIGGEST_PAGE)
    if page * size > MOST_RESULTS:
        raise _invalid("Requested response size was greater than Search Response Limits")
    query = _asked(call)
    order_by = call.query.get("sort_by") or query.order_by
    direction = call.query.get("sort_order") or query.direction
    found = ordered(_found(call, query), order_by, direction)
    start = (page - 1) * size
    chosen = found[start : start + size]
    body = {
        "results": _results(call, chosen),
        "facets": None,
        "next_page": _link(call, page=page + 1) if start + size < len(found) else None,
        "previous_page": _link(call, page=page - 1) if page > 1 else None,
        "count": len(found),
    }
    return Answer(body | _sideloads(call, chosen))


def _sideloads(call: Call, found: list[Found]) -> dict[str, Any]:
    """Return what rides along with the tickets: `include=tickets(users,groups)`."""
    wanted = call.query.get("include", "")
    if "tickets(" not in wanted:
        return {}
    inner = wanted.partition("tickets(")[2].partition(")")[0]
    cases = [call.account.tickets[record["id"]] for kind, record in found if kind == "ticket"]
    return sideloads(replace(call, query=call.query | {"include": inner}), cases)


def _link(call: Call, **changed: object) -> str:
    return call.here(call.query | {key: str(value) for key, value in changed.items()})


def _count(call: Call) -> Answer:
    return Answer({"count": len(_found(call, _asked(call)))})


def _export(call: Call) -> Answer:
    kind = call.query.get("filter[type]", "")
    if kind not in TYPES:
        raise wrong_kind("filter[type]", f"must be one of {', '.join(TYPES)}")
    size = page_size(call, BIGGEST_EXPORT_PAGE)
    asked = f"{kind} {call.query.get('query', '')}"
    now = call.account.clock.now()
    session = cursors.Session(start=now, exported=0)
    found = newest_first(_found(call, replace(_asked(call), types=(kind,))))
    if AFTER in call.query:
        session, place = cursors.read(call.query[AFTER], asked, now)
        found = [one for one in found if cursors.place_of(one[1]) > place]
    chosen = found[:size]
    session = replace(session, exported=session.exported + len(chosen))
    after = cursors.write(session, asked, chosen[-1][1], now) if chosen else None
    link = _link(call, **{SIZE: size, AFTER: after}) if after else None
    body = {
        "results": _results(call, chosen),
        "facets": None,
        "meta": {"has_more": len(found) > size, "after_cursor": after, "before_cursor": None},
        "links": {"prev": None, "next": link},
    }
    return Answer(body)


NAME = "search"
ROUTES = (
    Route("GET", NAME, _search, NAME, "index", "search"),
    Route("GET", "search/count", _count, NAME, "count", "search"),
    Route("GET", "search/export", _export, NAME, "export", "search-export"),
)
