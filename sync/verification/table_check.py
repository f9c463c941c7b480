"""The comparison of one table: look, look again, explain, and put right if asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from integrations.runtime.database import reading
from sync.sources.source import PageSource
from sync.streams.stream import Stream
from sync.verification.causes import causes_for
from sync.verification.compare import Finding
from sync.verification.derived import wrongly_told
from sync.verification.expected import tables_of
from sync.verification.first_look import FirstLook, Progress
from sync.verification.pages import Pages
from sync.verification.repair import place_of, repair
from sync.verification.result import Verification
from sync.verification.second_look import SecondLook
from sync.verification.spool import spool_for
from sync.verification.tickets import TicketLooks, ZendeskReader
from sync.verification.unreadable import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What all streams of one comparison share."""

    engine: Engine
    client: ZendeskReader
    source: PageSource
    full: bool
    mend: bool
    progress: Progress | None
    found: Verification


class TableCheck:
    """The comparison of one table with all streams that fill it, the main one first."""

    def __init__(self, work: Work, streams: Sequence[Stream]) -> None:
        self.work = work
        main = streams[0]
        self.tables = tables_of(main)
        self.pages = Pages(work.engine, work.source, streams)
        self.unreadable = Unreadable(main)
        names = [table.name for table in self.tables]
        with reading(work.engine) as connection:
            self.causes = causes_for(connection, main.name, names)

    def run(self) -> None:
        """Compare all pages, look again at what is in doubt, and add up what was found."""
        work, found = self.work, self.work.found
        first = FirstLook(
            engine=work.engine,
            pages=self.pages,
            full=work.full,
            progress=work.progress,
            unreadable=self.unreadable,
        )
        with spool_for(self.tables) as spool:
            first.look(spool)
            second = SecondLook(
                engine=work.engine,
                tables=self.tables,
                pages=self.pages,
                spool=spool,
                looks=TicketLooks(work.client, work.engine),
                unreadable=self.unreadable,
                report=self._report,
                private=first.private,
            )
            second.look()
            found.compared |= spool.counts()
        for findings in self._remaining():
            self._report(findings, self.pages.ended)
        found.ranges += first.ranges.summed
        found.opened_ranges += first.ranges.opened
        found.requests += self.pages.requests
        found.single_looks += second.looks.count
        found.moving += second.moving

    def _remaining(self) -> Iterator[list[Finding]]:
        """Yield what no comparison of rows shows: rows told from others, records without a row."""
        yield from wrongly_told(self.work.engine, self.tables)
        yield self.unreadable.findings(self.work.engine)

    def _report(self, findings: Sequence[Finding], read_at: datetime) -> None:
        """Explain findings, and put them right if that was asked for."""
        differences = self.causes.explained(findings, read_at)
        if self.work.mend:
            repaired = repair(self.work.engine, findings, read_at)
            differences = [
                replace(told, repaired=place_of(each) in repaired)
                for told, each in zip(differences, findings, strict=True)
            ]
        self.work.found.add(differences)
