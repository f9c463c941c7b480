"""Real databases for tests: a fresh SQLite file, a fresh PostgreSQL schema, or both in turn.

Tests ask for the fixtures `sqlite_engine`, `postgres_engine` or `any_engine`; the latter runs a
test on both. The tables of every imported table module exist there; `empty_engine` has none.
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from integrations.runtime.database import REDACTION_KEY, create_database_engine, metadata
from tests.support.shared import SERVICES_REQUIRED

POSTGRES_URL = os.environ.get(
    "RISKDESK_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test"
)
CONNECT_TIMEOUT_S = 5
# Every table, view, index, column and constraint of a schema, as one value.
SHAPE = """
    SELECT md5(string_agg(thing, ',' ORDER BY thing)) FROM (
        SELECT concat(c.relkind, c.oid, c.relname, string_agg(
            concat(a.attname, a.atttypid, a.attnotnull), '/' ORDER BY a.attnum)) AS thing
        FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = CAST(:schema AS text)::regnamespace
        GROUP BY c.oid, c.relkind, c.relname
        UNION ALL
        SELECT concat('constraint', oid) FROM pg_constraint
        WHERE connamespace = CAST(:schema AS text)::regnamespace
        UNION ALL
        SELECT concat('routine', oid) FROM pg_proc
        WHERE pronamespace = CAST(:schema AS text)::regnamespace
    ) things
"""
END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = :schema
"""
EMPTY = """
    DO $$
    DECLARE
        name text;
        counter record;
        has_rows boolean;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM {schema}.%I)', name) INTO has_rows;
            IF has_rows THEN
                EXECUTE format('DELETE FROM {schema}.%I', name);
            END IF;
        END LOOP;
        FOR counter IN SELECT sequencename FROM pg_sequences
            WHERE schemaname = '{schema}' AND last_value IS NOT NULL LOOP
            EXECUTE format('ALTER SEQUENCE {schema}.%I RESTART', counter.sequencename);
        END LOOP;
    END $$
"""
# What this process made before, by the number of tables that it knew then.
_SQLITE: dict[int, Path] = {}
_POSTGRES: dict[int, list[tuple[str, str]]] = {}


def share_key(*engines: Engine) -> None:
    """Let what is taken out leave the same placeholders in each of these databases."""
    for engine in engines:
        engine.update_execution_options(**{REDACTION_KEY: "a key that all these databases share"})


@contextmanager
def fresh_sqlite(folder: Path) -> Iterator[Engine]:
    """Open an engine on a new, empty SQLite file."""
    engine = create_database_engine(f"sqlite:///{folder / f'{uuid4().hex}.db'}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def fresh_postgres() -> Iterator[Engine]:
    """Open an engine whose every connection sees one new, empty schema; drop it at the end.

    Skips when no server answers, or fails where services are required.
    """
    schema = new_schema()
    try:
        with _engine_on(schema) as engine:
            yield engine
    finally:
        drop_schema(schema)


def new_schema() -> str:
    """Create an empty schema and return its name."""
    schema = f"test_{uuid4().hex}"
    with administration() as admin:
        _create_schema(admin, schema)
    return schema


def drop_schema(schema: str) -> None:
    """Drop a schema with all that is in it."""
    with administration() as admin, admin.begin() as connection:
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))


@contextmanager
def administration() -> Iterator[Engine]:
    """Open an engine that sees no schema of a test."""
    url = make_url(POSTGRES_URL).set(drivername="postgresql+psycopg")
    admin = create_engine(url, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    try:
        yield admin
    finally:
        admin.dispose()


@contextmanager
def _engine_on(schema: str) -> Iterator[Engine]:
    url = make_url(POSTGRES_URL).set(drivername="postgresql+psycopg")
    url = url.update_query_dict({"options": f"-csearch_path={schema}", "application_name": schema})
    engine = create_database_engine(url.render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()


def _create_schema(admin: Engine, schema: str) -> None:
    try:
        with admin.begin() as connection:
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    except OperationalError:
        where = admin.url.render_as_string(hide_password=True)
        reason = f"no PostgreSQL answers at {where} (set RISKDESK_TEST_POSTGRES_URL)"
        if SERVICES_REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[Engine]:
    """Open an empty database of the named kind: `sqlite` or `postgresql`."""
    with fresh_sqlite(folder) if kind == "sqlite" else fresh_postgres() as engine:
        yield engine


@contextmanager
def furnished_sqlite(folder: Path) -> Iterator[Engine]:
    """Open a new SQLite file with the tables: a copy of one that this process made before."""
    known = _SQLITE.setdefault(len(metadata.tables), Path(mkdtemp()) / "tables.db")
    if not known.exists():
        with fresh_sqlite(known.parent) as engine:
            metadata.create_all(engine)
            made = Path(str(engine.url.database))
        made.rename(known)
    copy = folder / f"{uuid4().hex}.db"
    shutil.copyfile(known, copy)
    engine = create_database_engine(f"sqlite:///{copy}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def furnished_postgres() -> Iterator[Engine]:
    """Open a schema with the tables, all of them empty: the next test gets it again, emptied.

    Creating them takes longer than most tests. A schema in which a test changed more than rows is
    dropped.
    """
    free = _POSTGRES.setdefault(len(metadata.tables), [])
    schema, shape = free.pop() if free else _furnish()
    with _engine_on(schema) as engine:
        yield engine
    if _emptied(schema, shape):
        free.append((schema, shape))
    else:
        drop_schema(schema)


def _furnish() -> tuple[str, str]:
    schema = new_schema()
    with _engine_on(schema) as engine:
        metadata.create_all(engine)
    atexit.register(drop_schema, schema)
    with administration() as admin, admin.begin() as connection:
        return schema, str(connection.scalar(text(SHAPE), {"schema": schema}))


def _emptied(schema: str, shape: str) -> bool:
    """Leave no row and no counter of a test; return False when more than these changed."""
    with administration() as admin, admin.begin() as connection:
        # What a test left behind, a process that was killed or hangs, holds locks no more.
        connection.execute(text(END_OTHERS), {"schema": schema})
        if connection.scalar(text(SHAPE), {"schema": schema}) != shape:
            return False
        connection.execute(text(EMPTY.replace("{schema}", schema)))
    return True


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a SQLite database with the tables of every imported table module."""
    with furnished_sqlite(tmp_path) as engine:
        yield engine


@pytest.fixture
def postgres_engine() -> Iterator[Engine]:
    """Give a PostgreSQL schema with the tables of every imported table module."""
    with furnished_postgres() as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database, first SQLite, then PostgreSQL."""
    with fresh_database(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a database with tables, first SQLite, then PostgreSQL."""
    is_sqlite = request.param == "sqlite"
    with furnished_sqlite(tmp_path) if is_sqlite else furnished_postgres() as engine:
        yield engine
