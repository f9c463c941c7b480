"""Parts of tickets in the order of time: what exports of events read a page from."""

from bisect import bisect_right, insort
from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple, Protocol

from integrations.runtime.clock import parse_instant


class Entry(NamedTuple):
    """One part of a ticket, such as an audit: when, its id, and where it lies."""

    second: int
    id: int
    ticket: int
    position: int  # among the ticket's parts of this kind


def entry_at(instant: str, part_id: int, ticket: int, position: int) -> Entry:
    """Return the entry of a part whose time is written in a record."""
    return Entry(int(parse_instant(instant).timestamp()), part_id, ticket, position)


class Source(Protocol):
    """More entries in the order of time, kept in a way of their own."""

    def __len__(self) -> int: ...

    def after(self, place: tuple[float, int]) -> Iterator[Entry]:
        """Yield the entries behind a second and an id."""


class Stream:
    """All parts of one kind, by time and id."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._sources: list[Source] = []

    def __len__(self) -> int:
        return len(self._entries) + sum(map(len, self._sources))

    def add(self, entry: Entry) -> None:
        """Take a new part; it need not be the newest."""
        insort(self._entries, entry)

    def join(self, source: Source) -> None:
        """Read these entries too, from now on."""
        self._sources.append(source)

    def after(self, place: tuple[float, int]) -> Iterator[Entry]:
        """Yield the entries behind a second and an id, oldest first."""
        return merge(self._own_after(place), *(source.after(place) for source in self._sources))

    def _own_after(self, place: tuple[float, int]) -> Iterator[Entry]:
        for index in range(first_behind(self._entries, place), len(self._entries)):
            yield self._entries[index]


def first_behind(entries: list[Entry], place: tuple[float, int]) -> int:
    """Return the index of the first entry behind a second and an id."""
    return bisect_right(entries, place, key=lambda entry: entry[:2])
