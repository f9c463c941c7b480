"""Reads single tickets that seem to differ: exports leave the newest minute out."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Engine

from integrations.redaction.keys import redactor_of
from integrations.runtime.errors import RecordGone
from sync.verification.expected import Expected, Reading, read_record
from sync.verification.spool import packed
from sync.warehouse.records import as_raw
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.tickets import tickets

MOST_LOOKS = 500  # tickets read one by one; with more, the mirror is not up to date at all


class ZendeskReader(Protocol):
    """The part of the Zendesk client that a second look needs."""

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """Read one ticket."""

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        """Read all audits of a ticket."""


Newest = dict[tuple[str, Any], Expected]  # rows of one ticket by table and packed key


@dataclass(slots=True)
class TicketLooks:
    """Single readings of tickets, each of them once."""

    client: ZendeskReader
    engine: Engine  # what it redacts is redacted here too
    most: int = MOST_LOOKS
    _seen: dict[int, Newest | None] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many tickets were read."""
        return len(self._seen)

    def may_look(self, ticket_id: int) -> bool:
        """Tell whether this ticket was read or may still be."""
        return ticket_id in self._seen or len(self._seen) < self.most

    def newest(self, ticket_id: int) -> Newest | None:
        """Return the rows of a ticket as it is now; None when Zendesk does not have it."""
        if ticket_id not in self._seen:
            self._seen[ticket_id] = self._read(ticket_id)
        return self._seen[ticket_id]

    def _read(self, ticket_id: int) -> Newest | None:
        reading = Reading()
        try:
            shown = [(tickets, self.client.ticket(ticket_id))]
            shown += [(ticket_audits, audit) for audit in self.client.audits(ticket_id)]
            without_secrets = redactor_of(self.engine).value
            for table, record in shown:
                read_record(reading, table, as_raw(without_secrets(record)))
        except RecordGone:
            return None
        private = set(reading.made_private)
        for each in reading.rows:
            if each.key[0] in private and "public" in each.rows[0]:
                each.rows[0]["public"] = False
        return {(each.table.name, packed(each.key)): each for each in reading.rows}
