"""Databases for the tests of cases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from integrations.runtime.database import transaction
from tests.support.databases import any_engine, empty_engine, sqlite_engine

__all__ = ["any_engine", "empty_engine", "sqlite_engine"]


@pytest.fixture
def connection(any_engine: Engine) -> Iterator[Connection]:
    """Give an open transaction, first on SQLite, then on PostgreSQL."""
    with transaction(any_engine) as opened:
        yield opened
