"""Real processes that share budgets and tokens, against a sandbox that enforces both."""

import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from integrations.sandbox import app
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from tests.support.databases import fresh_database
from tests.support.processes import reports, start_member

MINUTE_S = 2.0  # how long a minute of the limits lasts here, for the sandbox and for the client


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    with fresh_database(request.param, tmp_path) as engine:
        with engine.connect():
            pass
        yield engine.url.render_as_string(hide_password=False)


def expire_tokens(url: str) -> int:
    """End all tokens; return how many were ever issued."""
    return int(requests.post(f"{url}/sandbox/expire_tokens", timeout=10).json()["expired"])


@pytest.mark.slow
def test_three_processes_share_ten_exports_a_minute_without_one_refusal(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = SimpleNamespace(monotonic=lambda: time.monotonic() * 60 / MINUTE_S)
    monkeypatch.setattr(app, "time", fast)
    with running_sandbox(SandboxConfig(rpm=100_000, rpm_incremental=10)) as sandbox:
        where = (sandbox.url, database_url, str(MINUTE_S))
        members = [start_member("export_pages", 5, *where) for _ in range(3)]
        statuses = Counter(status for seen in reports(members) for status in seen)

    assert statuses[429] == 0
    assert statuses[200] >= 15


@pytest.mark.slow
def test_a_token_that_dies_under_sixteen_threads_of_each_process_is_renewed_once(
    database_url: str,
) -> None:
    with running_sandbox(SandboxConfig(rpm=100_000)) as sandbox:
        members = [
            start_member("meet_a_dead_token", 16, sandbox.url, database_url, "60") for _ in range(2)
        ]
        for member in members:
            assert member.stdout
            assert member.stdout.readline() == "ready\n"
        issued_before = expire_tokens(sandbox.url)
        for member in members:
            assert member.stdin
            member.stdin.write("go\n")
            member.stdin.flush()
        statuses = Counter(status for seen in reports(members) for status in seen)
        issued = expire_tokens(sandbox.url)

    assert (issued_before, issued) == (1, 2)
    assert statuses[401] > 1
