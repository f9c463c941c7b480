"""Records of Zendesk that fit no row: they count as differences, and nothing of them is extra."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, Table, select

from integrations.runtime.database import reading
from sync.streams.stream import Stream
from sync.verification.compare import ABSENT, WHOLE_RECORD, Finding, Stored
from sync.verification.expected import Key
from sync.warehouse.records import whole
from sync.warehouse.tables.quarantine import quarantined_records

OWNERS = ("audit_id", "ticket_id")


@dataclass(slots=True)
class Unreadable:
    """The records of one stream that could not be read, by id."""

    stream: Stream
    ids: set[str] = field(default_factory=set)

    def note(self, ids: Iterable[str]) -> None:
        """Remember records that a page held."""
        self.ids.update(ids)

    def holds(self, key: Key, row: Mapping[str, Any]) -> bool:
        """Tell whether a row belongs to a record that cannot be read, so that it is not extra."""
        return any(str(part) in self.ids for part in (key[0], *(row.get(name) for name in OWNERS)))

    def findings(self, engine: Engine) -> list[Finding]:
        """Return what Zendesk has and no row says, and what is in quarantine only."""
        table = self.stream.table
        kept = quarantined_records.c
        waiting = select(kept.record_id, kept.table_name).where(
            kept.stream == self.stream.name, kept.resolved_at.is_(None), kept.stored.is_(False)
        )
        with reading(engine) as connection:
            quarantined = {
                row.record_id
                for row in connection.execute(waiting)
                if row.record_id and row.table_name in {None, table.name}
            }
            found = []
            for number in sorted(self.ids | quarantined):
                stored = _stored(connection, table, number)
                if number in self.ids or not stored.rows:
                    found.append(_finding(table, number, stored))
        return found


def _stored(connection: Connection, table: Table, number: str) -> Stored:
    columns = list(table.primary_key.columns)
    try:
        key = whole(number) if isinstance(columns[0].type, BigInteger) else number
    except (ValueError, OverflowError):
        return Stored([], None)
    query = select(table).where(columns[0] == key).limit(1)
    return Stored([dict(row) for row in connection.execute(query).mappings()], None)


def _finding(table: Table, number: str, stored: Stored) -> Finding:
    return Finding(
        table=table,
        key=(number,),
        field=WHOLE_RECORD,
        warehouse="an older state" if stored.rows else ABSENT,
        zendesk="cannot be read",
        ticket_id=None,
        stored=stored,
    )
