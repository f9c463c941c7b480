"""Search: by page number for people, by cursor for exports."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.routes.groups import RESOURCE as GROUPS
from integrations.sandbox.routes.organizations import RESOURCE as ORGANIZATIONS
from integrations.sandbox.routes.sideloads import sideloads
from integrations.sandbox.routes.tickets import present_ticket
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.search import cursors
from integrations.sandbox.search.finding import Found, newest_first, ordered, search
from integrations.sandbox.search.language import TYPES, parse
from integrations.sandbox.search.matching import Scope
from integrations.sandbox.state.refusals import Refusal, bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole, wrong_kind

MOST_RESULTS = 1000
BIGGEST_PAGE = 100
BIGGEST_EXPORT_PAGE = 1000
SIZE, AFTER = "page[size]", "page[after]"
PRESENT = {
    "ticket": present_ticket,
    "user": present_user,
    "organization": ORGANIZATIONS.present,
    "group": GROUPS.present,
}


def _invalid(reason: str) -> Refusal:
    return Refusal(422, {"error": "invalid", "description": f"Invalid search: {reason}"})


def _found(call: Call, types: tuple[str, ...] = ()) -> list[Found]:
    text = call.query.get("query", "")
    if not text.strip():
        raise _invalid("query cannot be blank")
    query = parse(text)
    if types:
        query = replace(query, types=types)
    found = search(Scope(call.account, call.actor, call.account.clock.now()), query)
    order_by = call.query.get("sort_by") or query.order_by
    return ordered(found, order_by, call.query.get("sort_order") or query.direction)


def _results(call: Call, found: list[Found]) -> list[Record]:
    return [PRESENT[kind](call, record) | {"result_type": kind} for kind, record in found]


def _search(call: Call) -> Answer:
    page, size = _whole(call, "page", 1), min(_whole(call, "per_page", BIGGEST_PAGE), BIGGEST_PAGE)
    if page * size > MOST_RESULTS:
        raise _invalid("Requested response size was greater than Search Response Limits")
    found = _found(call)
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


def _whole(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return max(1, int(text)) if is_whole(text) else default


def _link(call: Call, **changed: object) -> str:
    query = call.query | {key: str(value) for key, value in changed.items()}
    return f"{call.base}{call.path}?{urlencode(sorted(query.items()))}"


def _count(call: Call) -> Answer:
    return Answer({"count": len(_found(call))})


def _export(call: Call) -> Answer:
    kind = call.query.get("filter[type]", "")
    if kind not in TYPES:
        raise wrong_kind("filter[type]", f"must be one of {', '.join(TYPES)}")
    size = _export_size(call)
    asked = f"{kind} {call.query.get('query', '')}"
    now = call.account.clock.now()
    session = cursors.Session(start=now, exported=0)
    found = newest_first(_found(call, (kind,)))
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


def _export_size(call: Call) -> int:
    text = call.query.get(SIZE, str(BIGGEST_PAGE))
    if not is_whole(text) or int(text) < 1:
        raise bad_request("InvalidPaginationParameter", f"{SIZE} is not valid")
    if int(text) > BIGGEST_EXPORT_PAGE:
        message = f"{SIZE} cannot be greater than {BIGGEST_EXPORT_PAGE}"
        raise bad_request("InvalidPaginationParameter", message)
    return int(text)


NAME = "search"
ROUTES = (
    Route("GET", NAME, _search, NAME, "index", "search"),
    Route("GET", "search/count", _count, NAME, "count", "search"),
    Route("GET", "search/export", _export, NAME, "export", "search-export"),
)
