"""Pages of the webhook API, whose cursors are an id and a direction."""

from typing import Any

from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call
from integrations.sandbox.wire.paging import AFTER, BEFORE, page_link, page_size

DIRECTIONS = ("asc", "desc")


def plain(body: Any, status: int = 200) -> Answer:
    """Answer as the webhook API does: its content type names no character set."""
    return Answer(body, status, content_type="application/json")


def webhook_page(
    call: Call, records: list[Record], direction: str = "desc"
) -> tuple[list[Record], dict[str, Any]]:
    """Return the page that the call asks for, with `meta` and `links`."""
    size = page_size(call)
    if BEFORE in call.query:
        end = _place(call, BEFORE, records)
        start = max(0, end - size)
        has_more = start > 0
    else:
        start = _place(call, AFTER, records) + 1 if call.query.get(AFTER) else 0
        end = start + size
        has_more = end < len(records)
    chosen = records[start:end]
    meta: dict[str, Any] = {"has_more": has_more}
    if not chosen:
        return [], {"meta": meta, "links": {}}
    after, before = (f"{chosen[n]['id']},{direction}" for n in (-1, 0))
    links = {}
    if end < len(records):
        links["next"] = page_link(call, {AFTER: after})
    if start > 0:
        links["prev"] = page_link(call, {BEFORE: before})
    return chosen, {
        "meta": meta | {"after_cursor": after, "before_cursor": before},
        "links": links,
    }


def _place(call: Call, parameter: str, records: list[Record]) -> int:
    ulid, _, direction = call.query[parameter].partition(",")
    for place, record in enumerate(records):
        if record["id"] == ulid and direction in DIRECTIONS:
            return place
    raise bad_request("InvalidPaginationParameter", f"{parameter} is not valid")
