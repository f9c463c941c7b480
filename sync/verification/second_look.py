"""Looks once more at what seems to differ: Zendesk changes while it is read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, Table

from integrations.runtime.database import reading as reading_database
from sync.verification.compare import (
    ABSENT,
    PRESENT,
    WHOLE_RECORD,
    Finding,
    Stored,
    differing,
    is_alive,
)
from sync.verification.expected import Expected, Key, Reading, read_page, ticket_of
from sync.verification.pages import Pages, Told
from sync.verification.spool import Spool, State, packed
from sync.verification.stored import are_deleted, look_up
from sync.verification.tickets import Newest, TicketLooks
from sync.verification.unreadable import Unreadable
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.tickets import tickets

EXPORT_DELAY = timedelta(minutes=1)  # exports leave the newest minute out

# Takes confirmed findings, and when the records were read that they were compared with.
Report = Callable[[Sequence[Finding], datetime], None]


@dataclass(slots=True, kw_only=True)
class SecondLook:
    """The second look at one table; `moving` counts rows that changed while they were compared."""

    engine: Engine
    tables: Sequence[Table]
    pages: Pages
    spool: Spool
    looks: TicketLooks
    unreadable: Unreadable
    report: Report
    private: set[int] = field(default_factory=set)
    moving: int = 0

    def look(self) -> None:
        """Read what is in doubt again and report what still differs."""
        if not self.spool.has_doubts():
            return
        if self.pages.is_list:
            self._weigh_all(self.pages.lists_again())
            self.moving += self.spool.forget_doubts()
        else:
            self._weigh_all(self.pages.newer())
            for number in self.spool.doubtful_pages():
                self._weigh_all(self.pages.again(number))
                self.moving += self.spool.forget_doubts(number)  # moved to the end since
        for table in self.tables:
            for keys in self.spool.take_extras(table):
                self._judge_extras(table, keys)

    def _weigh_all(self, pages: Iterable[Told]) -> None:
        for told in pages:
            found = read_page(told.stream, told.page, told.parent_id)
            self._weigh(found, told.page.server_time)

    def _weigh(self, reading: Reading, read_at: datetime) -> None:
        """Compare the rows of one page that are in doubt with the warehouse as it is now."""
        self.private.update(reading.made_private)
        findings: list[Finding] = []
        for table in self.tables:
            newest = {packed(each.key): each for each in reading.rows if each.table is table}
            doubtful = self.spool.in_doubt(table, [each.key for each in newest.values()])
            relevant = [newest[name] for name in newest if name in doubtful]
            if not relevant:
                continue
            keys = [each.key for each in relevant]
            with reading_database(self.engine) as connection:
                stored = look_up(connection, table, keys)
            for each in relevant:
                findings += self._confirmed(each, stored[packed(each.key)], read_at)
            self.spool.settle(table, keys, State.DONE)
            self.spool.drop_extra(table, keys)
        self.report(findings, read_at)

    def _confirmed(self, each: Expected, stored: Stored, read_at: datetime) -> list[Finding]:
        """Return the findings of one row that do not come from a change under way."""
        self._respect_privacy(each)
        found = _findings(each, stored)
        if not found:
            return []
        if self._is_moving(each) or (stored.synced_at and stored.synced_at > read_at):
            self.moving += 1
            return []
        ticket_id = found[0].ticket_id
        if ticket_id is None or not self.looks.may_look(ticket_id):
            return found
        newest = self.looks.newest(ticket_id)
        return found if newest is None else self._against(newest, ticket_id, each, stored, found)

    def _against(
        self,
        newest: Newest,
        ticket_id: int,
        each: Expected,
        stored: Stored,
        found: list[Finding],
    ) -> list[Finding]:
        """Return what still differs from the ticket as it is this moment."""
        single = newest.get((each.table.name, packed(each.key)))
        if single is None:  # metrics, for example, are told by exports only
            return [] if self._just_changed(newest, ticket_id) else found
        if not any(name != "raw" for name, *_ in differing(each.table, each.rows, single)):
            return found
        if self._is_moving(single):
            self.moving += 1
            return []
        return _findings(single, stored, alike=False)

    def _judge_extras(self, table: Table, keys: Sequence[Key]) -> None:
        """Report rows that the warehouse holds as alive and Zendesk does not have."""
        with reading_database(self.engine) as connection:
            stored = look_up(connection, table, keys)
            owners = {key: _owner(table, key, stored[packed(key)]) for key in keys}
            known = {number for number in owners.values() if number is not None}
            deleted = are_deleted(connection, known)
        findings: list[Finding] = []
        for key in keys:
            found = stored[packed(key)]
            if not found.rows or not is_alive(found.rows[0]):
                continue
            owner = owners[key]
            is_orphan = table is tickets or owner not in deleted
            is_gone = table is not tickets and owner is not None and deleted.get(owner, False)
            if not is_gone and not self.unreadable.holds(key, found.rows[0]):
                findings += self._extra(table, key, found, owner, is_orphan=is_orphan)
        self.report(findings, self.pages.ended)

    def _extra(
        self, table: Table, key: Key, stored: Stored, ticket_id: int | None, *, is_orphan: bool
    ) -> list[Finding]:
        extra = Finding(
            table=table,
            key=key,
            field=WHOLE_RECORD,
            warehouse=PRESENT,
            zendesk=ABSENT,
            ticket_id=ticket_id,
            stored=stored,
        )
        if ticket_id is None or not self.looks.may_look(ticket_id):
            delay = timedelta(0) if self.pages.is_list else EXPORT_DELAY
            is_newer = stored.synced_at is None or stored.synced_at > self.pages.ended - delay
            self.moving += is_newer
            return [] if is_newer else [extra]
        newest = self.looks.newest(ticket_id)
        if newest is None:  # the row of the ticket tells; what belongs to it may be gone
            return [extra] if is_orphan else []
        single = newest.get((table.name, packed(key)))
        if single is None:
            return [] if self._just_changed(newest, ticket_id) else [extra]
        found = _findings(single, stored, alike=False)
        return [] if self._is_moving(single) else found

    def _is_moving(self, each: Expected) -> bool:
        return each.changed_at is not None and each.changed_at > self.pages.began

    def _just_changed(self, newest: Newest, ticket_id: int) -> bool:
        """Tell whether exports cannot show the ticket as it is yet."""
        ticket = newest.get((tickets.name, ticket_id))
        since = self.pages.began - EXPORT_DELAY
        is_shown = tickets not in self.tables or self.spool.look_up(tickets, [(ticket_id,)])
        is_recent = ticket is None or ticket.changed_at is None or ticket.changed_at >= since
        is_moving = is_recent or not is_shown
        self.moving += is_moving
        return is_moving

    def _respect_privacy(self, each: Expected) -> None:
        if each.table is ticket_comments and each.key[0] in self.private:
            each.rows[0]["public"] = False


def _findings(each: Expected, stored: Stored, *, alike: bool = True) -> list[Finding]:
    told = each.rows[0] if each.rows else {}
    ticket_id = ticket_of(each.table, told) if told else _owner(each.table, each.key, stored)
    return [
        Finding(
            table=each.table,
            key=each.key,
            field=name,
            warehouse=has,
            zendesk=wanted,
            ticket_id=ticket_id,
            stored=stored,
            expected=each,
        )
        for name, has, wanted in differing(each.table, stored.rows, each, alike=alike)
    ]


def _owner(table: Table, key: Key, stored: Stored) -> int | None:
    if "ticket_id" in table.primary_key.columns and len(key) == 1:
        return int(key[0])
    return ticket_of(table, stored.rows[0]) if stored.rows else None
