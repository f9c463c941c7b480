"""What the mirror asks of a change source; exports may be withdrawn, so another can step in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from integrations.zendesk.export import Page
from sync.streams.stream import Stream


class PageSource(Protocol):
    """Anything that can hand out the records of a stream page by page."""

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, spare: bool = False
    ) -> Iterator[Page]:
        """Yield pages from the cursor on, or from `start` when there is none.

        With `spare` they cost only what the live lanes leave of Zendesk's budgets, and instead of
        waiting for a turn it raises BudgetSpent.
        """


class MirrorSource(PageSource, Protocol):
    """A source that the mirror can follow."""

    @property
    def requests(self) -> int:
        """How many requests it has sent so far, failed and repeated ones included."""

    def server_time(self) -> datetime:
        """Return the time by Zendesk's clock."""

    def count(self, stream: Stream) -> int | None:
        """Return how many records Zendesk says there are; None when it does not say."""


class AccountSource(MirrorSource, Protocol):
    """A source that can also be asked for single records."""

    def show_tickets(self, ids: Sequence[int]) -> Page:
        """Return the tickets with these ids, a hundred at most, without those that are gone."""
