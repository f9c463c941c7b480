"""Compares rows of the warehouse with the rows Zendesk's records would become now."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from sync.warehouse.history import AuditRows
from sync.warehouse.records import NOT_FROM_ZENDESK, Row
from sync.warehouse.shape import as_text, field_value_rows, tag_rows
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.tickets import ticket_field_values, ticket_tags, tickets

Key = tuple[Any, ...]
HISTORY = (ticket_audits, ticket_comments, ticket_field_history)
# A single read does not tell the change clock, so a correct mirror may hold none.
NOT_COMPARED = NOT_FROM_ZENDESK | {"generated_timestamp"}
# Text that is no person's: everything else is shown by its length and a fingerprint only.
PLAIN_TEXT = frozenset({"status", "priority", "type", "via_channel", "role", "field", "locale"})
WHOLE_RECORD = "record"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value in which the warehouse and Zendesk do not agree; free of personal text."""

    stream: str
    id: str
    field: str
    warehouse: str
    zendesk: str
    likely_cause: str


@dataclass(slots=True)
class Finding:
    """A difference before its cause is known, and the ticket it belongs to."""

    table: str
    key: Key
    field: str
    warehouse: Any
    zendesk: Any
    ticket_id: int | None


@dataclass(slots=True)
class Ledger:
    """Collects what was compared; a record that comes again replaces its earlier findings."""

    seen: dict[str, set[Key]] = field(default_factory=dict)
    findings: dict[tuple[str, Key], list[Finding]] = field(default_factory=dict)

    def compare(self, connection: Connection, table: Table, expected: Sequence[Row]) -> None:
        """Compare each expected row with the stored one."""
        stored = _stored(connection, table, expected)
        for row in expected:
            key = key_of(table, row)
            self.seen.setdefault(table.name, set()).add(key)
            found = list(_findings(table, key, stored.get(key), row))
            self.replace(table.name, key, found)

    def replace(self, table: str, key: Key, found: list[Finding]) -> None:
        """Note the findings of one record; none means that it agrees."""
        self.findings.pop((table, key), None)
        if found:
            self.findings[table, key] = found

    def compare_audits(self, connection: Connection, audits: Sequence[AuditRows]) -> None:
        """Compare audits, their comments and their changes."""
        private = {number for rows in audits for number in rows.made_private}
        comments = [row for rows in audits for row in rows.comments]
        for row in comments:
            row["public"] = row["public"] and row["id"] not in private
        self.compare(connection, ticket_audits, [rows.audit for rows in audits])
        self.compare(connection, ticket_comments, comments)
        changes = [row for rows in audits for row in rows.changes]
        self.compare(connection, ticket_field_history, changes)

    def compare_parts(self, connection: Connection, expected: Sequence[Row]) -> None:
        """Compare the tables that repeat a ticket's tags and custom fields row by row."""
        ids = [row["id"] for row in expected]
        for table, wanted_of in ((ticket_tags, _tag_parts), (ticket_field_values, _field_parts)):
            stored: dict[int, set[Any]] = {}
            query = select(table).where(table.c.ticket_id.in_(ids))
            for number, *part in connection.execute(query):
                stored.setdefault(number, set()).add(tuple(part))
            for row in expected:
                number, wanted = row["id"], wanted_of(row)
                has = stored.get(number, set())
                finding = Finding(
                    table.name, (number,), "rows", sorted(has), sorted(wanted), number
                )
                self.replace(table.name, (number,), [] if has == wanted else [finding])


def key_of(table: Table, row: Row) -> Key:
    """Return the primary key of a row."""
    return tuple(row[column.name] for column in table.primary_key.columns)


def show(name: str, value: Any) -> str:
    """Return a value as it may be printed: numbers, times and codes; of text only its size."""
    if value is None:
        return "empty"
    if isinstance(value, bool | int | date) or (isinstance(value, str) and name in PLAIN_TEXT):
        return str(value)
    text = as_text(value) or ""
    fingerprint = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{len(text)} characters #{fingerprint}"


def ticket_of(table: Table, row: Row) -> int | None:
    """Return the ticket a row belongs to."""
    number = row["id"] if table is tickets else row.get("ticket_id")
    return number if isinstance(number, int) else None


def _stored(connection: Connection, table: Table, expected: Iterable[Row]) -> dict[Key, Row]:
    first = next(iter(table.primary_key.columns))
    wanted = {row[first.name] for row in expected}
    found = connection.execute(select(table).where(first.in_(wanted))).mappings()
    return {key_of(table, dict(row)): dict(row) for row in found}


def _findings(table: Table, key: Key, stored: Row | None, expected: Row) -> Iterator[Finding]:
    ticket_id = ticket_of(table, expected)
    if stored is None:
        yield Finding(table.name, key, WHOLE_RECORD, "absent", "present", ticket_id)
        return
    for name in expected.keys() - NOT_COMPARED:
        if _comparable(name, stored[name]) != _comparable(name, expected[name]):
            yield Finding(table.name, key, name, stored[name], expected[name], ticket_id)


def _comparable(name: str, value: Any) -> Any:
    """Return what has to agree: of a deletion only that it happened, of tags not their order."""
    if name == "deleted_at":
        return value is not None
    return sorted(value) if name == "tags" else value


def _tag_parts(row: Row) -> set[Any]:
    return {(part["tag"],) for part in tag_rows(row["id"], row["tags"])}


def _field_parts(row: Row) -> set[Any]:
    parts = field_value_rows(row["id"], row["custom_fields"])
    return {(part["field_id"], part["position"], part["value"]) for part in parts}
