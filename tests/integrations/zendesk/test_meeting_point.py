"""Where processes meet: only beside a database that exists, and readable by its owner alone."""

import stat
import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from integrations.zendesk.meeting_point import MeetingPoint
from sync.migrations.upgrade import is_migrated
from tests.support.budgets import shared_place

__all__ = ["shared_place"]


def test_no_file_appears_where_no_database_is(tmp_path: Path) -> None:
    place = MeetingPoint(f"sqlite:///{tmp_path}/riskdesk.db")
    with place.open() as connection:
        assert connection is None
    with place.alone():
        pass

    assert list(tmp_path.iterdir()) == []


def test_the_place_is_found_once_the_database_is_there(tmp_path: Path) -> None:
    place = MeetingPoint(f"sqlite:///{tmp_path}/riskdesk.db")
    with place.open() as connection:
        assert connection is None
    (tmp_path / "riskdesk.db").touch()
    with place.open() as connection:
        assert connection is not None


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    (tmp_path / "riskdesk.db").touch()
    with MeetingPoint(f"sqlite:///{tmp_path}/riskdesk.db").open():
        files = [path for path in tmp_path.iterdir() if path.name != "riskdesk.db"]

    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_an_address_that_is_none_is_no_place() -> None:
    with MeetingPoint("not a database").open() as connection:
        assert connection is None


def test_one_is_alone_until_the_end(shared_place: MeetingPoint) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(5)
        with shared_place.alone():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with shared_place.alone():
        inside.set()
        thread.join(0.1)
        order.append("first")
    thread.join(5)

    assert order == ["first", "second"]


def test_migrations_leave_the_scratch_tables_alone(shared_place: MeetingPoint) -> None:
    with shared_place.open() as connection:
        assert connection is not None
        options = {"include_name": is_migrated}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, MetaData()) == []
