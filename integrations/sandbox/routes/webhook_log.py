"""What became of deliveries: invocations and their attempts."""

from datetime import datetime

from integrations.runtime.clock import parse_instant
from integrations.sandbox.deliveries.invocations import PENDING, Invocation
from integrations.sandbox.routes.webhook_pages import plain, webhook_page
from integrations.sandbox.routes.webhooks import NAME, webhook_of
from integrations.sandbox.state.refusals import bad_request, not_found
from integrations.sandbox.wire.call import Answer, Call, Route

SORT = "latest_completed_at"


def _invocations(call: Call) -> Answer:
    log = call.deliveries.invocations(webhook_of(call)["id"])
    status = call.query.get("filter[status]", "").lower()
    first, last = _moment(call, "filter[from_ts]"), _moment(call, "filter[to_ts]")
    found = [
        one
        for one in log
        if one.status != PENDING
        and status in ("", one.status)
        and (first is None or _completed(one) >= first)
        and (last is None or _completed(one) <= last)
    ]
    is_rising = _is_rising(call)
    shown = [one.shown() for one in (found if is_rising else reversed(found))]
    chosen, tail = webhook_page(call, shown, "asc" if is_rising else "desc")
    return plain({"invocations": chosen} | tail)


def _completed(one: Invocation) -> datetime:
    return one.completed_at or one.started_at


def _is_rising(call: Call) -> bool:
    sort = call.query.get("sort", f"-{SORT}")
    if sort.removeprefix("-") != SORT:
        raise bad_request("InvalidSortParameter", "sort is not valid")
    return not sort.startswith("-")


def _moment(call: Call, parameter: str) -> datetime | None:
    text = call.query.get(parameter)
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        raise bad_request("InvalidFilterParameter", f"{parameter} is not valid") from None


def _attempts(call: Call) -> Answer:
    for one in call.deliveries.invocations(webhook_of(call)["id"]):
        if one.id == call.params[1]:
            return plain({"attempts": one.shown_attempts()})
    raise not_found()


ROUTES = (
    Route("GET", "webhooks/{key}/invocations", _invocations, NAME, "invocations"),
    Route("GET", "webhooks/{key}/invocations/{key}/attempts", _attempts, NAME, "attempts"),
)
