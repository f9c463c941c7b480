"""Reads the pages of a stream once, and single ones of them again when something is in doubt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine

from integrations.runtime.errors import RecordGone
from integrations.zendesk.export import Page
from sync.mirror.engine import BEGINNING, pages_of
from sync.sources.source import PageSource
from sync.streams.stream import Paging, Stream


class Told(NamedTuple):
    """A page, the parent it belongs to, and its number among all pages of the stream."""

    page: Page
    parent_id: Any
    number: int


class Place(NamedTuple):
    """Where a page begins, and how many records it had."""

    parent_id: Any
    cursor: str | None
    records: int


@dataclass(slots=True)
class Pages:
    """The pages of one stream; `began` and `ended` are times of Zendesk's clock."""

    engine: Engine
    source: PageSource
    stream: Stream
    places: list[Place] = field(default_factory=list)
    began: datetime = BEGINNING
    ended: datetime = BEGINNING
    requests: int = 0
    _cursor: str | None = None

    @property
    def is_list(self) -> bool:
        """Tell whether every reading shows everything."""
        return self.stream.paging is Paging.FULL_LIST

    def all(self) -> Iterator[Told]:
        """Yield every page."""
        parent: Any = None
        for page, parent_id in pages_of(
            self.engine, self.source, self.stream, cursor=None, start=BEGINNING
        ):
            if parent_id != parent:
                parent, self._cursor = parent_id, None
            yield self._noted(page, parent_id)

    def newer(self) -> Iterator[Told]:
        """Yield what changed while the pages were read; lists show that when they are reread."""
        if self.is_list or self._cursor is None:
            return
        for page in self.source.pages(
            self.stream, self.stream.path, cursor=self._cursor, start=BEGINNING
        ):
            yield self._noted(page, None)

    def again(self, number: int) -> Iterator[Told]:
        """Yield once more what one page of changes held; it may be cut into smaller ones now."""
        place, records = self.places[number], 0
        for page in self.source.pages(
            self.stream, self.stream.path, cursor=place.cursor, start=BEGINNING
        ):
            self.requests += 1
            records += len(page.records)
            yield Told(page, None, number)
            if records >= place.records:
                return

    def lists_again(self) -> Iterator[Told]:
        """Yield all pages of a list once more; of one list a parent, those that had pages."""
        for parent_id in dict.fromkeys(place.parent_id for place in self.places):
            path = self.stream.path.format(parent_id=parent_id)
            try:
                for page in self.source.pages(self.stream, path, cursor=None, start=BEGINNING):
                    self.requests += 1
                    self.ended = max(self.ended, page.server_time)
                    yield Told(page, parent_id, -1)
            except RecordGone:
                continue

    def _noted(self, page: Page, parent_id: Any) -> Told:
        if self.began == BEGINNING:
            self.began = page.server_time
        self.ended = page.server_time
        self.places.append(Place(parent_id, self._cursor, len(page.records)))
        self._cursor = page.cursor or self._cursor
        self.requests += 1
        return Told(page, parent_id, len(self.places) - 1)
