"""Keeps records that did not fit, untouched and once each, until they or a newer state fit."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

from msgspec import Raw
from sqlalchemy import Connection, Table, bindparam, select, update

from integrations.runtime.database import insert_into
from sync.migrations.upgrade import newest
from sync.mirror.arrival import Key
from sync.warehouse.tables.quarantine import quarantined_records

LONGEST_ID = 64


class Refused(NamedTuple):
    """A record that did not fit, and why; `stored`: a readable copy is in its table."""

    raw: Raw
    reason: str
    key: Key | None
    ticket_id: int | None
    stored: bool


@cache
def reader() -> str:
    """Return what reads records now, version and schema; another one may understand more."""
    return f"{version('riskdesk')} {newest()}"


def keep(
    connection: Connection, stream: str, table: Table, refused: Sequence[Refused], *, now: datetime
) -> None:
    """Store refused records; one that comes again gets a newer time, reason and version."""
    if not refused:
        return
    statement = insert_into(connection, quarantined_records)
    once = ("stream", "digest", "raw", "first_seen_at")
    rows = [
        {
            "stream": stream,
            "digest": hashlib.sha256(bytes(each.raw)).hexdigest(),
            "table_name": table.name,
            "record_id": _id_of(each.key),
            "ticket_id": each.ticket_id,
            "raw": _text(each.raw),
            "error": each.reason,
            "stored": each.stored,
            "version": reader(),
            "first_seen_at": now,
            "seen_at": now,
            "resolved_at": None,
        }
        for each in refused
    ]
    again = {name: statement.excluded[name] for name in rows[0] if name not in once}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["stream", "digest"], set_=again), rows
    )


def resolve(connection: Connection, table: Table, keys: Collection[Key], *, now: datetime) -> None:
    """Note that records in quarantine were stored after all, in this or in a newer state."""
    waiting = quarantined_records.c
    query = select(waiting.id, waiting.record_id).where(
        waiting.table_name == table.name, waiting.resolved_at.is_(None)
    )
    known = {_id_of(key) for key in keys}
    settled = [{"number": row.id} for row in connection.execute(query) if row.record_id in known]
    if settled:
        mark = update(quarantined_records).where(waiting.id == bindparam("number"))
        connection.execute(mark.values(resolved_at=now), settled)


def _id_of(key: Key | None) -> str | None:
    return None if key is None else str(key)[:LONGEST_ID]


def _text(raw: Raw) -> str:
    """Return the record as text; bytes that are no UTF-8 are shown as numbers."""
    return bytes(raw).decode("utf-8", "backslashreplace").replace("\x00", "\\u0000")
