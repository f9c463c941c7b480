"""`riskdesk sla explain`: the terminal, the picture and JSON tell the same story."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from integrations.runtime.database import create_database_engine, metadata
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.root import app
from sync.migrations.upgrade import upgrade
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from sync.warehouse.tables.people import groups
from sync.warehouse.tables.policies import sla_policies
from tests.support.warehouse import ANA, WEI, hour, put, put_people, put_status, put_ticket

POLICY = {
    "id": 7,
    "title": "Every[body]",
    "position": 1,
    "filter": {},
    "policy_metrics": [
        {"metric": "first_reply_time", "priority": "normal", "target": 120, "business_hours": False}
    ],
}
HOSTILE = "[red]Group[/red]\x1b[2J<script>"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    monkeypatch.setenv("RISKDESK_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "80")
    load_settings.cache_clear()
    engine = create_database_engine(url)
    upgrade(engine)
    metadata.create_all(engine)
    put_people(engine)
    put(engine, groups, {"id": 7, "name": HOSTILE})
    put(engine, sla_policies, POLICY)
    put_ticket(engine, 1, group_id=7, submitter_id=WEI)
    put_status(engine, (0, "new", None), (1, "pending", "new"), (3, "open", "pending"))
    said = {"id": 3, "ticket_id": 1, "audit_id": 100, "author_id": WEI, "public": True}
    put(engine, ticket_comments, said | {"body": "Help", "attachments": [], "created_at": hour(0)})
    for number, start in ((100, 0), (101, 1), (102, 3)):
        audit = {"id": number, "ticket_id": 1, "author_id": WEI if number == 100 else ANA}
        put(engine, ticket_audits, audit | {"created_at": hour(start), "custom_metadata": {}})
    yield engine
    engine.dispose()
    load_settings.cache_clear()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(
        app, ["sla", "explain", *arguments, "--now", "2025-03-03T17:00:00Z"], catch_exceptions=False
    )
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.usefixtures("engine")
def test_the_terminal_shows_bands_bars_and_what_happened() -> None:
    shown = run("1")

    assert "Status                  new" in shown
    assert "✗" in shown
    assert "2025-03-03 13:00  status becomes pending" in shown
    assert "First reply is breached" in shown
    assert "policy Every[body], priority normal); breached 2025-03-03 14:00:00 UTC." in " ".join(
        shown.split()
    )


@pytest.mark.usefixtures("engine")
def test_the_terminal_keeps_to_its_width_and_its_own_colours() -> None:
    shown = run("1")

    assert max(map(len, shown.splitlines())) <= 80
    assert "[red]Group[/red]" in shown
    assert "\x1b" not in shown


@pytest.mark.usefixtures("engine")
def test_the_picture_is_written_beside_it(tmp_path: Path) -> None:
    run("1", "--svg", str(tmp_path / "one.svg"))
    picture = (tmp_path / "one.svg").read_text("utf-8")

    assert picture.startswith("<svg")
    assert "<script" not in picture


@pytest.mark.usefixtures("engine")
def test_machines_get_instants_and_the_whole_story() -> None:
    told = json.loads(run("1", "--json"))

    assert told["statuses"][1] == {
        "value": "pending",
        "since": "2025-03-03T13:00:00Z",
        "until": "2025-03-03T15:00:00Z",
    }
    late = next(clock for clock in told["clocks"] if clock["target"] is not None)
    assert (late["title"], late["breached"]) == ("First reply", "2025-03-03T14:00:00Z")
    assert told["happened"][0]["told"] == "the ticket is created"


@pytest.mark.usefixtures("engine")
def test_a_ticket_nobody_has_is_told_in_two_lines() -> None:
    result = CliRunner().invoke(app, ["sla", "explain", "404"])

    assert isinstance(result.exception, BadInput)
