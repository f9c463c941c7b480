"""The audits of all tickets, read backwards from the newest: a list with cursors of its own."""

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from integrations.sandbox.routes.ticket_history import sideloaded_authors
from integrations.sandbox.state.indexes.streams import Entry, Stream
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire import cursors
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import AFTER, BEFORE, cursor_links, is_by_cursor, page_size

MOST = 1000
ORDER = "created_at,id"
FIRST_LOOK_S = 3600

Place = tuple[float, int]


def _index(call: Call) -> Answer:
    if is_by_cursor(call):
        return _by_page(call)
    limit = min(call.number("limit", MOST), MOST)
    place, is_after = _place(call)
    entries = _ahead(call, place, limit) if is_after else _behind(call, place, limit)
    body: dict[str, Any] = {"audits": _audits(call, entries)}
    older = entries and _behind(call, entries[0][:2], 1)
    body |= _ends(call, "after", entries[-1] if entries else None)
    body |= _ends(call, "before", entries[0] if older else None)
    if call.query.get("sort_order", "desc") != "asc":
        body["audits"].reverse()
    return Answer(body | sideloaded_authors(call, body["audits"]))


def _place(call: Call) -> tuple[Place, bool]:
    """Return where the client reads on, and whether towards newer audits.

    `<second>.0||<id>|` reads what is newer, `|<second>.0||<id>` what is older.
    """
    cursor = call.query.get("cursor")
    if cursor is None:
        return (call.account.clock.now().timestamp() + 1, 0), False
    try:
        text = base64.b64decode(cursor, validate=True).decode()
        moment, number = text.strip("|").split("||")
        return (float(int(float(moment))), int(number)), not text.startswith("|")
    except (ValueError, OverflowError, binascii.Error):
        raise bad_request("InvalidPaginationParameter", "cursor is not valid") from None


def _ends(call: Call, side: str, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {f"{side}_url": None, f"{side}_cursor": None}
    place = f"{entry.second}.0||{entry.id}"
    text = f"{place}|" if side == "after" else f"|{place}"
    cursor = base64.b64encode(text.encode()).decode()
    return {
        f"{side}_url": call.here(call.query | {"cursor": cursor}),
        f"{side}_cursor": cursor,
    }


def _by_page(call: Call) -> Answer:
    """Answer with a page in the way of all lists, oldest first."""
    size = page_size(call)
    if BEFORE in call.query:
        entries = _behind(call, _decoded(call, BEFORE), size + 1)
        has_more, entries = len(entries) > size, entries[-size:]
    else:
        place = _decoded(call, AFTER) if AFTER in call.query else (0.0, 0)
        entries = _ahead(call, place, size + 1)
        has_more, entries = len(entries) > size, entries[:size]
    ends = [cursors.encode(ORDER, _values(one)) for one in (entries[:1] + entries[-1:])]
    audits = _audits(call, entries)
    links = cursor_links(call, ends, has_more=has_more)
    return Answer({"audits": audits} | sideloaded_authors(call, audits) | links)


def _values(entry: Entry) -> tuple[datetime, int]:
    return datetime.fromtimestamp(entry.second, UTC), entry.id


def _decoded(call: Call, parameter: str) -> Place:
    moment, number = cursors.decode(call.query[parameter], ORDER, parameter)
    if not isinstance(moment, datetime) or not isinstance(number, int):
        raise bad_request("InvalidPaginationParameter", f"{parameter} is not valid")
    return moment.timestamp(), number


def _living(call: Call, entries: Iterator[Entry]) -> Iterator[Entry]:
    for entry in entries:
        case = call.account.tickets.get(entry.ticket)
        if case and not case.is_deleted and not call.account.tickets.is_archived(case.id):
            yield entry


def _ahead(call: Call, place: Place, limit: int) -> list[Entry]:
    return list(islice(_living(call, call.account.audits.after(place)), limit))


def _behind(call: Call, place: Place, limit: int) -> list[Entry]:
    """Return the newest entries before a place; it looks back twice as far until it has enough."""
    stream: Stream = call.account.audits
    span = FIRST_LOOK_S
    while True:
        start = place[0] - span
        found = list(_living(call, _until(stream.after((start, 0)), place)))
        if len(found) >= limit or start <= 0:
            return found[-limit:]
        span *= 4


def _until(entries: Iterator[Entry], place: Place) -> Iterator[Entry]:
    for entry in entries:
        if entry[:2] >= place:
            return
        yield entry


def _audits(call: Call, entries: list[Entry]) -> list[Record]:
    tickets = call.account.tickets
    return [tickets[entry.ticket].glimpse("audits", entry.position) for entry in entries]


ROUTES = (Route("GET", "ticket_audits", _index, "ticket_audits", "index"),)
