"""Reads every page that fills a table once and notes what seems to differ."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from sync.verification.checksums import Ranges, compare_keys, compare_ranges, with_checksums
from sync.verification.expected import Reading, read_page, tables_of
from sync.verification.fields import with_states
from sync.verification.pages import Pages
from sync.verification.spool import Spool
from sync.verification.unreadable import Unreadable
from sync.warehouse.tables.history import ticket_comments

Progress = Callable[[str, int], None]  # stream and how many of its records were read so far


@dataclass(slots=True, kw_only=True)
class FirstLook:
    """The first look at one table: by checksums, or field by field when `full`."""

    engine: Engine
    pages: Pages
    full: bool
    progress: Progress | None
    unreadable: Unreadable
    private: set[int] = field(default_factory=set)  # ids of comments made private
    ranges: Ranges = field(default_factory=Ranges)

    def look(self, spool: Spool) -> None:
        """Fill the spool, and note in it which rows are doubtful or extra."""
        self._read(spool)
        for table in tables_of(self.pages.main):
            if self.full:
                compare_keys(self.engine, spool, table)
            else:
                compare_ranges(self.engine, spool, table, self.ranges)
        spool.doubt_unseen()

    def _read(self, spool: Spool) -> None:
        records = 0
        for told in self.pages.all():
            shown = read_page(told.stream, told.page, told.parent_id)
            self.private.update(shown.made_private)
            self.unreadable.note(shown.unreadable)
            if self.full:
                rows = with_states(self.engine, shown.rows, self.private)
            else:
                rows = with_checksums(shown.rows)
            spool.show(rows, told.number)
            spool.make_private(self._noted_as_public(shown))
            records += len(told.page.records)
            if self.progress:
                self.progress(told.stream.name, records)

    def _noted_as_public(self, shown: Reading) -> set[int]:
        """Return the comments that the page makes private and that were noted as public ones."""
        made_private = set(shown.made_private)
        if not self.full:
            return made_private
        return made_private - {each.key[0] for each in shown.rows if each.table is ticket_comments}
