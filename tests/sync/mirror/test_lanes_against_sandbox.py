"""Lanes against the sandbox: refusals as Zendesk words them, crowds in one second, processes."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from integrations.runtime.clock import utc_now
from integrations.runtime.database import reading, transaction
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.routes import incremental
from integrations.sandbox.server import running_sandbox
from sync.mirror.claims import Claims
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import copying, count
from tests.support.databases import fresh_database
from tests.support.mirror import rows
from tests.support.sandbox import LIFTED

ROOT = Path(__file__).resolve().parents[3]


def test_everything_is_here_after_a_first_run_in_lanes(any_engine: Engine) -> None:
    with copying(any_engine, has_lanes=True, tickets=150) as copier:
        copier.sync()
        copier.desk.ticket()
        copier.sync("tickets", "ticket_events", "users")
        differences = copier.differences("tickets", "ticket_events", "users")

    past = [row for row in rows(any_engine, sync_cursors) if row["lane"] == "backfill"]
    assert differences == []
    assert past
    assert all(row["caught_up_at"] for row in past)


def test_ticket_that_changes_while_the_past_is_copied_is_not_lost(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", 20)
    with copying(any_engine, has_lanes=True, tickets=100) as copier:
        desk = copier.desk
        waiting = [c.record["id"] for c in desk.sandbox.state.living_tickets()][-40:]

        def change_ahead(*_page: object) -> None:
            if waiting:
                number = waiting.pop()
                if desk.sandbox.state.tickets[number].record["status"] != "closed":
                    desk.update(number, additional_tags=["moved"])

        copier.run("tickets", "ticket_events", "users", on_page=change_ahead)
        copier.sync("tickets", "ticket_events", "users")
        differences = copier.differences("tickets", "ticket_events", "users")

    assert waiting == []
    assert differences == []


def test_cursor_that_zendesk_refuses_costs_neither_rows_nor_a_new_beginning(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", 20)
    with copying(any_engine, tickets=100) as copier:
        copier.sync("tickets")
        copier.later()
        changed = copier.desk.ticket()["id"]
        with transaction(any_engine) as connection:
            spoiled = base64.b64encode(b"expired").decode()
            mine = update(sync_cursors).where(sync_cursors.c.stream == "tickets")
            connection.execute(mine.values(cursor=spoiled))
        copier.requests()
        copier.sync("tickets")
        asked = copier.queries("incremental/tickets/cursor")
        refused = [each.query for each in copier.asked if each.status == 400]
        differences = copier.differences("tickets")

    (position,) = rows(any_engine, sync_cursors)
    assert [query["cursor"] for query in refused] == [spoiled]
    assert int(asked[1]["start_time"]) > 0
    assert len(asked) <= 4, "six pages would be a new beginning"
    assert count(any_engine, tickets, id=changed) == 1
    assert differences == []
    assert position["errors"] == 1
    assert "InvalidPaginationParameter" in position["error"]


def test_thousands_changed_in_one_second_pass_by_in_pages(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", 30)
    with copying(any_engine, has_lanes=True, tickets=100) as copier:
        copier.sync("tickets")
        copier.desk.post("/sandbox/bulk_change", {})
        copier.requests()
        copier.sync("tickets")
        asked = copier.requests()["incremental/tickets/cursor"]
        differences = copier.differences("tickets")

    living = [row for row in rows(any_engine, tickets) if row["deleted_at"] is None]
    assert len({row["generated_timestamp"] for row in living}) == 1
    assert 4 <= asked <= 8
    assert differences == []


class Machine:
    """Runs riskdesk in processes of its own on a database that others share."""

    def __init__(self, folder: Path, database_url: str, zendesk_url: str) -> None:
        self._folder = folder
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("RISKDESK_")
        } | {
            "RISKDESK_ZENDESK_URL": zendesk_url,
            "RISKDESK_ZENDESK_ACCESS_TOKEN": "sandbox",
            "RISKDESK_DATABASE_URL": database_url,
            "RISKDESK_EXPORT_REQUESTS_PER_MINUTE": "1000",
            "RISKDESK_REQUESTS_PER_MINUTE": "100000",
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "riskdesk", *words],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        out, error = process.communicate(timeout=240)
        return process.returncode, out, error


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh_database(request.param, tmp_path) as engine:
        yield engine


@pytest.mark.slow
def test_two_processes_share_the_past_and_a_third_on_the_same_part_gives_way(
    shared_engine: Engine, tmp_path: Path
) -> None:
    url = shared_engine.url.render_as_string(hide_password=False)
    today = utc_now().date()
    middle, end = str(today - timedelta(days=15)), str(today)
    with running_sandbox(SandboxConfig(seed=5, tickets=60, **LIFTED)) as sandbox:
        machine = Machine(tmp_path, url, sandbox.url)
        assert machine.run("db", "upgrade")[0] == 0
        begin = ("sync", "backfill", "--stream", "tickets", "--from")
        parts = [(*begin, "2000-01-01", "--until"), (*begin, middle, "--until")]
        members = [
            machine.start(*parts[0], middle, "--json"),
            machine.start(*parts[1], end, "--json"),
        ]
        ended = [each.communicate(timeout=240) for each in members]
        assert all(out for out, _ in ended), [errors[-3000:] for _, errors in ended]
        reports = [json.loads(out) for out, _ in ended]
        with Claims(shared_engine) as claims:
            lane = "backfill 2000-01-01..2001-01-01"
            assert claims.take("tickets", lane)
            code, _, error = machine.run(*parts[0], "2001-01-01")

    assert [each["streams"][0]["error"] for each in reports] == [None, None]
    with reading(shared_engine) as connection:
        known = len(connection.scalars(select(tickets.c.id)).all())
    assert known >= 55
    assert code == 1
    assert f"Another run is copying tickets ({lane})" in error
    assert "Traceback" not in error


HOLDER = """
import sys
from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine
from sync.mirror.claims import Claims
with Claims(create_database_engine(sys.argv[1])) as claims:
    print(claims.take("tickets", "live"), flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
def test_claim_of_a_killed_process_is_free_at_once(shared_engine: Engine) -> None:
    with shared_engine.connect():
        pass
    url = shared_engine.url.render_as_string(hide_password=False)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "True\n"
    with Claims(shared_engine) as claims:
        assert not claims.take("tickets", "live")
        assert claims.take("tickets", "backfill")
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        assert any(claims.take("tickets", "live") for _ in range(2000))
