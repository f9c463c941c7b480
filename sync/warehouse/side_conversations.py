"""Side conversations as they are now, told by their events: Zendesk exports only those."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from sync.warehouse.records import Row
from sync.warehouse.tables.conversations import side_conversation_events, side_conversations

MESSAGES = ("create", "reply")
OPEN = "open"
Event = Mapping[str, Any]
_COLUMNS = (
    *("id", "side_conversation_id", "ticket_id", "type", "subject", "preview_text", "sender"),
    *("recipients", "updates", "created_at", "_synced_at", "_source"),
)


def retell(connection: Connection, ids: Iterable[str]) -> None:
    """Write these side conversations anew from all of their events that are stored."""
    ids = sorted(set(ids))
    table = side_conversation_events
    query = (
        select(*(table.c[name] for name in _COLUMNS))
        .where(table.c.side_conversation_id.in_(ids), table.c.deleted_at.is_(None))
        .order_by(table.c.side_conversation_id, table.c.created_at, table.c.id)
    )
    events = [dict(row) for row in connection.execute(query).mappings()]
    told = [tell(list(each)) for _, each in groupby(events, itemgetter("side_conversation_id"))]
    connection.execute(delete(side_conversations).where(side_conversations.c.id.in_(ids)))
    if told:
        connection.execute(insert(side_conversations), told)


def tell(events: Sequence[Event]) -> Row:
    """Return the row of one side conversation from its events, oldest first; there is one at least.

    An imported conversation may have been closed without an event; nothing tells that.
    """
    first, last = events[0], events[-1]
    messages = [event for event in events if event["type"] in MESSAGES]
    states = [event for event in events if isinstance(event["updates"].get("state"), str)]
    subjects = [event["updates"]["subject"] for event in events if "subject" in event["updates"]]
    opening = messages[0] if messages else first
    newest_read = max(events, key=itemgetter("_synced_at"))
    return {
        "id": first["side_conversation_id"],
        "ticket_id": first["ticket_id"],
        "subject": subjects[-1] if subjects else opening["subject"],
        "preview_text": opening["preview_text"],
        "state": states[-1]["updates"]["state"] if states else OPEN,
        "participants": _participants(messages),
        "messages": len(messages),
        "created_at": first["created_at"],
        "message_added_at": messages[-1]["created_at"] if messages else None,
        "state_updated_at": (states[-1] if states else first)["created_at"],
        "updated_at": last["created_at"],
        "_synced_at": newest_read["_synced_at"],
        "_source": newest_read["_source"],
    }


def _participants(messages: Iterable[Event]) -> list[Any]:
    """Return everybody who wrote or was written to, once, in order of appearance."""
    found: list[Any] = []
    for message in messages:
        for each in (message["sender"], *message["recipients"]):
            if each and each not in found:
                found.append(each)
    return found
