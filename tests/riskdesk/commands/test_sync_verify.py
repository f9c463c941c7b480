"""`riskdesk sync verify` as people and scripts call it."""

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
from sync.warehouse.tables.tickets import tickets
from tests.support.shared import ROOT

pytestmark = pytest.mark.slow
LIFTED: Any = {"rpm": 100_000, "rpm_incremental": 1000, "endpoint_limits": False}


class Terminal:
    """Runs riskdesk in a process of its own, with settings of its own."""

    def __init__(self, folder: Path, zendesk_url: str) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'desk.db'}"
        self.zendesk_url = zendesk_url

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if "RISKDESK_" not in name}
        settings = {
            "RISKDESK_ZENDESK_URL": self.zendesk_url,
            "RISKDESK_ZENDESK_ACCESS_TOKEN": "sandbox",
            "RISKDESK_DATABASE_URL": self.database,
            "RISKDESK_EXPORT_REQUESTS_PER_MINUTE": "1000",
            "RISKDESK_REQUESTS_PER_MINUTE": "100000",
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.run(
            [sys.executable, "-m", "riskdesk", *words],
            cwd=self.folder,
            env=kept | settings,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def forge(self, **values: Any) -> None:
        with transaction(create_database_engine(self.database)) as connection:
            connection.execute(update(tickets).where(tickets.c.id == 3).values(values))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    config = SandboxConfig(seed=5, tickets=12, **LIFTED)
    with running_sandbox(config) as sandbox:
        yield Terminal(tmp_path, sandbox.url)


def test_proof_difference_repair_and_proof_again(terminal: Terminal) -> None:
    assert terminal.run("db", "upgrade").returncode == 0
    assert terminal.run("sync", "run").returncode == 0
    equal = terminal.run("sync", "verify", "--full", "--json")
    told = json.loads(equal.stdout)
    assert (equal.returncode, told["differences"], told["equal"]) == (0, [], True)
    assert told["compared"]["tickets"] == 12

    terminal.forge(priority="forged", subject="my private words")
    differs = terminal.run("sync", "verify", "--stream", "tickets")
    assert differs.returncode == 1
    assert "Differences: 2" in differs.stdout
    assert "--repair" in differs.stdout
    assert "private" not in differs.stdout

    mended = terminal.run("sync", "verify", "--stream", "tickets", "--repair")
    assert mended.returncode == 1  # it differed
    assert "Repaired: 2" in mended.stdout

    again = terminal.run("sync", "verify")
    assert again.returncode == 0
    assert "No difference." in again.stdout

    counted = terminal.run("sync", "verify", "--counts", "--stream", "groups", "--json")
    assert counted.returncode == 0
    assert [each["agrees"] for each in json.loads(counted.stdout)["counts"]] == [True]


def test_what_cannot_be_compared_is_told_in_two_lines(terminal: Terminal) -> None:
    assert terminal.run("db", "upgrade").returncode == 0
    terminal.zendesk_url = "http://127.0.0.1:9"
    result = terminal.run("sync", "verify", "--stream", "groups")

    assert result.returncode == 1
    assert "groups was not compared" in result.stdout
    assert "What to do" in result.stdout
    assert "Traceback" not in result.stderr


def test_counts_go_with_no_other_depth(terminal: Terminal) -> None:
    result = terminal.run("sync", "verify", "--counts", "--repair")

    assert result.returncode == 1
    assert "--counts compares numbers only" in result.stderr
