"""Keeps records that could not be stored, once each, so that a person can look at them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from integrations.runtime.database import insert_into
from sync.warehouse.tables.quarantine import quarantined_records

Refused = tuple[Any, str]  # the record and why it was refused


def keep(connection: Connection, stream: str, refused: Sequence[Refused], *, now: datetime) -> None:
    """Store refused records; a record that comes again only gets a newer time and reason."""
    if not refused:
        return
    statement = insert_into(connection, quarantined_records)
    again = {name: statement.excluded[name] for name in ("error", "seen_at")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["stream", "digest"], set_=again),
        [
            {
                "stream": stream,
                "record_id": _id_of(record),
                "digest": hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest(),
                "raw": json.dumps(record),
                "error": error,
                "first_seen_at": now,
                "seen_at": now,
            }
            for record, error in refused
        ],
    )


def _id_of(record: Any) -> str | None:
    number = record.get("id") if isinstance(record, dict) else None
    return str(number)[:64] if isinstance(number, int | str) else None
