"""`riskdesk sync …` and `riskdesk db …` as people and scripts call them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from integrations.runtime.database import create_database_engine, transaction
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging
from sync.warehouse.tables.tickets import tickets

pytestmark = pytest.mark.slow
LIFTED: Any = {"rpm": 100_000, "rpm_incremental": 1000, "endpoint_limits": False}
ROOT = Path(__file__).resolve().parents[2]


class Terminal:
    """Runs riskdesk in a process of its own, with settings of its own."""

    def __init__(self, folder: Path, zendesk_url: str) -> None:
        self.database = f"sqlite:///{folder / 'desk.db'}"
        self._folder = folder
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("RISKDESK_")
        } | {
            "RISKDESK_ZENDESK_URL": zendesk_url,
            "RISKDESK_ZENDESK_ACCESS_TOKEN": "sandbox",
            "RISKDESK_DATABASE_URL": self.database,
            "RISKDESK_EXPORT_REQUESTS_PER_MINUTE": "1000",
            "RISKDESK_REQUESTS_PER_MINUTE": "100000",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "riskdesk", *words],
            cwd=self._folder,
            env=self._environment | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with running_sandbox(SandboxConfig(seed=5, tickets=12, **LIFTED)) as sandbox:
        yield Terminal(tmp_path, sandbox.url)


def test_database_without_schema_is_refused_in_two_lines(terminal: Terminal) -> None:
    result = terminal.run("sync", "run")

    assert result.returncode == 1
    assert "riskdesk db upgrade" in result.stderr
    assert "Traceback" not in result.stderr


def test_copy_status_and_proof(terminal: Terminal) -> None:
    assert terminal.run("db", "upgrade").returncode == 0
    copied = terminal.run("sync", "run", "--json")
    streams = {each["stream"]: each for each in json.loads(copied.stdout)["streams"]}
    assert streams["tickets"]["rows"] == 12
    assert streams["tickets"]["error"] is None

    shown = json.loads(terminal.run("sync", "status", "--json").stdout)["streams"]
    past = [each for each in shown if each["lane"] == "backfill"]
    changing = [each.name for each in STREAMS if each.paging is not Paging.FULL_LIST]
    assert [each["stream"] for each in past] == changing
    assert {each["share"] for each in past} == {1.0}
    assert all(each["lag_seconds"] is not None for each in shown if each not in past)

    proof = terminal.run("sync", "verify", "--json")
    assert (proof.returncode, json.loads(proof.stdout)["differences"]) == (0, [])

    with transaction(create_database_engine(terminal.database)) as connection:
        connection.execute(update(tickets).where(tickets.c.id == 3).values(priority="forged"))
    proof = terminal.run("sync", "verify")
    assert proof.returncode == 1
    assert "Differences: 1" in proof.stdout


def test_unknown_stream_is_told_which_there_are(terminal: Terminal) -> None:
    result = terminal.run("sync", "run", "--stream", "tikets")

    assert result.returncode == 1
    assert "There is no stream named tikets." in result.stderr
    assert "ticket_events" in result.stderr


def test_credentials_refused_for_every_stream_are_told_once_and_keep_json_clean(
    terminal: Terminal,
) -> None:
    terminal.run("db", "upgrade")

    for_people = terminal.run("sync", "run", RISKDESK_ZENDESK_ACCESS_TOKEN="wrong")
    for_machines = terminal.run("sync", "run", "--json", RISKDESK_ZENDESK_ACCESS_TOKEN="wrong")

    assert (for_people.returncode, for_machines.returncode) == (1, 1)
    assert for_people.stderr.count("What to do:") == 1
    streams = {each["stream"]: each for each in json.loads(for_machines.stdout)["streams"]}
    assert "credentials" in streams["tickets"]["error"]


def test_status_fits_a_terminal_of_80_characters(terminal: Terminal) -> None:
    terminal.run("db", "upgrade")
    terminal.run("sync", "run")

    shown = terminal.run("sync", "status", COLUMNS="80").stdout

    assert max(map(len, shown.splitlines())) <= 80
    assert "\u2026" not in shown
    assert all(each.name in shown for each in STREAMS)
    assert "backfill" in shown
    assert "done" in shown


def test_a_start_that_comes_too_late_is_told(terminal: Terminal) -> None:
    terminal.run("db", "upgrade")
    terminal.run("sync", "run", "--stream", "groups")

    again = terminal.run("sync", "run", "--stream", "groups", "--start", "2026-01-01")

    assert "--start counts at the very first run only" in again.stderr
