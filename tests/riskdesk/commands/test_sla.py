"""`riskdesk sla`: files in and out, and reports people and machines can read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from integrations.runtime.database import create_database_engine, metadata
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.sla import app
from sync.migrations.upgrade import upgrade
from tests.support.sla import OFFICE_HOURS

CASE = {
    "id": "B1",
    "kind": "business_time",
    "schedule": OFFICE_HOURS,
    "start": "2026-03-06T15:00:00Z",
    "target_seconds": 7200,
}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    monkeypatch.setenv("RISKDESK_DATABASE_URL", url)
    load_settings.cache_clear()
    engine = create_database_engine(url)
    upgrade(engine)
    metadata.create_all(engine)
    yield engine
    engine.dispose()
    load_settings.cache_clear()


def test_compute_writes_answers_and_counts_on_stderr(tmp_path: Path) -> None:
    source, target = tmp_path / "cases.json", tmp_path / "results.json"
    source.write_text(json.dumps([CASE, {"id": "X1", "kind": "riddle"}]))
    result = CliRunner().invoke(
        app, ["compute", "--input", str(source), "--output", str(target)], catch_exceptions=False
    )
    answers = json.loads(target.read_text())

    assert result.exit_code == 0
    assert answers["B1"] == {"due_at": "2026-03-09T09:00:00Z"}
    assert "error" in answers["X1"]
    assert "1 cases answered, 1 could not be." in result.stderr
    assert "case 2 ('X1')" in result.stderr


def test_compute_refuses_a_file_that_is_no_json(tmp_path: Path) -> None:
    source = tmp_path / "cases.json"
    source.write_text("nonsense")
    result = CliRunner().invoke(app, ["compute", "--input", str(source), "--output", "out.json"])

    assert isinstance(result.exception, BadInput)


def test_compute_says_where_it_may_not_write(tmp_path: Path) -> None:
    source = tmp_path / "cases.json"
    source.write_text(json.dumps([CASE]))
    target = tmp_path / "missing" / "results.json"
    result = CliRunner().invoke(app, ["compute", "--input", str(source), "--output", str(target)])

    assert isinstance(result.exception, BadInput)
    assert "cannot be written" in result.exception.message


def test_refresh_of_an_empty_warehouse_is_fine(engine: Engine) -> None:
    assert engine is not None
    result = CliRunner().invoke(app, ["refresh", "--now", "2026-03-02T09:00:00Z"])

    assert "The clocks of 0 tickets are as of 2026-03-02T09:00:00Z." in result.stdout


def test_refresh_refuses_a_time_without_a_zone() -> None:
    result = CliRunner().invoke(app, ["refresh", "--now", "2026-03-02T09:00:00"])

    assert isinstance(result.exception, BadInput)
