"""Side conversations of tickets and the export of their events."""

from typing import Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.routes.incremental import start_time
from integrations.sandbox.state.side_conversations import talking
from integrations.sandbox.state.side_conversations.conversations import SideConversation
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import checked, wrong_kind
from integrations.sandbox.wire.paging import page_of

BIGGEST_EXPORT = 1000


def _conversation(call: Call) -> SideConversation:
    ticket = call.account.ticket(call.id)
    return call.account.side_conversations.get(ticket.id, call.params[1])


def _present(call: Call, conversation: SideConversation) -> Record:
    return conversation.shown(_url(call, conversation.ticket_id, conversation.id))


def _url(call: Call, ticket_id: int, conversation_id: str) -> str:
    return f"{call.base}/api/v2/tickets/{ticket_id}/side_conversations/{conversation_id}"


def _present_event(call: Call, event: Record) -> Record:
    url = _url(call, event["ticket_id"], event["side_conversation_id"])
    return event | {"url": url}


def _page(call: Call, key: str, records: list[Record], **more: Any) -> Answer:
    """Answer a page of records in the order in which they came."""
    numbered = [{"position": n, "record": one} for n, one in enumerate(records, start=1)]
    body = page_of(call, key, numbered, order="position", present=lambda one: one["record"], **more)
    return Answer(body)


def _index(call: Call) -> Answer:
    found = call.account.side_conversations.of_ticket(call.account.ticket(call.id).id)
    shown = [_present(call, one) for one in found]
    if not call.includes("events"):
        return _page(call, "side_conversations", shown)
    events = [_present_event(call, event) for one in found for event in one.events]
    return _page(call, "side_conversations", shown, events=events)


def _show(call: Call) -> Answer:
    conversation = _conversation(call)
    body: dict[str, Any] = {"side_conversation": _present(call, conversation)}
    if call.includes("events"):
        body["events"] = [_present_event(call, event) for event in conversation.events]
    return Answer(body)


def _events(call: Call) -> Answer:
    conversation = _conversation(call)
    events = [_present_event(call, event) for event in conversation.events]
    if not call.includes("side_conversations"):
        return _page(call, "events", events)
    return _page(call, "events", events, side_conversations=[_present(call, conversation)])


def _create(call: Call) -> Answer:
    ticket = call.account.ticket(call.id)
    asked = checked(call.body)
    message = _message(asked.get("message"))
    if any(one.get("support_group_id") for one in message.get("to") or ()):
        call.full_agent()  # light agents cannot make child tickets
    conversation, event = talking.begin(call.account, ticket.id, message, _texts(asked), call.actor)
    return _brought(call, conversation, event)


def _brought(call: Call, conversation: SideConversation, event: Record) -> Answer:
    body = {
        "event": _present_event(call, event),
        "side_conversation": _present(call, conversation),
        "updates": {},
    }
    return Answer(body, 201)


def _reply(call: Call) -> Answer:
    conversation = _conversation(call)
    message = _message(checked(call.body).get("message"))
    talking.reply(call.account, conversation, message, call.actor)
    return Answer({"side_conversation": _present(call, conversation)})


def _update(call: Call) -> Answer:
    conversation = _conversation(call)
    talking.update(call.account, conversation, call.wrapped("side_conversation"), call.actor)
    return Answer({"side_conversation": _present(call, conversation)})


def _import(call: Call) -> Answer:
    ticket = call.account.ticket(call.id)
    asked = call.wrapped("side_conversation")
    asked["external_ids"] = _texts(asked)
    return _brought(call, *talking.bring_in(call.account, ticket.id, asked, _imported(call)))


def _import_events(call: Call) -> Answer:
    conversation = _conversation(call)
    event = talking.bring_in_events(call.account, conversation, _imported(call))
    return _brought(call, conversation, event)


def _imported(call: Call) -> list[dict[str, Any]]:
    events = checked(call.body).get("events") or []
    return [event | {"message": _message(event.get("message"))} for event in events]


def _message(given: dict[str, Any] | None) -> dict[str, Any]:
    message = given or {}
    return message | {"external_ids": _texts(message)}


def _texts(holder: dict[str, Any]) -> dict[str, str]:
    ids: dict[str, str] = holder.get("external_ids") or {}
    if not all(isinstance(value, str) for value in ids.values()):
        raise wrong_kind("external_ids", "must hold strings")
    return ids


def _export(call: Call) -> Answer:
    """Export events by time; the events of a page's last second come again on the next."""
    start = start_time(call)
    found = call.account.side_conversations.events_from(start, BIGGEST_EXPORT + 1)
    page, more = found[:BIGGEST_EXPORT], len(found) > BIGGEST_EXPORT
    end = int(parse_instant(page[-1]["created_at"]).timestamp()) if page else start
    following = f"{call.base}/api/v2/tickets/side_conversations/events.json?start_time={end}"
    return Answer(
        {
            "count": len(page),
            "end_time": end,
            "events": [_present_event(call, event) for event in page],
            "next_page": following if more else None,
        }
    )


NAME = "side_conversations"
OF_TICKET = "tickets/{id}/side_conversations"
ONE = OF_TICKET + "/{key}"
WRITE = "side-conversation-write"
ROUTES = (
    Route("GET", OF_TICKET, _index, NAME, "index"),
    Route("POST", OF_TICKET, _create, NAME, "create", WRITE),
    Route("POST", OF_TICKET + "/import", _import, NAME, "import"),
    Route("GET", ONE, _show, NAME, "show"),
    Route("PUT", ONE, _update, NAME, "update"),
    Route("POST", ONE + "/reply", _reply, NAME, "reply", WRITE),
    Route("GET", ONE + "/events", _events, NAME, "events"),
    Route("POST", ONE + "/events/import", _import_events, NAME, "import_events"),
    Route(
        "GET",
        "tickets/side_conversations/events",
        _export,
        NAME,
        "export",
        "side-conversation-events",
    ),
)
