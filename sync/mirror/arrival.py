"""Where records came from, and what became of them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sync.warehouse.tables.bookkeeping import Source

Key = int | str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where records came from and when they were read; the same for all rows of one page."""

    stream: str
    source: Source
    read_at: datetime

    def stamp(self) -> dict[str, Any]:
        """Return the bookkeeping columns, which are the same for all rows."""
        return {"_synced_at": self.read_at, "_source": self.source.value}


@dataclass(slots=True)
class Landed:
    """What became of the records of one page.

    `keys` are the primary keys of all records that have one, also of those that did not fit;
    `ticket_ids` are the tickets whose rows, or whose history, could be stored.
    """

    keys: set[Key] = field(default_factory=set)
    ticket_ids: set[int] = field(default_factory=set)
    rows: int = 0
    quarantined: int = 0
