"""Puts right what differs: stores records anew, marks or deletes rows that Zendesk has not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, update

from integrations.runtime.database import transaction
from sync.mirror.engine import BEGINNING
from sync.mirror.landing import Arrival, land
from sync.streams.registry import STREAMS
from sync.verification.compare import ABSENT, Finding, differing, is_alive
from sync.verification.derived import DERIVED, broken_ends_of
from sync.verification.expected import PART_OWNER
from sync.verification.repaired import as_parameters, follow_up, is_row
from sync.verification.spool import packed
from sync.verification.stored import look_up
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_field_history
from sync.warehouse.tables.tickets import tickets

Place = tuple[str, Any]  # table and packed key
STREAM_OF: Mapping[str, str] = {
    name: stream.name
    for stream in STREAMS
    for name in (stream.table.name, *(table.name for _, table in stream.sideloads))
}


def place_of(finding: Finding) -> Place:
    """Return what names the row of a finding."""
    return finding.table.name, packed(finding.key)


def repair(engine: Engine, findings: Sequence[Finding], read_at: datetime) -> set[Place]:
    """Put these rows right in one transaction and return which of them agree now.

    What changed since it was compared is left alone: it is newer than what was read.
    """
    curable = [each for each in findings if _is_curable(each)]
    if not curable:
        return set()
    with transaction(engine) as connection:
        current = [each for found in _by_table(curable) for each in _unchanged(connection, found)]
        wrong = [each for each in current if each.expected is not None]
        absent = [each for each in current if each.expected is None and each.zendesk == ABSENT]
        for found in _by_table(wrong):
            _take_back(connection, found)
        _land_anew(connection, wrong, read_at)
        for found in _by_table(absent):
            _remove(connection, found, read_at)
        follow_up(connection, current)
        return {place for found in _by_table(current) for place in _agreeing(connection, found)}


def _is_curable(finding: Finding) -> bool:
    """Tell whether something can be done: not about records that fit no row, nor tombstones."""
    if any(row.get("erased_at") is not None for row in finding.stored.rows):
        return False  # nothing revives what was erased
    return (
        finding.expected is not None or finding.zendesk == ABSENT or finding.table.name in DERIVED
    )


def _by_table(findings: Iterable[Finding]) -> list[list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for each in findings:
        found.setdefault(each.table.name, []).append(each)
    return list(found.values())


def _unchanged(connection: Connection, findings: Sequence[Finding]) -> list[Finding]:
    """Lock the rows and return the findings that are still true of them."""
    keys = [each.key for each in findings]
    stored = look_up(connection, findings[0].table, keys, lock=True)
    return [each for each in findings if stored[packed(each.key)] == each.stored]


def _take_back(connection: Connection, findings: Sequence[Finding]) -> None:
    """Make damaged rows older than everything, so that the record that was read replaces them."""
    table = findings[0].table
    if table.name in PART_OWNER:  # written anew with the row they belong to
        return
    oldest = {
        "_synced_at": BEGINNING,
        "updated_at": BEGINNING,
        "generated_timestamp": None,
        "deleted_at": None,
    }
    values = {name: value for name, value in oldest.items() if name in table.c}
    rows = [as_parameters(table, each) for each in findings if each.stored.rows]
    if rows:
        connection.execute(update(table).where(is_row(table)).values(values), rows)


def _land_anew(connection: Connection, findings: Sequence[Finding], read_at: datetime) -> None:
    """Store the records of these findings as the mirror does, and what hangs on them."""
    records: dict[str, tuple[Table, dict[int, Any]]] = {}
    for each in findings:
        if each.expected is not None:
            table, record = each.expected.origin
            records.setdefault(table.name, (table, {}))[1][id(record)] = record
    for table, different in records.values():
        arrival = Arrival(STREAM_OF.get(table.name, table.name), Source.VERIFY, read_at)
        land(connection, table, different.values(), arrival)


def _remove(connection: Connection, findings: Sequence[Finding], read_at: datetime) -> None:
    """Mark rows as deleted that Zendesk does not have; what cannot be marked is deleted."""
    table = findings[0].table
    rows = [as_parameters(table, each) for each in findings]
    if "deleted_at" not in table.c:
        connection.execute(delete(table).where(is_row(table)), rows)
        return
    marks = {"deleted_at": read_at, "_synced_at": read_at, "_source": Source.VERIFY.value}
    if table is tickets:
        marks["status"] = "deleted"
    connection.execute(update(table).where(is_row(table)).values(marks), rows)


def _agreeing(connection: Connection, findings: Sequence[Finding]) -> Iterator[Place]:
    table = findings[0].table
    stored = look_up(connection, table, [each.key for each in findings])
    broken = (
        broken_ends_of(connection, {each.ticket_id for each in findings if each.ticket_id})
        if table is ticket_field_history
        else set()
    )
    for each in findings:
        rows = stored[packed(each.key)].rows
        if each.expected is None:
            is_right = not any(map(is_alive, rows)) or each.zendesk != ABSENT
        else:
            is_right = not any(differing(table, rows, each.expected))
        if is_right and each.key not in broken:
            yield place_of(each)
