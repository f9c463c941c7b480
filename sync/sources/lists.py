"""Pages from Zendesk's lists and its search, for accounts that may not use incremental exports."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from msgspec import Raw

from integrations.zendesk import keysets
from integrations.zendesk.answers import read_json
from integrations.zendesk.export import Page, PageSize, list_export, shown
from sync.sources import archive
from sync.sources.exports import ZendeskExports
from sync.streams.by_lists import SHOW_TICKETS, by_lists, only_exported
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging, Stream

# Several records share a second and some become visible late: every pull reads so much again.
OVERLAP = timedelta(minutes=5)
SHOWN_AT_ONCE = 100  # records that Zendesk shows by their ids
LAST_ID = 2**63 - 1
FIRST = "0|"  # the cursor of a sweep that begins
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ZendeskLists(ZendeskExports):
    """Pages of lists in the order of changes, of sweeps through everything, and of full lists.

    A pull of changes that reached the end begins its next one `OVERLAP` before its newest record;
    one that was cut short goes on behind its last page, so that it always gets ahead.
    """

    streams: Sequence[Stream] = by_lists(STREAMS)
    missing = only_exported(STREAMS)

    def _pages(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime, size: PageSize
    ) -> Iterator[Page]:
        if stream.paging is Paging.CHANGES_BY_ORDER:
            return self._changes(stream, path, cursor=cursor, start=start)
        if stream.paging is Paging.SWEEP:
            return self._sweep(stream, path, cursor=cursor)
        return super()._pages(stream, path, cursor=cursor, start=start, size=size)

    def show_tickets(self, ids: Sequence[int]) -> Page:
        """Return the tickets with these ids, a hundred at most, archived ones too."""
        stream = next(each for each in self.streams if each.in_full == SHOW_TICKETS)
        path, key = SHOW_TICKETS, stream.table.name
        return shown(self._session, path, key, ids, include=stream.include)

    def _list(self, stream: Stream, path: str, *, cursor: str | None) -> Iterator[Page]:
        return list_export(
            self._session,
            path,
            stream.records_key,
            cursor=cursor,
            include=() if stream.in_full else stream.include,
            params=stream.params,
        )

    def _changes(
        self, stream: Stream, path: str, *, cursor: str | None, start: datetime
    ) -> Iterator[Page]:
        order = stream.order or keysets.BY_UPDATE
        if cursor is None and start > EPOCH:
            cursor = keysets.at_instant(order, start)
        for page in self._list(stream, path, cursor=cursor):
            newest = keysets.instant_of(page.cursor)
            if page.end and page.records and newest is not None:
                overlap = min(newest, page.server_time) - OVERLAP
                yield replace(page, cursor=keysets.at_instant(order, max(overlap, EPOCH)))
            else:
                yield page

    def _sweep(self, stream: Stream, path: str, *, cursor: str | None) -> Iterator[Page]:
        pages = (
            archive.pages(self._session, stream, cursor=cursor)
            if stream.records_key == archive.RECORDS
            else self._by_number(stream, path, cursor=cursor)
        )
        return (self._in_full(stream, page) for page in pages) if stream.in_full else pages

    def _by_number(self, stream: Stream, path: str, *, cursor: str | None) -> Iterator[Page]:
        """Yield the rest of a sweep by number; behind its last page stands the beginning.

        The kept cursor is the number of the last record and Zendesk's cursor.
        """
        number, _, after = (cursor or FIRST).partition("|")
        before = int(number) if number.isdecimal() else 0
        for page in self._list(stream, path, cursor=after or None):
            last = max(_numbered(page), default=before)
            span = None if stream.in_full else (before, LAST_ID if page.end else last)
            before = last
            kept = FIRST if page.end or not page.cursor else f"{last}|{page.cursor}"
            yield replace(page, span=span, cursor=kept)

    def _in_full(self, stream: Stream, page: Page) -> Page:
        """Return the page with its records as Zendesk shows them whole, and with sideloads.

        What is listed and not shown stays as it was listed; a found ticket that is not shown was
        deleted meanwhile.
        """
        listed = _numbered(page)
        ids = list(listed)
        sideloads: dict[str, list[Raw]] = {}
        records: list[Raw] = []
        whole: set[int] = set()
        for start in range(0, len(ids), SHOWN_AT_ONCE):
            found = shown(
                self._session,
                stream.in_full or "",
                stream.table.name,
                ids[start : start + SHOWN_AT_ONCE],
                include=stream.include,
            )
            records += found.records
            whole |= _numbered(found).keys()
            for key, more in found.sideloads.items():
                sideloads.setdefault(key, []).extend(more)
        if stream.records_key != archive.RECORDS:
            records += [each for number, each in listed.items() if number not in whole]
        return replace(page, records=records, sideloads=sideloads)


def _numbered(page: Page) -> dict[int, Raw]:
    """Return the records of a page that have a number, untouched."""
    found = ((read_json(raw), raw) for raw in page.records)
    return {
        record["id"]: raw
        for record, raw in found
        if isinstance(record, dict) and isinstance(record.get("id"), int)
    }
