"""What a side conversation is, and where the account keeps them."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from integrations.runtime.clock import format_instant, parse_instant
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record

OPEN, CLOSED = "open", "closed"


@dataclass(slots=True, kw_only=True)
class SideConversation:
    """One talk beside a ticket, with everything that happened in it."""

    id: str
    ticket_id: int
    subject: str
    created_at: str
    participants: list[Record]
    external_ids: dict[str, str]
    preview_text: str = ""
    state: str = OPEN
    updated_at: str = ""
    message_added_at: str = ""
    state_updated_at: str = ""
    events: list[Record] = field(default_factory=list)
    child_id: int | None = None  # the ticket that carries it on in another group

    def shown(self, url: str) -> Record:
        """Return the side conversation as Zendesk shows it."""
        names = (
            "created_at external_ids id message_added_at participants preview_text state "
            "state_updated_at subject ticket_id updated_at"
        ).split()
        return {name: getattr(self, name) for name in names} | {"url": url}


def with_milliseconds(moment: datetime) -> str:
    """Write an instant as side conversations do."""
    whole = format_instant(moment).removesuffix("Z")
    return f"{whole}.{moment.microsecond // 1000:03d}Z"


class SideConversations:
    """All side conversations of an account, and their events in order of time.

    `includes_notes` is the account's setting that internal notes on a child ticket are told, too.
    """

    def __init__(self) -> None:
        self.includes_notes = False
        self.is_carrying = False  # while a reply is written on a child: it is no news to us
        self._by_id: dict[str, SideConversation] = {}
        self._of_ticket: dict[int, list[SideConversation]] = {}
        self._of_child: dict[int, SideConversation] = {}
        self._events: list[tuple[float, int, Record]] = []
        self._numbers = count()  # of events: keeps those of one moment in order

    def __len__(self) -> int:
        return len(self._by_id)

    @contextmanager
    def carrying(self) -> Iterator[None]:
        """Mark what is written meanwhile as coming from a side conversation itself."""
        self.is_carrying = True
        try:
            yield
        finally:
            self.is_carrying = False

    def keep(self, conversation: SideConversation) -> None:
        """Keep a new side conversation."""
        self._by_id[conversation.id] = conversation
        self._of_ticket.setdefault(conversation.ticket_id, []).append(conversation)
        if conversation.child_id is not None:
            self._of_child[conversation.child_id] = conversation

    def of_ticket(self, ticket_id: int) -> list[SideConversation]:
        """Return the side conversations of a ticket, oldest first."""
        return list(self._of_ticket.get(ticket_id, ()))

    def of_child(self, ticket_id: int) -> SideConversation | None:
        """Return the side conversation that opened a ticket, or None."""
        return self._of_child.get(ticket_id)

    def get(self, ticket_id: int, conversation_id: str) -> SideConversation:
        """Return a side conversation of a ticket."""
        conversation = self._by_id.get(conversation_id)
        if conversation is None or conversation.ticket_id != ticket_id:
            raise not_found()
        return conversation

    def add_event(self, conversation: SideConversation, event: Record) -> None:
        """Add an event to a side conversation and to the export."""
        conversation.events.append(event)
        moment = parse_instant(event["created_at"]).timestamp()
        insort(self._events, (moment, next(self._numbers), event))

    def forget(self, ticket_id: int) -> None:
        """Remove the side conversations of a ticket with everything that was said in them."""
        gone = {each.id for each in self._of_ticket.pop(ticket_id, ())}
        if not gone:
            return
        for each in gone:
            child_id = self._by_id.pop(each).child_id
            if child_id is not None:
                self._of_child.pop(child_id, None)
        self._events = [
            entry for entry in self._events if entry[2]["side_conversation_id"] not in gone
        ]

    def events_from(self, second: int, most: int) -> list[Record]:
        """Return events from a second on, as many as asked for."""
        start = bisect_left(self._events, (float(second), -1, {}))
        return [event for _, _, event in self._events[start : start + most]]


def event_of(conversation: SideConversation, **fields: Any) -> Record:
    """Return an event with all its fields, those of the documentation by name."""
    event: Record = {
        "actor": None,
        "created_at": None,
        "id": None,
        "message": None,
        "side_conversation_id": conversation.id,
        "ticket_id": conversation.ticket_id,
        "type": None,
        "updates": {},
        "via": "api",
    }
    return event | fields
