"""Reads the pages of a table's streams once, and single ones again when something is in doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine

from integrations.redaction.keys import redactor_of
from integrations.runtime.errors import RecordGone
from integrations.zendesk.export import Page
from sync.mirror.engine import BEGINNING, pages_of
from sync.sources.source import PageSource
from sync.streams.stream import Paging, Stream


class Told(NamedTuple):
    """A page, the stream and the parent it belongs to, and its number among all pages."""

    page: Page
    stream: Stream
    parent_id: Any
    number: int


class Place(NamedTuple):
    """Where a page begins, and how many records it had."""

    stream: Stream
    parent_id: Any
    cursor: str | None
    records: int


@dataclass(slots=True)
class Pages:
    """The pages of the streams that fill one table, the main one first.

    `began` and `ended` are times of Zendesk's clock.
    """

    engine: Engine
    source: PageSource
    streams: Sequence[Stream]
    places: list[Place] = field(default_factory=list)
    began: datetime = BEGINNING
    ended: datetime = BEGINNING
    requests: int = 0
    _newest: str | None = None  # cursor behind the last page of the main stream

    @property
    def main(self) -> Stream:
        """Return the stream that tells of changes."""
        return self.streams[0]

    @property
    def is_list(self) -> bool:
        """Tell whether every reading shows everything."""
        return self.main.paging is Paging.FULL_LIST

    def all(self) -> Iterator[Told]:
        """Yield every page of every stream."""
        for stream in self.streams:
            cursor, parent = None, None
            for page, parent_id in pages_of(
                self.engine, self.source, stream, cursor=None, start=BEGINNING
            ):
                if parent_id != parent:
                    parent, cursor = parent_id, None
                yield self._noted(page, stream, parent_id, cursor)
                cursor = page.cursor or cursor
            if stream is self.main:
                self._newest = cursor

    def newer(self) -> Iterator[Told]:
        """Yield what changed while the pages were read; lists show that when they are reread."""
        if self.is_list or self._newest is None:
            return
        main, cursor = self.main, self._newest
        for page in self.source.pages(main, main.path, cursor=cursor, start=BEGINNING):
            yield self._noted(page, main, None, cursor)
            cursor = page.cursor or cursor

    def again(self, number: int) -> Iterator[Told]:
        """Yield once more what one page of changes held; it may be cut into smaller ones now."""
        stream, _, cursor, wanted = self.places[number]
        records = 0
        for page in self.source.pages(stream, stream.path, cursor=cursor, start=BEGINNING):
            self.requests += 1
            records += len(page.records)
            yield Told(self._as_stored(page), stream, None, number)
            if records >= wanted:
                return

    def lists_again(self) -> Iterator[Told]:
        """Yield all pages of a list once more; of one list a parent, those that had pages."""
        main = self.main
        for parent_id in dict.fromkeys(place.parent_id for place in self.places):
            path = main.path.format(parent_id=parent_id)
            try:
                for page in self.source.pages(main, path, cursor=None, start=BEGINNING):
                    self.requests += 1
                    self.ended = max(self.ended, page.server_time)
                    yield Told(self._as_stored(page), main, parent_id, -1)
            except RecordGone:
                continue

    def _noted(self, page: Page, stream: Stream, parent_id: Any, cursor: str | None) -> Told:
        if self.began == BEGINNING:
            self.began = page.server_time
        self.ended = page.server_time
        self.places.append(Place(stream, parent_id, cursor, len(page.records)))
        self.requests += 1
        return Told(self._as_stored(page), stream, parent_id, len(self.places) - 1)

    def _as_stored(self, page: Page) -> Page:
        """Return the page without secrets: the warehouse never had them."""
        without = redactor_of(self.engine).records
        sideloads = {key: list(without(records)) for key, records in page.sideloads.items()}
        return replace(page, records=list(without(page.records)), sideloads=sideloads)
