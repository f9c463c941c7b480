"""A migrated database is exactly what the code expects, on both databases."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from integrations.runtime.database import create_database_engine, metadata, reading
from integrations.runtime.errors import ConfigError, ServiceUnavailable
from riskdesk.commands.db import import_tables
from sync.migrations.upgrade import current, newest, require_newest, upgrade


def test_migrated_database_equals_the_tables_in_the_code(empty_engine: Engine) -> None:
    import_tables()
    upgrade(empty_engine)
    with reading(empty_engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []
    assert len(inspect(empty_engine).get_table_names()) > 1


def test_second_upgrade_changes_nothing(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    first = current(empty_engine)
    upgrade(empty_engine)

    assert current(empty_engine) == first == newest()


def test_processes_that_start_at_once_do_not_disturb_each_other(empty_engine: Engine) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            upgrade(empty_engine)
        except BaseException as error:  # noqa: BLE001 - a thread must tell the test
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failures == []
    assert current(empty_engine) == newest()


def test_database_without_schema_is_refused_with_the_command_to_run(empty_engine: Engine) -> None:
    with pytest.raises(ConfigError) as caught:
        require_newest(empty_engine)

    assert "riskdesk db upgrade" in caught.value.hint


def test_unreachable_database_is_told_in_two_lines(tmp_path: Path) -> None:
    engine = create_database_engine(f"sqlite:///{tmp_path}/missing/folder.db")

    with pytest.raises(ServiceUnavailable, match="RISKDESK_DATABASE_URL"):
        upgrade(engine)
