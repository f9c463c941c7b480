"""`riskdesk sla report`: what people read in 80 columns, and what machines get."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine, metadata
from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.root import app
from sync.migrations.upgrade import upgrade
from tests.support.warehouse import hour, put_clock, put_people, put_ticket

FIRST = "first_reply_time"


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
    for ticket_id in range(1, 5):
        put_ticket(engine, ticket_id)
    put_clock(engine, 1, FIRST, "achieved", fulfilled_at=hour(1), priority="high")
    late = {"breached": True, "breach_at": hour(1), "due_at": hour(1)}
    put_clock(
        engine, 2, FIRST, "active", **late, policy_title="Every[body]\x1b[2J", priority="high"
    )
    soon = utc_now() + timedelta(hours=1)
    put_clock(engine, 3, FIRST, "active", due_at=soon, started_at=utc_now(), computed_at=utc_now())
    unknown: dict[str, Any] = {"started_at": None, "elapsed_seconds": None, "breached": None}
    put_clock(
        engine, 4, FIRST, "unknown", **unknown, target_seconds=None, unknown_reason="it is so"
    )
    yield engine
    engine.dispose()
    load_settings.cache_clear()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["sla", "report", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.usefixtures("engine")
def test_people_see_attainment_what_is_unknown_and_the_deadlines() -> None:
    shown = run()

    assert "First reply" in shown
    assert "50.0%" in shown
    assert "1 because it is so" in shown
    assert "2025-03-03 13:00" in shown
    assert "breached" in shown
    assert "Every[body]" in shown
    assert "riskdesk's own clocks" in shown


@pytest.mark.usefixtures("engine")
def test_a_report_fits_eighty_columns_and_keeps_its_colours() -> None:
    shown = run("--by", "group", "--by", "policy", "--kpis", "--calibration")

    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
    assert "Escalation rate" in shown


@pytest.mark.usefixtures("engine")
def test_machines_get_json() -> None:
    told = json.loads(run("--json", "--by", "metric"))

    counts = {"achieved": 1, "breached": 1, "open": 1, "unknown": 1}
    shares = {"share": 0.5, "zendesk_share": 0.5}
    assert told["attainment"][0] == {"metric": FIRST} | counts | shares
    assert [risk["ticket_id"] for risk in told["at_risk"]] == [2, 3]


@pytest.mark.usefixtures("engine")
def test_a_day_as_the_end_is_in_the_span() -> None:
    whole_day = json.loads(run("--json", "--since", "2025-03-03", "--until", "2025-03-03"))
    day_before = json.loads(run("--json", "--until", "2025-03-02"))

    assert sum(row["achieved"] for row in whole_day["attainment"]) == 1
    assert whole_day["until"] == "2025-03-04T00:00:00Z"
    assert day_before["attainment"] == []


@pytest.mark.usefixtures("engine")
def test_a_report_is_written_to_a_file(tmp_path: Path) -> None:
    run("--output", str(tmp_path / "report.csv"))

    assert "achieved" in (tmp_path / "report.csv").read_text("utf-8-sig")


@pytest.mark.usefixtures("engine")
def test_a_time_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, ["sla", "report", "--since", "yesterday"])

    assert isinstance(result.exception, BadInput)
