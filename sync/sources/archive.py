"""Finds archived tickets, which lists leave out, by the export of a search for closed ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from integrations.runtime.errors import ZendeskRefused
from integrations.zendesk.export import EXPORT_PAGE, Page, list_export
from integrations.zendesk.session import ZendeskSession
from sync.streams.stream import Stream

RECORDS = "results"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the search stands: tickets come with the youngest first.

    It asks for those created `until` then; `oldest` is the newest that has not been read for sure,
    and `after` Zendesk's own cursor, which dies after an hour.
    """

    until: str = ""
    oldest: str = ""
    after: str = ""

    @classmethod
    def of(cls, cursor: str | None) -> "Place":
        """Read a place from a kept cursor; one that cannot be read begins at the present."""
        parts = (cursor or "").split("|")
        return cls(*parts) if len(parts) == 3 else cls()  # noqa: PLR2004 - its three fields

    def cursor(self) -> str:
        """Return the place as a cursor to keep."""
        return f"{self.until}|{self.oldest}|{self.after}"

    def anew(self) -> "Place":
        """Return where a new search goes on when Zendesk has forgotten this one."""
        return Place(until=self.oldest, oldest=self.oldest)


def pages(session: ZendeskSession, stream: Stream, *, cursor: str | None) -> Iterator[Page]:
    """Yield the rest of the archive; behind its last page stands the present again."""
    place = Place.of(cursor)
    while True:
        try:
            for page in _search(session, stream, place):
                place = Place(place.until, _oldest(page) or place.oldest, page.cursor or "")
                yield replace(page, cursor=Place().cursor() if page.end else place.cursor())
        except ZendeskRefused as error:
            if error.status != HTTPStatus.BAD_REQUEST or not place.after:
                raise
            place = place.anew()
        else:
            return


def _search(session: ZendeskSession, stream: Stream, place: Place) -> Iterator[Page]:
    query = f"{stream.params['query']} created<={place.until}" if place.until else None
    params = {"page[size]": EXPORT_PAGE, **stream.params, **({"query": query} if query else {})}
    return list_export(session, stream.path, RECORDS, cursor=place.after or None, params=params)


def _oldest(page: Page) -> str | None:
    """Return the creation time of the last ticket of a page."""
    found = page.objects()
    created = found[-1].get("created_at") if found else None
    return created if isinstance(created, str) and INSTANT.fullmatch(created) else None
