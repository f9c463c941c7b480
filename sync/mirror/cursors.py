"""Remembers how far each lane was read; every write belongs to the page it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from integrations.runtime.database import insert_into
from sync.warehouse.tables.cursors import sync_cursors

LIVE = "live"
KEY = ("stream", "lane")


@dataclass(frozen=True, slots=True)
class Position:
    """How far one lane of a stream was read, and how its newest run ended."""

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

    @property
    def is_behind(self) -> bool:
        """Tell whether the newest page was not the last one."""
        return self.stored_at is not None and self.stored_at != self.caught_up_at

    @property
    def place(self) -> tuple[str | None, int]:
        """What changes with every page: whoever finds another place was overtaken."""
        return self.cursor, self.pages


def look(connection: Connection, stream: str, lane: str = LIVE) -> Position:
    """Return the position of a lane; one that never ran is at the beginning."""
    return _position(connection, stream, lane, select(sync_cursors))


def read(connection: Connection, stream: str, lane: str = LIVE) -> Position:
    """Return the position of a lane and keep others from moving it in this transaction."""
    return _position(connection, stream, lane, select(sync_cursors).with_for_update())


def lanes_of(connection: Connection, stream: str) -> list[Position]:
    """Return the positions of all lanes of a stream, the live one first."""
    query = select(sync_cursors).where(sync_cursors.c.stream == stream)
    found = [Position(**row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda each: (each.lane != LIVE, each.lane))


def _position(connection: Connection, stream: str, lane: str, query: Select[Any]) -> Position:
    mine = query.where(sync_cursors.c.stream == stream, sync_cursors.c.lane == lane)
    row = connection.execute(mine).mappings().one_or_none()
    return Position(**row) if row else Position(stream, lane)


def create(connection: Connection, positions: Iterable[Position]) -> None:
    """Store new lanes; one that somebody else just made stays as it is."""
    for position in positions:
        statement = insert_into(connection, sync_cursors).values(_values(position))
        connection.execute(statement.on_conflict_do_nothing(index_elements=KEY))


def write(connection: Connection, position: Position) -> None:
    """Store the position of a lane."""
    values = _values(position)
    statement = insert_into(connection, sync_cursors).values(values)
    new = {name: statement.excluded[name] for name in values if name not in KEY}
    connection.execute(statement.on_conflict_do_update(index_elements=KEY, set_=new))


def note_failure(
    connection: Connection, position: Position, error: str, *, now: datetime, requests: int = 0
) -> Position:
    """Record why a lane's newest run stopped and what it cost; its cursor stays where it was."""
    found = read(connection, position.stream, position.lane)
    failed = replace(
        found,
        requests=found.requests + requests,
        errors=found.errors + 1,
        asked_at=now,
        failed_at=now,
        error=error,
    )
    write(connection, failed)
    return failed


def _values(position: Position) -> dict[str, Any]:
    return {name: getattr(position, name) for name in sync_cursors.c.keys()}  # noqa: SIM118 - no dict
