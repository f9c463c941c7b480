"""The incremental export of ticket events: every audit with its child events."""

from collections.abc import Iterator
from typing import Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.routes.incremental import SAMPLE, Item, Place, Reader, by_time
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Answer, Call, Route

VIA = {"api": "Web service", "web": "Web form", "rule": "Rule"}


def _read(call: Call) -> Reader:
    account = call.account

    def read(place: Place) -> Iterator[Item]:
        for second, audit_id, number, position in account.audits.after(place):
            case = account.tickets.get(number)
            if case is not None and not case.is_scrubbed:
                yield second, audit_id, (case, position)

    return read


def _index(call: Call) -> Answer:
    with_comments = call.includes("comment_events")
    found, tail = by_time(call, _read(call))
    audits = [case.glimpse("audits", position) for case, position in found]
    events = [_event(audit, with_comments=with_comments) for audit in audits]
    return Answer({"ticket_events": events} | tail)


def _event(audit: Record, *, with_comments: bool) -> dict[str, Any]:
    return {
        "id": audit["id"],
        "ticket_id": audit["ticket_id"],
        "timestamp": int(parse_instant(audit["created_at"]).timestamp()),
        "created_at": audit["created_at"],
        "updater_id": audit["author_id"],
        "via": VIA.get(audit["via"]["channel"], audit["via"]["channel"]),
        "system": audit["metadata"]["system"],
        "metadata": audit["metadata"],
        "event_type": "Audit",
        "child_events": [
            _child(event, audit, with_comments=with_comments) for event in audit["events"]
        ],
    }


def _child(event: Record, audit: Record, *, with_comments: bool) -> dict[str, Any]:
    via = event.get("via") or audit["via"]
    is_by_rule = via["channel"] == "rule"
    common = {
        "id": event["id"],
        "via": VIA.get(via["channel"], via["channel"]),
        "via_reference_id": via["source"]["from"]["id"] if is_by_rule else None,
        "event_type": event["type"],
    }
    if event["type"] == "Comment":
        if with_comments:
            return event | common | {"via": audit["via"], "created_at": audit["created_at"]}
        return common | {"comment_present": True, "comment_public": event["public"]}
    if "field_name" not in event:  # a redaction, a change of followers, a used macro
        return event | common
    return common | _change(event)


def _change(event: Record) -> dict[str, Any]:
    field, value = event["field_name"], _value(event["value"], event["field_name"])
    if field.isdigit():
        change: dict[str, Any] = {"custom_ticket_fields": {field: value}}
    else:
        change = {field: value}
    if event["type"] == "Change":
        previous = _value(event["previous_value"], field)
        change["previous_value"] = previous
        if field == "tags":
            change["added_tags"] = [tag for tag in value if tag not in previous]
            change["removed_tags"] = [tag for tag in previous if tag not in value]
    return change


def _value(value: Any, field: str) -> Any:
    is_id = field.endswith("_id") and isinstance(value, str) and value.isdigit()
    return int(value) if is_id else value


NAME = "incremental"
ROUTES = (
    Route("GET", "incremental/ticket_events", _index, NAME, "ticket_events", "export"),
    Route("GET", "incremental/ticket_events/sample", _index, NAME, SAMPLE, "export-sample"),
)
