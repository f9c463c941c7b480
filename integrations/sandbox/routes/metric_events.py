"""Ticket metric events: the export of all of them, and those of one ticket."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from integrations.sandbox.routes.incremental import (
    horizon,
    start_time,
    time_tail,
    whole_seconds,
)
from integrations.sandbox.sla.standing import events_by_metric, policy_metrics
from integrations.sandbox.state.metric_events import Item, Place
from integrations.sandbox.wire import cursors
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole
from integrations.sandbox.wire.paging import AFTER, BEFORE, cursor_links, is_by_cursor, page_size

ORDER = "time,id"
FIRST = -1  # an id before all ids


def _export(call: Call) -> Answer:
    is_paged = is_by_cursor(call)
    items, tail = _by_cursor(call) if is_paged else _by_time(call)
    kept = call.account.metric_events
    events = [kept.present(case, event) for _, _, case, event in items]
    again = [event for event in events if kept.is_repeated()]
    return Answer({"ticket_metric_events": events + again} | tail)


def _start(call: Call) -> int:
    """Return the start time; pages of breaches that lie ahead begin in the future."""
    text = call.query.get("start_time", "")
    if is_whole(text) and int(text) > call.account.clock.now().timestamp():
        return int(text)
    return start_time(call)


def _visible(call: Call, place: Place, *, backwards: bool = False) -> Iterator[Item]:
    """Yield what the client may see behind (or in front of) a place.

    What was written in the last minute is left for later; a breach may lie ahead of that.
    """
    kept, limit = call.account.metric_events, horizon(call)
    no_deleted = call.query.get("exclude_deleted") == "true"
    read = kept.before if backwards else kept.after
    by_change = call.query.get("include_changes") == "true"
    for item in read(call.account.tickets, place, by_change=by_change, limit=limit):
        if not (no_deleted and item[2].is_deleted):
            yield item


def _by_time(call: Call) -> tuple[list[Item], dict[str, Any]]:
    start = _start(call)
    page, is_last = whole_seconds(call, _visible(call, (start, FIRST)))
    last = page[-1][0] if page else start
    # the next export begins at the present even if breaches lie ahead: they are read again
    end = min(last, int(horizon(call))) if is_last else last + 1
    return page, time_tail(call, len(page), max(end, 0), is_last=is_last)


def _by_cursor(call: Call) -> tuple[list[Item], dict[str, Any]]:
    size = page_size(call)
    if BEFORE in call.query:
        found = list(islice(_visible(call, _place(call, BEFORE), backwards=True), size + 1))
        page, has_more = found[:size][::-1], len(found) > size
    else:
        place = _place(call, AFTER) if AFTER in call.query else (_start(call), FIRST)
        found = list(islice(_visible(call, place), size + 1))
        page, has_more = found[:size], len(found) > size
    ends = []
    if page:
        ends = [_cursor(page[0][:2]), _cursor(_resting_place(call, page[-1], has_more=has_more))]
    return page, cursor_links(call, ends, has_more=has_more)


def _resting_place(call: Call, last: Item, *, has_more: bool) -> tuple[int, int]:
    """Return the place behind which the client reads on; at the end never ahead of the present."""
    return last[:2] if has_more else min(last[:2], (int(horizon(call)), 0))


def _cursor(place: tuple[int, int]) -> str:
    return cursors.encode(ORDER, (datetime.fromtimestamp(place[0], UTC), place[1]))


def _place(call: Call, parameter: str) -> Place:
    moment, number = cursors.decode(call.query[parameter], ORDER, parameter)
    if not isinstance(moment, datetime) or not isinstance(number, int):
        raise cursors.unusable(parameter)
    return (moment.timestamp(), number)


def _of_ticket(call: Call) -> Answer:
    return Answer(events_by_metric(call.account, call.account.ticket(call.id)))


def _policy_metrics(call: Call) -> Answer:
    case, now = call.account.ticket(call.id), call.account.clock.now()
    of_groups = call.controller == "group_slas"
    return Answer({"policy_metrics": policy_metrics(case, now, of_groups=of_groups)})


NAME = "ticket_metric_events"
ROUTES = (
    Route("GET", "incremental/ticket_metric_events", _export, NAME, "incremental", "export"),
    Route("GET", "tickets/{id}/metric_events", _of_ticket, NAME, "index"),
    Route("GET", "tickets/{id}/slas/policy_metrics", _policy_metrics, "slas", "index"),
    Route("GET", "tickets/{id}/group_slas/policy_metrics", _policy_metrics, "group_slas", "index"),
)
