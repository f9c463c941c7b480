"""What is known of a complaint besides its text; all of it may be unknown."""

from datetime import datetime
from typing import Final

import msgspec


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Times are UTC. `written_at`: when the customer's newest words were written."""

    now: datetime | None = None
    written_at: datetime | None = None
    language: str | None = None  # as the sender names it; what the text shows goes first
    comments: int = 1
    linked_reports: int = 1  # different customers who report the same, this one included


NOTHING_KNOWN: Final = Context()
