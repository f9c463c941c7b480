"""Ledgers and pacers on a clock that tests turn by hand, on every kind of database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from integrations.zendesk import shared_ledger
from integrations.zendesk.budgets import limits
from integrations.zendesk.ledger import Ledger, OwnLedger
from integrations.zendesk.meeting_point import MeetingPoint
from integrations.zendesk.pacing import Pacer
from integrations.zendesk.shared_ledger import SharedLedger
from tests.support.databases import fresh_database
from tests.support.zendesk import Clock


def url_of(engine: Engine) -> str:
    """Return the address of a database of the tests."""
    return engine.url.render_as_string(hide_password=False)


@contextmanager
def meeting_point(kind: str, folder: Path) -> Iterator[MeetingPoint]:
    """Give the place where the processes of an installation on such a database meet."""
    with fresh_database(kind, folder) as engine:
        with engine.connect():  # SQLite makes its file now
            pass
        point = MeetingPoint(url_of(engine))
        try:
            yield point
        finally:
            if point._engine is not None:
                point._engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MeetingPoint]:
    """Give a meeting point, first on SQLite, then on PostgreSQL."""
    with meeting_point(request.param, tmp_path) as point:
        yield point


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands still."""
    return Clock()


@pytest.fixture(params=["own", "sqlite", "postgresql"])
def ledger(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ledger]:
    """Give the ledger of a process alone, then a shared one on each database."""
    if request.param == "own":
        yield OwnLedger(clock.monotonic)
        return
    monkeypatch.setattr(shared_ledger, "now", lambda _: clock.now)
    with meeting_point(request.param, tmp_path) as point:
        yield SharedLedger(point, OwnLedger(clock.monotonic))


def make_pacer(ledger: Ledger, clock: Clock, *, seconds: float = 60.0, **ours: int) -> Pacer:
    plan = {"requests": 400, "exports": 10, "ticket_updates": 100} | ours
    budgets = limits(**plan, seconds=seconds)
    return Pacer("acme", budgets, ledger, sleep=clock.sleep, monotonic=clock.monotonic)
