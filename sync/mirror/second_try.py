"""Tries records in quarantine again after an upgrade: a newer version may understand them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Raw
from sqlalchemy import Engine, or_, select, update

from integrations.runtime.database import metadata, reading, transaction
from sync.mirror.arrival import Arrival
from sync.mirror.landing import land
from sync.mirror.quarantine import reader
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.quarantine import quarantined_records

AT_ONCE = 200


def retry_quarantined(engine: Engine, *, now: datetime) -> int:
    """Try what another version refused; return how many records are in their tables now.

    A record counts as read when it came, so it never replaces a newer state. What is refused
    again is not tried again by this version.
    """
    kept = quarantined_records.c
    query = (
        select(kept.id, kept.stream, kept.table_name, kept.raw, kept.seen_at)
        .where(
            kept.resolved_at.is_(None),
            kept.stored.is_(False),
            kept.table_name.in_(metadata.tables),
            or_(kept.version.is_(None), kept.version != reader()),
        )
        .order_by(kept.id)
        .limit(AT_ONCE)
    )
    stored, after = 0, 0
    while True:
        with reading(engine) as connection:
            found = connection.execute(query.where(kept.id > after)).all()
        if not found:
            return stored
        stored += _try(engine, found, now=now)
        after = found[-1].id


def _try(engine: Engine, found: Sequence[Any], *, now: datetime) -> int:
    stored = 0
    with transaction(engine) as connection:
        for each in found:
            arrival = Arrival(each.stream, Source.EXPORT, each.seen_at)
            landed = land(
                connection, metadata.tables[each.table_name], [Raw(each.raw.encode())], arrival
            )
            stored += landed.rows
            outcome = {"resolved_at": now} if landed.rows else {"version": reader()}
            this = quarantined_records.c.id == each.id
            connection.execute(update(quarantined_records).where(this).values(outcome))
    return stored
