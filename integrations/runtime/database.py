"""Engine, transactions and column types that mean the same on SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import ArgumentError, DBAPIError

from integrations.runtime.errors import ConfigError, ServiceUnavailable

# Stable constraint names: migrations can name what they drop.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only INTEGER keys

BUSY_TIMEOUT_MS = 30_000
_DRIVERS = {"sqlite": "sqlite"} | dict.fromkeys(
    ("postgres", "postgresql", "postgresql+psycopg"), "postgresql+psycopg"
)
_READ_ONLY = "riskdesk_read_only"
_WRITE_LOCK = "riskdesk_write_lock"
REDACTION_KEY = "riskdesk_redaction_key"  # engine option: RISKDESK_REDACTION_KEY


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database; a naive value is an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse naive instants, store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: pass an aware one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return aware UTC; SQLite forgets the zone, so it is put back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def create_database_engine(url: str, *, redaction_key: str | None = None) -> Engine:
    """Build an engine for `sqlite:///file.db` or `postgresql://…`; does not connect yet.

    `redaction_key` is for those who store texts through this engine (integrations.redaction.keys).
    Raises ConfigError for a URL that names no usable database.
    """
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.drivername]
    except (ArgumentError, KeyError, ValueError):  # ValueError: the port is no number
        raise ConfigError(
            "RISKDESK_DATABASE_URL is not a database address.",
            hint="use sqlite:///riskdesk.db or postgresql://user:password@host/database.",
        ) from None
    engine = create_engine(parsed.set(drivername=driver), pool_pre_ping=driver != "sqlite")
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
        engine.update_execution_options(**{_WRITE_LOCK: threading.Lock()})
    if redaction_key is not None:
        engine.update_execution_options(**{REDACTION_KEY: redaction_key})
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """Write-ahead log, foreign keys, patience, and transactions that begin when we say so."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # sqlite3 must not open transactions on its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # an answered delivery survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what was erased is overwritten with zeros
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for the lock; it fails.
        # So writers take the lock at the start, readers never.
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction: commit at the end, roll back on any error.

    SQLite has one writer at a time. Threads of this process queue on a lock of ours, because
    SQLite's own busy handler polls, and a thread that polls can starve.
    """
    lock = engine.get_execution_options().get(_WRITE_LOCK)
    with lock or nullcontext(), engine.begin() as connection:
        yield connection


def empty_log(engine: Engine) -> None:
    """Let SQLite's write-ahead log hold nothing that was erased meanwhile; not while it is in use.

    PostgreSQL recycles its log by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()
    finally:
        connection.close()


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT that knows ON CONFLICT, which both databases spell in their own dialect."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for reading only; never waits for writers on SQLite."""
    with engine.connect() as connection:
        yield connection.execution_options(**{_READ_ONLY: True})


def check_database(engine: Engine) -> None:
    """Raise ServiceUnavailable, in two lines, when the database cannot be opened and written."""
    try:
        with transaction(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS riskdesk_write_probe (x INT)")
            connection.exec_driver_sql("DROP TABLE riskdesk_write_probe")
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        reason = str(error.orig).strip().partition("\n")[0]
        raise ServiceUnavailable(
            f"The database {where} cannot be written: {reason}.",
            hint="check RISKDESK_DATABASE_URL, the folder's permissions and that the server runs.",
        ) from None
