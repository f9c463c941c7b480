"""Pages of lists: by cursor when the client asks with `page[...]`, else by page number."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state.refusals import Refusal, bad_request
from integrations.sandbox.wire import cursors
from integrations.sandbox.wire.call import Call
from integrations.sandbox.wire.kinds import is_whole

BIGGEST_PAGE = 100
DEEPEST_RECORD = 10_000  # by page number; cursors reach everything
STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
SIZE, AFTER, BEFORE = "page[size]", "page[after]", "page[before]"

Present = Callable[[dict[str, Any]], dict[str, Any]]


def page_of(
    call: Call,
    key: str,
    records: Sequence[dict[str, Any]],
    *,
    order: str = "id",
    present: Present = dict,
    is_sorted: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """Return one page of records as the body of a list answer.

    `order` names the sort fields as in Zendesk's cursors (`-` for descending).
    """
    ordered = records if is_sorted else _sorted(records, order)
    if is_by_cursor(call):
        chosen, tail = _by_cursor(call, ordered, order)
    else:
        chosen, tail = _by_number(call, ordered)
    return {key: [present(record) for record in chosen]} | more | tail


def _fields(order: str) -> list[tuple[str, bool]]:
    names = order.split(",")
    # one leading minus turns the whole order round: "-created_at,id"
    return [(name.lstrip("-"), name.startswith("-")) for name in names]


def _sorted(records: Sequence[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    if order == "id":
        return sorted(records, key=itemgetter("id"))
    ordered = list(records)
    for name, descending in reversed(_fields(order)):
        ordered.sort(key=lambda record: _sortable(record, name), reverse=descending)
    return ordered


def _sortable(record: dict[str, Any], name: str) -> Any:
    if name == "status":  # by the course of a ticket, not by the word
        return STATUSES.index(record[name])
    value = record.get("id" if name == "nice_id" else name)
    return value if value is not None else (0 if name in ("position", "score") else "")


def _values(record: dict[str, Any], order: str) -> tuple[cursors.Value, ...]:
    return tuple(
        parse_instant(_sortable(record, name)) if name.endswith("_at") else _sortable(record, name)
        for name, _ in _fields(order)
    )


def _rank(values: tuple[Any, ...], order: str) -> tuple[Any, ...]:
    """Turn descending numbers and instants round, so that plain comparison finds the place."""
    turned = []
    for value, (_, descending) in zip(values, _fields(order), strict=True):
        number = value.timestamp() if hasattr(value, "timestamp") else value
        turned.append(-number if descending and not isinstance(number, str) else number)
    return tuple(turned)


def is_by_cursor(call: Call) -> bool:
    """Return whether the client asks for pages by cursor."""
    return any(name in call.query for name in (SIZE, AFTER, BEFORE))


def order_by_cursor(call: Call, usual: str) -> str:
    """Return the order in which a list with cursors is asked for: the usual one, or by update."""
    wanted = call.query.get("sort", "")
    if not is_by_cursor(call) or wanted.lstrip("-") != "updated_at":
        return usual
    return "-updated_at,-id" if wanted.startswith("-") else "updated_at,id"


def page_size(call: Call, most: int = BIGGEST_PAGE) -> int:
    """Return how many records a cursor page has; more than `most` are refused, not cut."""
    text = call.query.get(SIZE, str(BIGGEST_PAGE))
    if not is_whole(text) or int(text) < 1:
        raise bad_request("InvalidPaginationParameter", f"{SIZE} is not valid")
    if int(text) > most:
        message = f"{SIZE} cannot be greater than {most}"
        raise bad_request("InvalidPaginationParameter", message)
    return int(text)


def _by_cursor(
    call: Call, ordered: Sequence[dict[str, Any]], order: str
) -> tuple[Sequence[dict[str, Any]], dict[str, Any]]:
    size = page_size(call)
    if BEFORE in call.query:
        end = _place(call, BEFORE, ordered, order, bisect_left)
        start = max(0, end - size)
        has_more = start > 0
    else:
        start = _place(call, AFTER, ordered, order, bisect_right) if AFTER in call.query else 0
        end = min(start + size, len(ordered))
        has_more = end < len(ordered)
    chosen = ordered[start:end]
    ends = [cursors.encode(order, _values(one, order)) for one in (*chosen[:1], *chosen[-1:])]
    return chosen, cursor_links(call, ends, has_more=has_more)


def cursor_links(call: Call, ends: Sequence[str], *, has_more: bool) -> dict[str, Any]:
    """Return what a page by cursor says of its neighbours; `ends` are its outer cursors, if any."""
    if not ends:  # the client keeps the cursor that it has
        nothing = {"has_more": False, "after_cursor": None, "before_cursor": None}
        return {"meta": nothing, "links": {"prev": None, "next": None}}
    first, last = ends
    return {
        "meta": {"has_more": has_more, "after_cursor": last, "before_cursor": first},
        "links": {"prev": page_link(call, {BEFORE: first}), "next": page_link(call, {AFTER: last})},
    }


def _place(
    call: Call,
    parameter: str,
    ordered: Sequence[dict[str, Any]],
    order: str,
    bisect: Callable[..., int],
) -> int:
    """Return the index to which a cursor points; only the records on the way there are ranked."""
    values = cursors.decode(call.query[parameter], order, parameter)
    try:
        place = _rank(values, order)
        return bisect(ordered, place, key=lambda record: _rank(_values(record, order), order))
    except (ValueError, TypeError):  # the values are of other kinds than the fields
        raise bad_request("InvalidPaginationParameter", f"{parameter} is not valid") from None


def page_link(call: Call, changed: dict[str, str]) -> str:
    """Return the address of another page by cursor."""
    kept = {key: text for key, text in call.query.items() if key not in (AFTER, BEFORE)}
    kept.setdefault(SIZE, str(BIGGEST_PAGE))
    return call.here(kept | changed)


def _by_number(
    call: Call, ordered: Sequence[dict[str, Any]]
) -> tuple[Sequence[dict[str, Any]], dict[str, Any]]:
    page = call.number("page", 1)
    size = min(call.number("per_page", BIGGEST_PAGE), BIGGEST_PAGE)
    if page * size > DEEPEST_RECORD:
        raise _too_deep()
    start = (page - 1) * size
    more = start + size < len(ordered)
    return ordered[start : start + size], {
        "next_page": _numbered(call, page + 1) if more else None,
        "previous_page": _numbered(call, page - 1) if page > 1 else None,
        "count": len(ordered),
    }


def _too_deep() -> Refusal:
    problem = {
        "code": "InvalidPaginationDepth",
        "title": f"Pagination by page number is limited to {DEEPEST_RECORD} records",
        "detail": "Use cursor pagination to read further",
    }
    return Refusal(400, {"errors": [problem]})


def _numbered(call: Call, page: int) -> str:
    return call.here(call.query | {"page": str(page)})
