"""Notes fields that Zendesk sends and this version does not know; their values stay in raw."""

import logging
from collections.abc import Mapping
from datetime import datetime

from msgspec import Raw
from sqlalchemy import Connection, Table, select

from integrations.runtime.database import insert_into
from sync.warehouse.decoding import Strange, decoder_of
from sync.warehouse.records import read_record
from sync.warehouse.tables.quarantine import unknown_fields

LONGEST_NAME = 200
LONGEST_ID = 64

logger = logging.getLogger(__name__)


def note(connection: Connection, strange: Strange, *, now: datetime) -> None:
    """Report each unknown field once.

    What was noted before is known from now on, so that records with it are read fast again.
    """
    for table in dict.fromkeys(table for table, _ in strange):
        found = {name: raw for (owner, name), raw in strange.items() if owner is table}
        _note(connection, table, found, now)


def _note(connection: Connection, table: Table, strange: Mapping[str, Raw], now: datetime) -> None:
    names = {name[:LONGEST_NAME]: raw for name, raw in strange.items()}
    noted = unknown_fields.c
    before = set(
        connection.scalars(select(noted.field).where(noted.table_name == table.name)).all()
    )
    decoder_of(table).learn(before)
    rows = [
        {
            "table_name": table.name,
            "field": name,
            "record_id": _id_of(table, raw),
            "first_seen_at": now,
        }
        for name, raw in sorted(names.items())
        if name not in before
    ]
    if not rows:
        return
    connection.execute(insert_into(connection, unknown_fields).on_conflict_do_nothing(), rows)
    logger.warning(
        "Zendesk sends fields of %s that this version does not know: %s. They are kept in raw.",
        table.name,
        ", ".join(repr(row["field"]) for row in rows),
    )


def _id_of(table: Table, raw: Raw) -> str | None:
    (key, *_) = table.primary_key.columns
    record, _ = read_record(raw)
    value = record.get(key.name) if isinstance(record, dict) else None
    return str(value)[:LONGEST_ID] if isinstance(value, int | str) else None
