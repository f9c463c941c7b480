"""`riskdesk sla differences`: what people and machines read, and how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner, Result

from integrations.runtime.database import create_database_engine, transaction
from integrations.runtime.settings import load_settings
from riskdesk.commands.root import app
from sync.migrations.upgrade import upgrade
from sync.sla.verdict.causes import Cause
from sync.warehouse.tables.sla import sla_differences
from tests.support.sla import NINE


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    monkeypatch.setenv("RISKDESK_DATABASE_URL", url)
    load_settings.cache_clear()
    engine = create_database_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()
    load_settings.cache_clear()


def keep(engine: Engine, *causes: Cause, **more: Any) -> None:
    """Let there be one difference for each cause, each of another ticket."""
    rows = [
        {
            "ticket_id": number,
            "metric": "first_reply_time",
            "instance": 1,
            "field": "breached",
            "ours": "true",
            "zendesk": "false",
            "cause": cause.value,
            "detail": "because of that",
            "found_at": NINE,
            "checked_at": NINE,
            **more,
        }
        for number, cause in enumerate(causes, start=41)
    ]
    with transaction(engine) as connection:
        connection.execute(insert(sla_differences), rows)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["sla", "differences", *words], catch_exceptions=False)


def test_explained_differences_are_listed_and_the_command_ends_well(engine: Engine) -> None:
    keep(engine, Cause.POLICY_EDITED)
    result = run()

    assert result.exit_code == 0
    assert "policy edited" in result.stdout
    assert "because of that" in result.stdout


def test_an_unexplained_difference_comes_first_and_ends_the_command_with_1(engine: Engine) -> None:
    keep(engine, Cause.POLICY_EDITED, Cause.UNEXPLAINED)
    result = run("--json")
    told = json.loads(result.stdout)

    assert result.exit_code == 1
    assert [row["ticket_id"] for row in told["rows"]] == [42, 41]
    assert (told["differences"], told["unexplained"]) == (2, 1)
    assert told["rows"][0]["found_at"] == "2026-03-02T09:00:00Z"


def test_only_those_of_one_cause_can_be_listed(engine: Engine) -> None:
    keep(engine, Cause.POLICY_EDITED, Cause.LATE_EVENT)
    told = json.loads(run("--json", "--cause", "late_event").stdout)

    assert [row["cause"] for row in told["rows"]] == ["late_event"]
    assert told["by_cause"] == {"late_event": 1, "policy_edited": 1}


def test_what_zendesk_sent_cannot_steer_the_terminal(engine: Engine) -> None:
    keep(engine, Cause.POLICY_EDITED, zendesk="[red]\x1b[2Jevil")
    result = run()

    assert "[red]" in result.stdout
    assert "\x1b[2J" not in result.stdout


@pytest.mark.usefixtures("engine")
def test_without_differences_it_says_that_there_is_nothing_to_compare() -> None:
    result = run()

    assert result.exit_code == 0
    assert "tell of none of these clocks" in " ".join(result.stdout.split())
