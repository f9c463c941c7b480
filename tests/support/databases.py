"""Real databases for tests: a fresh SQLite file, a fresh PostgreSQL schema, or both in turn.

Tests ask for the fixtures `sqlite_engine`, `postgres_engine` or `any_engine`; the latter runs a
test on both. The tables of every imported table module exist there; `empty_engine` has none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from integrations.runtime.database import create_database_engine, metadata
from tests.support.shared import SERVICES_REQUIRED

POSTGRES_URL = os.environ.get(
    "RISKDESK_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test"
)
CONNECT_TIMEOUT_S = 5


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
    base = make_url(POSTGRES_URL).set(drivername="postgresql+psycopg")
    schema = f"test_{uuid4().hex}"
    admin = create_engine(base, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    try:
        _create_schema(admin, schema)
        url = base.update_query_dict({"options": f"-csearch_path={schema}"})
        engine = create_database_engine(url.render_as_string(hide_password=False))
        try:
            yield engine
        finally:
            engine.dispose()
            with admin.begin() as connection:
                connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    finally:
        admin.dispose()


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


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a SQLite database with the tables of every imported table module."""
    with fresh_sqlite(tmp_path) as engine:
        metadata.create_all(engine)
        yield engine


@pytest.fixture
def postgres_engine() -> Iterator[Engine]:
    """Give a PostgreSQL schema with the tables of every imported table module."""
    with fresh_postgres() as engine:
        metadata.create_all(engine)
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database, first SQLite, then PostgreSQL."""
    with fresh_database(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
def any_engine(empty_engine: Engine) -> Engine:
    """Give a database with tables, first SQLite, then PostgreSQL."""
    metadata.create_all(empty_engine)
    return empty_engine
