"""Activities: what others did lately to the tickets of the agent who asks."""

from datetime import datetime, timedelta

from integrations.runtime.clock import format_instant, parse_instant
from integrations.sandbox.routes.records import counted
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.state.activities import activities_in
from integrations.sandbox.state.refusals import bad_request, not_found
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import page_of

NAME = "activities"
KEPT = timedelta(days=30)
TITLES = {
    "tickets.assignment": "{actor} assigned ticket #{ticket} to you.",
    "tickets.comment": "{actor} commented on ticket #{ticket}.",
    "tickets.priority_increase": "{actor} increased the priority of ticket #{ticket} to {value}.",
}
SYSTEM = {"id": -1, "name": "Zendesk"}  # who acts where nobody does


def _recent(call: Call) -> list[Record]:
    """Return the agent's activities, each with its ticket."""
    agent_id, since = call.actor["id"], format_instant(_since(call))
    return [
        activity | {"ticket": case.record}
        for case in call.account.tickets.by_agent.cases("agent_id", agent_id)
        if case.record["updated_at"] >= since
        for activity in _of_ticket(case)
        if activity["user_id"] == agent_id and activity["created_at"] >= since
    ]


def _of_ticket(case: TicketCase) -> list[Record]:
    return case.derive(activities_in)


def _since(call: Call) -> datetime:
    oldest = call.account.clock.now() - KEPT
    if "since" not in call.query:
        return oldest
    try:
        return max(oldest, parse_instant(call.query["since"]))
    except ValueError:
        raise bad_request("InvalidValue", "since is not a valid time") from None


def _present(call: Call, activity: Record) -> Record:
    ticket = {"ticket": {"id": activity["ticket"]["id"], "subject": activity["ticket"]["subject"]}}
    actor = _person(call, activity["actor_id"])
    event = activity["event"]
    title = TITLES[activity["verb"]]
    return {
        "url": call.url(NAME, activity["id"]),
        "id": activity["id"],
        "title": title.format(
            actor=actor["name"], ticket=activity["ticket"]["id"], value=event.get("value")
        ),
        "verb": activity["verb"],
        "user_id": activity["user_id"],
        "actor_id": activity["actor_id"],
        "updated_at": activity["created_at"],
        "created_at": activity["created_at"],
        "object": _object(activity["verb"], event) or ticket,
        "target": ticket,
        "user": _person(call, activity["user_id"]),
        "actor": actor,
    }


def _object(verb: str, event: Record) -> Record | None:
    if verb == "tickets.comment":
        return {"comment": {"value": event["body"], "public": event["public"]}}
    if verb == "tickets.priority_increase":
        return {"change": {name: event[name] for name in ("field_name", "previous_value", "value")}}
    return None


def _person(call: Call, user_id: int) -> Record:
    user = call.account.users.find(user_id)
    return present_user(call, user) if user else dict(SYSTEM)


def _index(call: Call) -> Answer:
    page = page_of(
        call,
        NAME,
        _recent(call),
        order="-created_at,id",
        present=lambda activity: _present(call, activity),
    )
    shown = page[NAME]
    for name, role in (("users", "user"), ("actors", "actor")):
        page[name] = list({one[role]["id"]: one[role] for one in shown}.values())
    return Answer(page)


def _count(call: Call) -> Answer:
    return counted(call, len(_recent(call)))


def _show(call: Call) -> Answer:
    for activity in _recent(call):
        if activity["id"] == call.id:
            return Answer({"activity": _present(call, activity)})
    raise not_found()


ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("GET", f"{NAME}/count", _count, NAME, "count"),
    Route("GET", f"{NAME}/{{id}}", _show, NAME, "show"),
)
