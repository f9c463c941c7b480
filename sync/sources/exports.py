"""Pages from Zendesk's incremental exports: what changed, also without a new update time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from integrations.zendesk.export import Page, cursor_export, list_export, time_export
from integrations.zendesk.session import ZendeskSession
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging, Stream


class ZendeskExports:
    """Pages from Zendesk's incremental exports and lists."""

    streams: Sequence[Stream] = STREAMS  # what it can give, the most urgent first
    missing: Mapping[str, str] = MappingProxyType({})  # what it cannot give, and why

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

    def pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime
    ) -> Iterator[Page]:
        """Yield pages from the cursor on, or from `start` when there is none."""
        return self._pages(stream, path, cursor=cursor, start=start)

    def _pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime
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
            params=stream.params,
        )
