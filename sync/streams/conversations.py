"""Side conversations: all of them in one export, instead of one request for each ticket."""

from sync.streams.stream import SOON, Paging, Stream
from sync.warehouse.tables.conversations import side_conversation_events

CHANGES: tuple[Stream, ...] = (
    Stream(
        name="side_conversation_events",
        path="/api/v2/tickets/side_conversations/events.json",
        records_key="events",
        paging=Paging.CHANGES_BY_TIME,
        table=side_conversation_events,
        freshness=SOON,
        change_clock="created_at",
    ),
)
