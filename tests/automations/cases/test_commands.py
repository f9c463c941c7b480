"""The commands about cases on a real, migrated database."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from automations.cases.service import link
from integrations.runtime.database import create_database_engine, transaction
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.cases import app
from sync.migrations.upgrade import upgrade
from tests.support.cases import NOON, controls, make_supernodes, victim_of

runner = CliRunner()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Give a database with a case of two victims, whose suspect has a ticket, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKDESK_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    load_settings.cache_clear()
    engine = create_database_engine(load_settings().database_url)
    upgrade(engine)
    with transaction(engine) as connection:
        for ticket, mention in ((3, victim_of("0xa")), (4, victim_of("0xa")), (5, controls("0xa"))):
            link(
                connection,
                ticket_id=ticket,
                requester_id=ticket,
                mentions=[mention],
                now=NOON,
                supernodes=make_supernodes(),
            )
    yield engine
    engine.dispose()
    load_settings.cache_clear()


@pytest.mark.usefixtures("database")
def test_list_and_show_give_json_for_machines() -> None:
    (line,) = json.loads(runner.invoke(app, ["list", "--json"]).stdout)
    case = json.loads(runner.invoke(app, ["show", "v-3", "--json"]).stdout)

    assert (line["id"], line["tickets"], line["customers"]) == ("V-3", 2, 2)
    assert (case["tickets"], case["indicators"][0]["elsewhere"]) == ([3, 4], ["ticket 5"])


@pytest.mark.usefixtures("database")
def test_list_and_show_give_tables_for_people() -> None:
    assert "V-3" in runner.invoke(app, ["list", "--customers", "2"]).stdout
    shown = runner.invoke(app, ["show", "V-3"]).stdout

    assert "Tickets: 3, 4" in shown
    assert "ticket 5" in shown


@pytest.mark.usefixtures("database")
def test_rebuilding_tells_what_came_out() -> None:
    assert "1 cases with 2 tickets" in runner.invoke(app, ["rebuild"]).stdout


@pytest.mark.usefixtures("database")
def test_a_case_that_does_not_exist_is_refused() -> None:
    caught = runner.invoke(app, ["show", "V-99"]).exception

    assert isinstance(caught, BadInput)
    assert "cases list" in caught.hint
