"""What a stream is: one kind of record in Zendesk, how it is read and where it lands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Table

SOON = timedelta(seconds=45)  # with the minute that exports leave out, less than two minutes late
LATER = timedelta(minutes=10)
SELDOM = timedelta(hours=1)  # long lists, read whole every time
DAILY = timedelta(days=1)  # lists that grow with every ticket


class Paging(StrEnum):
    """How Zendesk hands out the records of a stream."""

    CHANGES_BY_CURSOR = "changes by cursor"  # only what changed, an opaque cursor says since when
    CHANGES_BY_TIME = "changes by time"  # only what changed, a second says since when
    CHANGES_BY_ORDER = "changes by order"  # a list in the order of changes, read on from a second
    SWEEP = "sweep"  # everything, page by page over several runs, then from the beginning
    FULL_LIST = "full list"  # everything, every time; what is missing was deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One endpoint of Zendesk and where its records land.

    `freshness` is how long to wait before the stream is asked again; `lookback` is how far before
    its newest change it is read again, for records that turn up late; `change_clock` is the key
    of a record that says when Zendesk counts it as changed, as epoch seconds or as a time.
    """

    name: str
    path: str
    records_key: str
    paging: Paging
    table: Table
    freshness: timedelta = LATER
    lookback: timedelta = timedelta()
    change_clock: str | None = None
    include: tuple[str, ...] = ()
    params: Mapping[str, str | int] = field(default_factory=dict)
    sideloads: tuple[tuple[str, Table], ...] = ()  # key in the page, table
    parent: str | None = None  # stream whose ids fill {parent_id} in path
    parent_key: str | None = None  # column that takes the parent's id
    order: str | None = None  # of a list that is read on: as Zendesk's cursors name it
    in_full: str | None = None  # endpoint that shows listed records whole, by their ids
    count_path: str | None = None  # endpoint that tells how many there are, for progress

    @property
    def tells_changes(self) -> bool:
        """Whether only what changed is read, so that present and past have lanes of their own."""
        return self.paging not in {Paging.FULL_LIST, Paging.SWEEP}
