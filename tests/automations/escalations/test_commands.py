"""The escalation commands on a real, migrated database."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from automations.escalations.service import open_escalation
from automations.escalations.tables import escalations
from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine, transaction
from integrations.runtime.errors import BadInput, ConfigError, RuleViolation
from integrations.runtime.settings import load_settings
from riskdesk.commands.escalations import app
from sync.migrations.upgrade import upgrade
from tests.automations.escalations.conftest import make_route

runner = CliRunner()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Give the database that the commands find in their settings; it is still empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKDESK_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    load_settings.cache_clear()
    engine = create_database_engine(load_settings().database_url)
    yield engine
    engine.dispose()
    load_settings.cache_clear()


@pytest.fixture
def escalation(database: Engine) -> int:
    """Give the id of an escalation that is a day late."""
    upgrade(database)
    escalations.create(database, checkfirst=True)
    with transaction(database) as connection:
        opened = open_escalation(
            connection,
            ticket_id=42,
            route=make_route(),
            family="A",
            reason="A1",
            group_id=None,
            now=utc_now() - timedelta(days=1),
            due_at=utc_now() - timedelta(days=1),
        )
    assert opened is not None
    return opened


def test_list_as_json_tells_what_is_overdue(escalation: int) -> None:
    (row,) = json.loads(runner.invoke(app, ["list", "--json"]).stdout)

    assert (row["id"], row["ticket_id"], row["overdue"]) == (escalation, 42, True)
    assert row["due_at"].endswith("Z")


def test_list_shows_an_overdue_one_as_such(escalation: int) -> None:
    result = runner.invoke(app, ["list"], env={"COLUMNS": "140"})

    assert f"{escalation} " in result.stdout
    assert "overdue" in result.stdout


def test_answer_takes_it_off_the_open_list(escalation: int) -> None:
    result = runner.invoke(app, ["answer", str(escalation), "--by", "7"])

    assert "ticket 42 is answered" in result.stdout
    assert json.loads(runner.invoke(app, ["list", "--json"]).stdout) == []
    assert len(json.loads(runner.invoke(app, ["list", "--state", "all", "--json"]).stdout)) == 1


def test_show_tells_the_answer(escalation: int) -> None:
    runner.invoke(app, ["answer", str(escalation), "--by", "7"])
    facts = json.loads(runner.invoke(app, ["show", str(escalation), "--json"]).stdout)

    assert (facts["state"], facts["answered_by_id"], facts["overdue"]) == ("answered", 7, False)
    assert "answer_kind" in runner.invoke(app, ["show", str(escalation)]).stdout


@pytest.mark.parametrize(
    "arguments",
    [["show", "999"], ["answer", "999"], ["list", "--state", "lost"], ["list", "--queue", "QQ"]],
)
@pytest.mark.usefixtures("escalation")
def test_bad_arguments_are_explained(arguments: list[str]) -> None:
    assert isinstance(runner.invoke(app, arguments).exception, BadInput)


def test_a_second_answer_is_refused(escalation: int) -> None:
    runner.invoke(app, ["answer", str(escalation)])

    assert isinstance(runner.invoke(app, ["answer", str(escalation)]).exception, RuleViolation)


@pytest.mark.usefixtures("database")
def test_a_database_without_tables_is_explained() -> None:
    result = runner.invoke(app, ["list"])

    assert isinstance(result.exception, ConfigError)
    assert "riskdesk db upgrade" in result.exception.hint
