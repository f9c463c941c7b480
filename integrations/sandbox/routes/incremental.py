"""Incremental exports of tickets, users and organizations, by cursor and by time."""

import base64
import binascii
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice, takewhile
from operator import itemgetter
from typing import Any, TypeVar

from integrations.runtime.clock import format_instant, parse_instant
from integrations.sandbox.routes.organizations import as_read
from integrations.sandbox.routes.sideloads import sideloads
from integrations.sandbox.routes.tickets import present_ticket
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Store
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole

BIGGEST_PAGE, BIGGEST_SAMPLE = 1000, 50
OLD_ENOUGH_S = 60
SAMPLE = "sample"
LATEST = 253_402_300_799  # the end of the year 9999

Place = tuple[float, int]
Item = tuple[int, int, Any]  # (epoch second of the change, id, record): the order of exports
Dated = TypeVar("Dated", bound=tuple[Any, ...])  # begins with the second of its change
Reader = Callable[[Place], Iterator[Item]]  # yields in order what lies behind a place


def horizon(call: Call) -> float:
    """Return the newest second that exports show; what is younger is left for later."""
    return call.account.clock.now().timestamp() - call.export_lag


def start_time(call: Call) -> int:
    """Return the start time that the client asks for."""
    text = call.query.get("start_time", "")
    if not is_whole(text):
        raise bad_request("InvalidValue", "start_time is missing or invalid")
    if call.export_lag and int(text) > call.account.clock.now().timestamp() - OLD_ENOUGH_S:
        message = f"Too recent start_time. Use a start_time older than {OLD_ENOUGH_S} seconds"
        raise bad_request("StartTimeTooRecent", message)
    return int(text)


def per_page(call: Call) -> int:
    """Return how many records a page of an export has."""
    most = BIGGEST_SAMPLE if call.action == SAMPLE else BIGGEST_PAGE
    return min(call.number("per_page", most), most)


def _place(call: Call) -> Place:
    """Return the place behind which the client wants to read on."""
    cursor = call.query.get("cursor")
    if cursor is None:
        return (start_time(call), -1)
    try:
        moment, number = base64.b64decode(cursor, validate=True).decode().split("||")
        return (float(moment), int(number.removesuffix("|")))
    except (ValueError, binascii.Error):
        raise bad_request("InvalidPaginationParameter", "cursor is not valid") from None


def by_cursor(call: Call, read: Reader) -> tuple[list[Any], dict[str, Any]]:
    """Return one page of an export and the fields that lead to the next."""
    waiting = _ripe(call, read(_place(call)))
    page = list(islice(waiting, per_page(call)))
    after = call.query.get("cursor")
    if page:
        after = base64.b64encode(f"{page[-1][0]}.0||{page[-1][1]}|".encode()).decode()
    kept = {key: value for key, value in call.query.items() if key != "start_time"}
    return [record for _, _, record in page], {
        "after_url": call.here(kept | {"cursor": after}) if after else None,
        "before_url": None,
        "after_cursor": after,
        "before_cursor": None,
        "end_of_stream": next(waiting, None) is None,
    }


def by_time(call: Call, read: Reader) -> tuple[list[Any], dict[str, Any]]:
    """Return one page of an export; all records of its last second are on it."""
    start = start_time(call)
    page, is_last = whole_seconds(call, _ripe(call, read((start, -1))))
    last = page[-1][0] if page else start
    end = last if is_last else last + 1
    return [record for _, _, record in page], time_tail(call, len(page), end, is_last=is_last)


def whole_seconds(call: Call, waiting: Iterator[Dated]) -> tuple[list[Dated], bool]:
    """Return a page, stretched to the end of its last second, and whether nothing follows it."""
    page = list(islice(waiting, per_page(call)))
    for one in waiting:
        if one[0] != page[-1][0]:
            return page, False
        page.append(one)
    return page, True


def time_tail(call: Call, count: int, end: int, *, is_last: bool) -> dict[str, Any]:
    """Return the fields that lead from one page by time to the next."""
    return {
        "count": count,
        "end_of_stream": is_last,
        "next_page": call.here(call.query | {"start_time": str(end)}),
        "end_time": end,
    }


def _ripe(call: Call, items: Iterator[Item]) -> Iterator[Item]:
    limit = horizon(call)
    return takewhile(lambda item: item[0] <= limit, items)


def _read_tickets(call: Call) -> Reader:
    tickets = call.account.tickets
    no_deleted = call.query.get("exclude_deleted") == "true"

    def read(place: Place) -> Iterator[Item]:
        for second, number in tickets.by_change.after(place):
            case = tickets[number]
            if not (no_deleted and case.is_deleted):
                yield second, number, case

    return read


def _exported(call: Call, case: TicketCase) -> dict[str, Any]:
    return present_ticket(call, case.record) | {"generated_timestamp": case.generated}


def _tickets(call: Call) -> Answer:
    read = by_cursor if call.action == "cursor" else by_time
    cases, tail = read(call, _read_tickets(call))
    body = {"tickets": [_exported(call, case) for case in cases]}
    return Answer(body | sideloads(call, cases) | tail)


def _dated(store: Store) -> Reader:
    """Return a reader of records in the order of their updates, which nobody keeps for us.

    Instants sort as text, so that only those of one page are ever read as instants.
    """

    def read(place: Place) -> Iterator[Item]:
        since = format_instant(datetime.fromtimestamp(min(max(0, place[0]), LATEST), UTC))
        recent = [record for record in store.all() if record["updated_at"] >= since]
        recent.sort(key=itemgetter("id"))
        recent.sort(key=itemgetter("updated_at"))
        for record in recent:
            second = int(parse_instant(record["updated_at"]).timestamp())
            if (second, record["id"]) > place:
                yield second, record["id"], record

    return read


def _users(call: Call) -> Answer:
    read = by_cursor if call.action == "cursor" else by_time
    users, tail = read(call, _dated(call.account.users))
    return Answer({"users": [present_user(call, user) for user in users]} | tail)


def _organizations(call: Call) -> Answer:
    found, tail = by_time(call, _dated(call.account.organizations))
    return Answer({"organizations": [as_read(call, one) for one in found]} | tail)


NAME = "incremental"
ROUTES = (
    Route("GET", "incremental/tickets/cursor", _tickets, NAME, "cursor", "export"),
    Route("GET", "incremental/tickets", _tickets, NAME, "tickets", "export"),
    Route("GET", "incremental/users/cursor", _users, NAME, "cursor", "export-cursor"),
    Route("GET", "incremental/users", _users, NAME, "users", "export"),
    Route("GET", "incremental/organizations", _organizations, NAME, "organizations", "export"),
    Route("GET", "incremental/tickets/sample", _tickets, NAME, SAMPLE, "export-sample"),
    Route("GET", "incremental/users/sample", _users, NAME, SAMPLE, "export-sample"),
    Route("GET", "incremental/organizations/sample", _organizations, NAME, SAMPLE, "export-sample"),
)
