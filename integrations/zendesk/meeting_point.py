"""Where all processes of an installation meet: scratch tables beside, or in, its database."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    Column,
    Connection,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from integrations.runtime.database import BigId, create_database_engine, transaction
from integrations.runtime.errors import ConfigError

SCRATCH = "zendesk_"  # the tables' prefix; migrations leave them alone
ADVISORY_LOCK = 7_476_002  # on PostgreSQL; any number of ours
# What can go wrong at the meeting point; none of it is a reason not to talk to Zendesk.
FAILURES = (SQLAlchemyError, OSError)
FORGIVEN_S = 30.0  # after a failure the processes go on alone for so long
PATIENCE_S = 75.0  # longer than any request to Zendesk may be silent

# No migration makes these: they hold minutes, may be dropped at any time, and commands that talk
# to Zendesk must work before `riskdesk db upgrade`.
scratch = MetaData()
turns = Table(
    f"{SCRATCH}turns",
    scratch,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("name", String(300), nullable=False, comment="Account, budget, and what it is for"),
    Column("amount", Integer, nullable=False),
    Column("expected", Double, nullable=False, comment="When they should be free, epoch seconds"),
    Column("until", Double, nullable=False, comment="When they are free at the latest"),
    comment="Calls to Zendesk that still count against one of its budgets.",
)
Index("ix_zendesk_turns_name_until", turns.c.name, turns.c.until)
tokens = Table(
    f"{SCRATCH}tokens",
    scratch,
    Column("login", String(300), primary_key=True),
    Column("sealed", Text, nullable=False, comment="Encrypted under the client's secret"),
    Column("good_until", Double, comment="Epoch seconds; empty: without an end"),
    comment="The newest OAuth tokens, for all processes.",
)

logger = logging.getLogger(__name__)


class MeetingPoint:
    """The scratch tables of one installation; absent where no other process could meet us.

    With PostgreSQL they stand in its database. With SQLite they have a small file of their own,
    so that a call to Zendesk never waits for a page that is being written to the warehouse.
    """

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._absent_until = float("-inf")

    @contextmanager
    def open(self) -> Iterator[Connection | None]:
        """Give a write transaction; None when there is no place to meet, or it fails just now."""
        engine = self._found()
        if engine is None:
            yield None
            return
        with transaction(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process out until the end; a dead one keeps nobody out."""
        engine = self._found()
        if engine is None:
            yield
        elif engine.dialect.name == "sqlite":
            with FileLock(f"{engine.url.database}.lock", timeout=PATIENCE_S, mode=0o600):
                yield
        else:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE_S:.0f}s'")
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": ADVISORY_LOCK})
                try:
                    yield
                finally:
                    connection.invalidate()  # closing it lets go of the lock, whatever happened

    def failed(self, error: Exception) -> None:
        """Go on without the other processes for a while."""
        if time.monotonic() >= self._absent_until:
            logger.warning(
                "The processes cannot share Zendesk's budgets and tokens now (%s).",
                type(error).__name__,
            )
        self._absent_until = time.monotonic() + FORGIVEN_S

    def _found(self) -> Engine | None:
        """Return the place, as soon as it exists."""
        if time.monotonic() < self._absent_until:
            return None
        with self._lock:
            if self._engine is None:
                self._engine = _open(self._url)
            return self._engine


def now(connection: Connection) -> float:
    """Return the clock that all who meet here share: the server's, or this machine's."""
    if connection.dialect.name == "sqlite":
        return time.time()
    epoch = text("SELECT extract(epoch FROM clock_timestamp())")
    return float(connection.scalar(epoch) or 0.0)


def _open(database_url: str) -> Engine | None:
    try:
        engine = create_database_engine(database_url)
    except ConfigError:  # whoever needs the database will say so
        return None
    if engine.dialect.name == "sqlite":
        path = engine.url.database
        if not path or not Path(path).is_file():
            return None  # no other process works on a database that is not there
        os.close(os.open(f"{path}-zendesk", os.O_CREAT | os.O_RDWR, 0o600))
        engine = create_database_engine(f"sqlite:///{path}-zendesk")
        event.listen(engine, "connect", _hurry)
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
        scratch.create_all(connection)
    return engine


def _hurry(connection: Any, _record: object) -> None:
    """Spare the disk: only a power cut can lose the newest turns, and nothing depends on them."""
    connection.execute("PRAGMA synchronous = OFF")
