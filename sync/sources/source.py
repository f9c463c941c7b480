"""What the mirror asks of a change source; exports may be withdrawn, so another can step in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from integrations.zendesk.export import Page
from sync.streams.stream import Stream


class PageSource(Protocol):
    """Anything that can hand out the records of a stream page by page."""

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime
    ) -> Iterator[Page]:
        """Yield pages from the cursor on, or from `start` when there is none."""
