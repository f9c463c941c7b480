"""Pages from Zendesk's incremental exports: what changed, also without a new update time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from integrations.runtime.clock import utc_now
from integrations.runtime.errors import ZendeskRefused
from integrations.zendesk.errands import Errand, on_errand
from integrations.zendesk.export import (
    EXPORT_PAGE,
    Page,
    PageSize,
    cursor_export,
    list_export,
    shown,
    time_export,
)
from integrations.zendesk.session import ZendeskSession
from sync.streams.by_lists import SHOW_TICKETS
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging, Stream


class ZendeskExports:
    """Pages from Zendesk's incremental exports and lists.

    `leave` says how many turns of which budgets work on the past leaves to the live lanes.
    """

    streams: Sequence[Stream] = STREAMS  # what it can give, the most urgent first
    missing: Mapping[str, str] = MappingProxyType({})  # what it cannot give, and why

    def __init__(self, session: ZendeskSession, *, leave: Mapping[str, int] | None = None) -> None:
        self._session = session
        self._leave = leave or {}
        # The size that came in time is kept for the next pull: the same page is too slow again.
        self._sizes: dict[tuple[str, bool], PageSize] = {}
        self.requests = 0

    def server_time(self) -> datetime:
        """Return the time by Zendesk's clock, as of its newest answer."""
        if self._session.server_time is None:
            self._session.read("/api/v2/users/me.json")
        return self._session.server_time or utc_now()

    def count(self, stream: Stream) -> int | None:
        """Return how many records Zendesk says there are; None when it does not say."""
        if stream.count_path is None:
            return None
        try:
            found = self._session.read(stream.count_path).get("count")
        except ZendeskRefused:
            return None
        value = found.get("value") if isinstance(found, dict) else found
        return value if isinstance(value, int) else None

    def show_tickets(self, ids: Sequence[int]) -> Page:
        """Return the tickets with these ids, a hundred at most, archived ones too."""
        return shown(self._session, SHOW_TICKETS, "tickets", ids)

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, spare: bool = False
    ) -> Iterator[Page]:
        """Yield pages from the cursor on, or from `start` when there is none."""
        errand = Errand(self._leave if spare else None)
        size = self._sizes.setdefault(
            (path, spare), PageSize("per_page", EXPORT_PAGE, stream.params)
        )
        pages = self._pages(stream, path, cursor=cursor, start=start, size=size)
        while True:
            before = errand.sent
            try:
                with on_errand(errand):
                    page = next(pages, None)
            finally:
                self.requests += errand.sent - before
            if page is None:
                return
            yield page

    def _pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, size: PageSize
    ) -> Iterator[Page]:
        if stream.paging is Paging.FULL_LIST:
            return list_export(
                self._session,
                path,
                stream.records_key,
                include=stream.include,
                params=stream.params,
            )
        export = cursor_export if stream.paging is Paging.CHANGES_BY_CURSOR else time_export
        return export(
            self._session,
            path,
            stream.records_key,
            start_time=int(start.timestamp()),
            cursor=cursor,
            include=stream.include,
            size=size,
        )
