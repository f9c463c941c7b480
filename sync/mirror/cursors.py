"""Remembers how far each stream was read; every write belongs to the page it stands for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, select, update

from integrations.runtime.database import insert_into
from sync.warehouse.tables.cursors import sync_cursors

LIVE = "live"
KEY = ("stream", "lane")


@dataclass(frozen=True, slots=True)
class Position:
    """How far one stream was read, and how its newest run ended."""

    stream: str
    lane: str = LIVE
    cursor: str | None = None
    start_at: datetime | None = None
    until_at: datetime | None = None
    first_at: datetime | None = None
    position_at: datetime | None = None
    rows: int = 0
    pages: int = 0
    requests: int = 0
    errors: int = 0
    expected: int | None = None
    page_seconds: float | None = None
    started_at: datetime | None = None
    asked_at: datetime | None = None
    stored_at: datetime | None = None
    caught_up_at: datetime | None = None
    failed_at: datetime | None = None
    error: str | None = None

    def lag(self, now: datetime) -> timedelta | None:
        """Return how old the newest complete state is; None before the first complete run."""
        return None if self.caught_up_at is None else max(now - self.caught_up_at, timedelta())


def look(connection: Connection, stream: str) -> Position:
    """Return the position of a stream; one that never ran is at the beginning."""
    return _position(connection, stream, select(sync_cursors))


def read(connection: Connection, stream: str) -> Position:
    """Return the position of a stream and keep others from moving it in this transaction."""
    return _position(connection, stream, select(sync_cursors).with_for_update())


def _position(connection: Connection, stream: str, query: Select[Any]) -> Position:
    row = connection.execute(query.where(sync_cursors.c.stream == stream)).mappings().one_or_none()
    return Position(**row) if row else Position(stream)


def write(connection: Connection, position: Position) -> None:
    """Store the position of a stream."""
    values = {name: getattr(position, name) for name in sync_cursors.c.keys()}  # noqa: SIM118 - no dict
    statement = insert_into(connection, sync_cursors).values(values)
    new = {name: statement.excluded[name] for name in values if name not in KEY}
    connection.execute(statement.on_conflict_do_update(index_elements=KEY, set_=new))


def note_failure(connection: Connection, stream: str, error: str, *, now: datetime) -> None:
    """Record why the newest run of a stream stopped; its cursor stays where it was."""
    if read(connection, stream) == Position(stream):
        write(connection, Position(stream, error=error, failed_at=now))
        return
    failed = update(sync_cursors).where(sync_cursors.c.stream == stream)
    connection.execute(failed.values(error=error, failed_at=now))
