"""Databases and builders for the tests of escalations."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine

from automations.escalations.routing import Route, route
from integrations.runtime.database import transaction
from tests.support.databases import any_engine, empty_engine, sqlite_engine

__all__ = ["any_engine", "empty_engine", "sqlite_engine"]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def make_route(*, owner: str = "SEC", severity: str = "S1", reason: str = "A1") -> Route:
    """Return the route of a complaint that is escalated."""
    found = route(
        family=reason[0],
        reason=reason,
        severity=severity,
        owner=owner,
        abstained=False,
        complexity="normal",
        language="en",
    )
    assert found is not None
    return found


@pytest.fixture
def connection(any_engine: Engine) -> Iterator[Connection]:
    """Give an open transaction, first on SQLite, then on PostgreSQL."""
    with transaction(any_engine) as opened:
        yield opened
