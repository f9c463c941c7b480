"""Satisfaction ratings: what customers said about the help they got."""

from collections.abc import Callable

from integrations.runtime.clock import parse_instant
from integrations.sandbox.routes.records import Resource, counted
from integrations.sandbox.state.refusals import forbidden
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.satisfaction import rate
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import is_whole

NAME, REASONS = "satisfaction_ratings", "satisfaction_reasons"
RATED = ("good", "bad")
RESOURCE = Resource(
    plural=NAME,
    singular="satisfaction_rating",
    path=NAME,
    store=lambda call: call.account.satisfaction_ratings,
    verbs=("show",),
)
REASON = Resource(
    plural="reasons",
    singular="reason",
    path=REASONS,
    store=lambda call: call.account.satisfaction_reasons,
    verbs=("show",),
)
SCORES: dict[str, Callable[[Record], bool]] = {
    "offered": lambda one: one["score"] == "offered",
    "unoffered": lambda one: one["score"] == "unoffered",
    "received": lambda one: one["score"] in RATED,
    "received_with_comment": lambda one: one["score"] in RATED and bool(one["comment"]),
    "received_without_comment": lambda one: one["score"] in RATED and not one["comment"],
    "good": lambda one: one["score"] == "good",
    "good_with_comment": lambda one: one["score"] == "good" and bool(one["comment"]),
    "good_without_comment": lambda one: one["score"] == "good" and not one["comment"],
    "bad": lambda one: one["score"] == "bad",
    "bad_with_comment": lambda one: one["score"] == "bad" and bool(one["comment"]),
    "bad_without_comment": lambda one: one["score"] == "bad" and not one["comment"],
}


def _wanted(call: Call) -> list[Record]:
    fits = SCORES.get(call.query.get("score", ""))
    everything = call.account.satisfaction_ratings.all()
    ratings = [one for one in everything if fits is None or fits(one)]
    first, last = _second(call, "start_time"), _second(call, "end_time")
    return [
        one
        for one in ratings
        if (first is None or _updated(one) >= first) and (last is None or _updated(one) <= last)
    ]


def _second(call: Call, name: str) -> int | None:
    text = call.query.get(name, "")
    return int(text) if is_whole(text) else None


def _updated(rating: Record) -> float:
    return parse_instant(rating["updated_at"]).timestamp()


def _index(call: Call) -> Answer:
    return RESOURCE.page(call, _wanted(call))


def _count(call: Call) -> Answer:
    return counted(call, len(_wanted(call)))


def _rate(call: Call) -> Answer:
    case = call.account.ticket(call.id)
    if case.record["requester_id"] != call.actor["id"] or call.actor["role"] != "end-user":
        raise forbidden("You do not have access to this page. Please contact the account owner")
    rating = rate(call.account, case, call.wrapped(RESOURCE.singular))
    return Answer({RESOURCE.singular: RESOURCE.present(call, rating)})


def _reasons(call: Call) -> Answer:
    return Answer({"reasons": [REASON.present(call, one) for one in REASON.listed(call)]})


ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", f"{NAME}/count", _count, NAME, "count"),
    *RESOURCE.routes(),
    Route(
        "POST",
        "tickets/{id}/satisfaction_rating",
        _rate,
        NAME,
        "create",
        open_to_end_users=True,
    ),
    Route("GET", REASONS, _reasons, REASONS, "index"),
    *REASON.routes(),
)
