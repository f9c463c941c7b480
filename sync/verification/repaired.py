"""What hangs on rows that were put right: ends of values, side conversations, SLA clocks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, update

from sync.verification.compare import Finding
from sync.verification.expected import PART_OWNER
from sync.warehouse.history import end_earlier_values
from sync.warehouse.side_conversations import retell
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.conversations import side_conversations
from sync.warehouse.tables.history import ticket_field_history


def follow_up(connection: Connection, findings: Sequence[Finding]) -> None:
    """Bring up to date what is told from the rows of these findings."""
    _mend_chains(connection, findings)
    retell(connection, [each.key[0] for each in findings if each.table is side_conversations])
    note_stale(connection, {each.ticket_id for each in findings if each.ticket_id})


def _mend_chains(connection: Connection, findings: Sequence[Finding]) -> None:
    """Let values end where the next begins, also around values that came or went."""
    found = [each for each in findings if each.table is ticket_field_history]
    if not found:
        return
    end_earlier_values(connection, {each.ticket_id for each in found if each.ticket_id})
    mended = [as_parameters(ticket_field_history, each) for each in found]
    mark = update(ticket_field_history).where(is_row(ticket_field_history))
    connection.execute(mark.values(_source=Source.VERIFY.value), mended)


def is_row(table: Table) -> ColumnElement[bool]:
    """Return the condition that names a row by its key, as `as_parameters` gives it."""
    names = _key_columns(table)
    return and_(*(table.c[name] == bindparam(f"key_{name}") for name in names))


def as_parameters(table: Table, finding: Finding) -> dict[str, Any]:
    """Return the key of a finding's row."""
    names = _key_columns(table)
    return {f"key_{name}": part for name, part in zip(names, finding.key, strict=True)}


def _key_columns(table: Table) -> list[str]:
    owner = PART_OWNER.get(table.name)
    return [owner] if owner else [column.name for column in table.primary_key.columns]
