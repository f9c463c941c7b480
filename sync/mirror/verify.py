"""Proves the mirror: lists Zendesk anew and compares every record with the warehouse."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, select

from integrations.runtime.database import reading
from integrations.runtime.errors import BadRecord, RecordGone
from sync.mirror.compare import (
    HISTORY,
    WHOLE_RECORD,
    Difference,
    Finding,
    Ledger,
    key_of,
    show,
)
from sync.mirror.engine import BEGINNING, pages_of
from sync.sources.source import PageSource
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging, Stream
from sync.warehouse.history import AuditRows, audit_rows
from sync.warehouse.records import Row, clean
from sync.warehouse.shape import shape
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.history import ticket_audits
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.tickets import tickets

MOST_SECOND_LOOKS = 500  # tickets read one by one; with more, the mirror is not up to date at all
EXPORT_DELAY = timedelta(minutes=1)  # exports leave the newest minute out


class ZendeskReader(Protocol):
    """The part of the Zendesk client that a second look needs."""

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        """Read one ticket."""

    def audits(self, ticket_id: int) -> list[dict[str, Any]]:
        """Read all audits of a ticket."""


@dataclass(slots=True)
class Verification:
    """How many records of each table were compared, and what differs."""

    compared: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


@dataclass(slots=True)
class Check:
    """One comparison under way."""

    engine: Engine
    source: PageSource
    ledger: Ledger = field(default_factory=Ledger)
    unreadable: list[Finding] = field(default_factory=list)


def verify(
    engine: Engine, client: ZendeskReader, source: PageSource, *, now: datetime
) -> list[Difference]:
    """Return every value in which the warehouse and Zendesk differ; empty when they agree."""
    return check(engine, client, source, now=now).differences


def check(
    engine: Engine,
    client: ZendeskReader,
    source: PageSource,
    *,
    now: datetime,
    streams: Sequence[Stream] = STREAMS,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Compare the streams with Zendesk, read-only.

    Exports leave the newest minute out and tickets change meanwhile, so every ticket that seems
    to differ is read once more by itself before it is reported.
    """
    work = Check(engine, source)
    for stream in streams:
        if progress:
            progress(stream.name)
        _compare_stream(work, stream)
    _look_again(work, client)
    findings = [each for found in work.ledger.findings.values() for each in found]
    return Verification(
        compared={table: len(keys) for table, keys in sorted(work.ledger.seen.items())},
        differences=_explained(work, findings + work.unreadable, now=now),
    )


def _compare_stream(work: Check, stream: Stream) -> None:
    pages = pages_of(work.engine, work.source, stream, cursor=None, start=BEGINNING)
    listed_until: datetime | None = None
    for page, parent_id in pages:
        if stream.paging is not Paging.FULL_LIST:
            listed_until = page.server_time - EXPORT_DELAY
        parent = {} if stream.parent_key is None else {stream.parent_key: parent_id}
        shaped = list(_readable(work, stream, [{**parent, **each} for each in page.records]))
        with reading(work.engine) as connection:
            _compare_shaped(work.ledger, connection, stream.table, shaped)
    with reading(work.engine) as connection:
        for table in HISTORY if stream.table is ticket_audits else (stream.table,):
            _find_extra(work.ledger, connection, table, listed_until=listed_until)


def _readable(work: Check, stream: Stream, records: Sequence[Any]) -> Iterator[Any]:
    for record in map(clean, records):
        try:
            is_audit = stream.table is ticket_audits
            yield audit_rows(record) if is_audit else shape(stream.table, record)
        except BadRecord as error:
            key = (str(record.get("id")),)
            problem = Finding(stream.table.name, key, WHOLE_RECORD, "absent", error.message, None)
            work.unreadable.append(problem)


def _compare_shaped(
    ledger: Ledger, connection: Connection, table: Table, shaped: Sequence[Any]
) -> None:
    if table is ticket_audits:
        ledger.compare_audits(connection, shaped)
        return
    ledger.compare(connection, table, shaped)
    if table is tickets:
        ledger.compare_parts(connection, shaped)


def _find_extra(
    ledger: Ledger,
    connection: Connection,
    table: Table,
    *,
    ticket_id: int | None = None,
    listed_until: datetime | None = None,
) -> None:
    """Note rows that the warehouse holds as alive and Zendesk did not list."""
    columns = list(table.primary_key.columns)
    owner = table.c.id if table is tickets else table.c.get("ticket_id")
    query = select(*columns, *([] if owner is None else [owner.label("owner")]))
    if "deleted_at" in table.c:
        query = query.where(table.c.deleted_at.is_(None))
    if owner is not None and table is not tickets:  # what belongs to a deleted ticket may be gone
        gone = select(tickets.c.id).where(tickets.c.deleted_at.is_not(None))
        query = query.where(owner.not_in(gone))
    if owner is None and listed_until is not None:  # tickets have their second look instead
        query = query.where(table.c.updated_at <= listed_until)
    if ticket_id is not None and owner is not None:
        query = query.where(owner == ticket_id)
    seen = ledger.seen.setdefault(table.name, set())
    for row in connection.execute(query).mappings():
        key = key_of(table, dict(row))
        if key not in seen:
            extra = Finding(table.name, key, WHOLE_RECORD, "present", "absent", row.get("owner"))
            ledger.replace(table.name, key, [extra])


def _look_again(work: Check, client: ZendeskReader) -> None:
    """Read tickets that seem to differ one by one, and compare them as they are now."""
    findings = work.ledger.findings
    doubtful = {each.ticket_id for found in findings.values() for each in found}
    if len(doubtful) > MOST_SECOND_LOOKS:
        return
    for ticket_id in sorted(number for number in doubtful if number is not None):
        for place in [p for p, found in findings.items() if found[0].ticket_id == ticket_id]:
            del findings[place]
        try:
            record, audits = client.ticket(ticket_id), client.audits(ticket_id)
            shaped = shape(tickets, clean(record)), [audit_rows(each) for each in clean(audits)]
        except RecordGone:
            _expect_deleted(work, ticket_id)
        except BadRecord as error:
            problem = Finding(tickets.name, (ticket_id,), WHOLE_RECORD, "", error.message, None)
            work.unreadable.append(problem)
        else:
            _compare_again(work, ticket_id, *shaped)


def _compare_again(work: Check, ticket_id: int, ticket: Row, audits: list[AuditRows]) -> None:
    with reading(work.engine) as connection:
        _compare_shaped(work.ledger, connection, tickets, [ticket])
        _compare_shaped(work.ledger, connection, ticket_audits, audits)
        for table in HISTORY:
            _find_extra(work.ledger, connection, table, ticket_id=ticket_id)


def _expect_deleted(work: Check, ticket_id: int) -> None:
    alive = select(tickets.c.id).where(tickets.c.id == ticket_id, tickets.c.deleted_at.is_(None))
    with reading(work.engine) as connection:
        if connection.execute(alive).first():
            key = (ticket_id,)
            extra = Finding(tickets.name, key, WHOLE_RECORD, "present", "deleted", ticket_id)
            work.ledger.replace(tickets.name, key, [extra])


def _explained(work: Check, findings: Sequence[Finding], *, now: datetime) -> list[Difference]:
    """Turn findings into differences: readable, without personal text, with a likely cause."""
    with reading(work.engine) as connection:
        quarantined = set(connection.scalars(select(quarantined_records.c.record_id)))
        query = select(sync_cursors.c.stream, sync_cursors.c.caught_up_at)
        caught_up = {row.stream: row.caught_up_at for row in connection.execute(query)}
    differences = []
    for each in findings:
        whole = each.field == WHOLE_RECORD
        table_moment = caught_up.get(STREAM_OF.get(each.table, each.table))
        differences.append(
            Difference(
                stream=each.table,
                id="/".join(str(part) for part in each.key),
                field=each.field,
                warehouse=each.warehouse if whole else show(each.field, each.warehouse),
                zendesk=each.zendesk if whole else show(each.field, each.zendesk),
                likely_cause=_cause(each, quarantined, table_moment, now),
            )
        )
    return sorted(differences, key=lambda each: (each.stream, each.id, each.field))


def _cause(
    finding: Finding, quarantined: set[str | None], caught_up_at: datetime | None, now: datetime
) -> str:
    if {str(part) for part in finding.key} & quarantined:
        return "a record with this id is in quarantined_records"
    if caught_up_at is None:
        return "the stream was never copied to its end: run `riskdesk sync run`"
    if now - caught_up_at > EXPORT_DELAY:
        return f"changed after the newest complete copy ({caught_up_at:%Y-%m-%d %H:%M:%S} UTC)?"
    return "unknown: please report it with this line"


STREAM_OF = {
    "ticket_audits": "ticket_events",
    "ticket_comments": "ticket_events",
    "ticket_field_history": "ticket_events",
    "ticket_tags": "tickets",
    "ticket_field_values": "tickets",
}
