"""Raw pages for bulk reading: the bytes of each record as they came, nothing built from them."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Raw

from integrations.runtime.clock import utc_now
from integrations.runtime.errors import AnswerTooSlow, ZendeskRefused
from integrations.zendesk.answers import cut_records, read_json
from integrations.zendesk.failures import unreadable
from integrations.zendesk.session import ZendeskSession

LIST_PAGE = 100  # Zendesk refuses larger pages on lists
EXPORT_PAGE = 1000  # and on exports
SMALLEST_PAGE = 10
NEWEST_LEFT_OUT_S = 60  # exports leave the newest minute out and refuse to begin within it
GROW_AFTER = 5  # pages in time, one after the other, before a larger one is tried again

logger = logging.getLogger(__name__)

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of an export; `cursor` is where the next run goes on once this page is stored.

    `records` and `sideloads` hold the JSON of each list entry, untouched; an entry may be damaged
    or no record at all.
    """

    records: list[Raw]
    sideloads: dict[str, list[Raw]]
    cursor: str | None
    end: bool
    server_time: datetime
    span: tuple[int, int] | None = None  # all there is with ids above the first, to the second

    def objects(self) -> list[dict[str, Any]]:
        """Return the records decoded; entries that are no objects are left out."""
        found = map(read_json, self.records)
        return [record for record in found if isinstance(record, dict)]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in two kinds of parts: its lists as they came, everything else decoded."""

    own: dict[str, Any]
    lists: dict[str, Raw]


class PageSize:
    """How much to ask for at once: less when Zendesk takes too long, and soon more again.

    Zendesk times out on large pages of long tickets; the same page fails again however often it
    is asked for, a smaller one comes.
    """

    def __init__(self, name: str, unasked: int, params: Params | None) -> None:
        self._name = name
        self._unasked = unasked  # what Zendesk gives when no size is named
        self._fixed = dict(params or {})
        self._largest = int(self._fixed.pop(name, unasked))
        self._size = self._largest
        self._in_time = 0

    def fetch(self, session: ZendeskSession, path: str, params: Params) -> tuple[Answer, datetime]:
        """Return an answer and Zendesk's clock, after as many smaller attempts as it takes."""
        while True:
            size = {} if self._size == self._unasked else {self._name: self._size}
            asked = {**size, **self._fixed, **params}
            try:
                found = _fetch(session, path, asked, even_slow=self._size <= SMALLEST_PAGE)
            except AnswerTooSlow:
                if self._size <= SMALLEST_PAGE:
                    raise
                self._size, self._in_time = max(self._size // 2, SMALLEST_PAGE), 0
                logger.warning("%s answers too slowly; %d a page now.", path, self._size)
                continue
            self._in_time += 1
            if self._in_time >= GROW_AFTER and self._size < self._largest:
                self._size, self._in_time = min(self._size * 2, self._largest), 0
            return found


def cursor_export(
    session: ZendeskSession,
    path: str,
    records_key: str,
    *,
    start_time: int | None,
    cursor: str | None,
    include: Sequence[str] = (),
    params: Params | None = None,
    size: PageSize | None = None,
) -> Iterator[Page]:
    """Yield the pages of a cursor-based incremental export, from `cursor` or else `start_time`.

    A `size` that is passed in again remembers what came in time.
    """
    size = size or PageSize("per_page", EXPORT_PAGE, params)
    while True:
        where = {"cursor": cursor} if cursor else {"start_time": start_time or 0}
        answer, now = size.fetch(session, path, {**_sideload(include), **where})
        after = answer.own.get("after_cursor")
        moved = isinstance(after, str) and after != cursor
        cursor = after if moved else cursor  # past the end Zendesk sends none: keep the last
        end = answer.own.get("end_of_stream") is True or not moved
        yield _page(answer, records_key, path, cursor=cursor, end=end, now=now)
        if end:
            return


def time_export(
    session: ZendeskSession,
    path: str,
    records_key: str,
    *,
    start_time: int | None,
    cursor: str | None,
    include: Sequence[str] = (),
    params: Params | None = None,
    size: PageSize | None = None,
) -> Iterator[Page]:
    """Yield the pages of a time-based incremental export; the cursor is the page's end time.

    The records of the last second come again on the next page, so the caller must upsert. A page
    that ends ahead of the present (breaches are written in advance) is the last one: what lies
    ahead may still change or vanish. The next run begins a minute before the present at most,
    because Zendesk refuses to begin later.
    """
    size = size or PageSize("per_page", EXPORT_PAGE, params)
    since = int(cursor) if cursor else start_time or 0
    while True:
        asked: Params = {**_sideload(include), "start_time": since}
        answer, now = size.fetch(session, path, asked)
        until = answer.own.get("end_time")
        # next_page is there even at the end; only the time that moves on tells a next page.
        progress = until if isinstance(until, int) and until > since else None
        if until == since and answer.own.get("end_of_stream") is False:
            progress = since + 1  # a second that fills a page: Zendesk keeps all of it together
        since = progress or since
        present = int(now.timestamp())
        has_next = progress is not None and since <= present and bool(answer.own.get("next_page"))
        end = answer.own.get("end_of_stream") is True or not has_next
        if end:
            since = min(since, present - NEWEST_LEFT_OUT_S)
        yield _page(answer, records_key, path, cursor=str(since), end=end, now=now)
        if end:
            return


def list_export(
    session: ZendeskSession,
    path: str,
    records_key: str,
    *,
    cursor: str | None = None,
    include: Sequence[str] = (),
    params: Params | None = None,
) -> Iterator[Page]:
    """Yield the pages of a list, by cursor where Zendesk offers one, else by its next link."""
    size = PageSize("page[size]", 0, {"page[size]": LIST_PAGE, **(params or {})})
    seen: set[str] = set()
    target = path
    while True:
        by_cursor = {"page[after]": cursor} if cursor else {}
        # A link has its size in it; another one would lead to another page.
        answer, now = (
            _fetch(session, target, {})
            if target != path
            else size.fetch(session, path, {**_sideload(include), **by_cursor})
        )
        after, link = _next(answer.own)
        # The last page may name a cursor too: it is where a later run goes on.
        cursor = after or _last_cursor(answer.own) or cursor
        end = not after and not link
        yield _page(answer, records_key, path, cursor=cursor, end=end, now=now)
        if end:
            return
        step = after or link or ""
        if step in seen:
            raise ZendeskRefused(
                f"Zendesk repeats the same page of {path} without an end.",
                hint="run it again later; the records read so far are complete.",
            )
        seen.add(step)
        if link and not after:
            target = link


def shown(
    session: ZendeskSession,
    path: str,
    records_key: str,
    ids: Sequence[int],
    *,
    include: Sequence[str] = (),
) -> Page:
    """Return the records with these ids, a hundred at most; those that are gone are left out."""
    answer, now = _fetch(session, path, {"ids": ",".join(map(str, ids)), **_sideload(include)})
    return _page(answer, records_key, path, cursor=None, end=True, now=now)


def search_export(session: ZendeskSession, query: str, kind: str) -> Iterator[Page]:
    """Yield all hits of a search for one kind of record (`ticket`, `user` …), however many.

    Archived tickets are found too, deleted ones not. Zendesk forgets where it was after an hour,
    so the pages have to be read in one go.
    """
    params = {"query": query, "filter[type]": kind}
    return list_export(session, "/api/v2/search/export.json", "results", params=params)


def _next(answer: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the next cursor, or the next link, or neither at the end."""
    meta = answer.get("meta")
    if isinstance(meta, dict) and "has_more" in meta:
        after = meta.get("after_cursor")
        return (after if meta["has_more"] and isinstance(after, str) else None), None
    link = answer.get("next_page")
    if not isinstance(link, str):
        return None, None
    parts = urlsplit(link)  # the account's own address stays: links may name another of its hosts
    return None, f"{parts.path}?{parts.query}"


def _last_cursor(answer: dict[str, Any]) -> str | None:
    meta = answer.get("meta")
    after = meta.get("after_cursor") if isinstance(meta, dict) else None
    return after if isinstance(after, str) else None


def _sideload(include: Sequence[str]) -> dict[str, str]:
    return {"include": ",".join(include)} if include else {}


def _fetch(
    session: ZendeskSession, path: str, params: Params, *, even_slow: bool = True
) -> tuple[Answer, datetime]:
    parts = session.read_parts(path, params, even_slow=even_slow)
    lists = {key: part for key, part in parts.items() if bytes(memoryview(part)[:1]) == b"["}
    own = {key: read_json(part) for key, part in parts.items() if key not in lists}
    return Answer(own, lists), session.server_time or utc_now()


def _page(
    answer: Answer, records_key: str, path: str, *, cursor: str | None, end: bool, now: datetime
) -> Page:
    if records_key not in answer.lists:
        raise unreadable("GET", path)
    lists = {key: cut_records(value) for key, value in answer.lists.items()}
    records = lists.pop(records_key)
    return Page(records=records, sideloads=lists, cursor=cursor, end=end, server_time=now)
