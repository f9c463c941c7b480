"""`riskdesk up`: what is missing is said in two lines, before anything starts."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from riskdesk.demo.processes import Process, answers, free_port
from tests.support.front_door import SECRET, Outcome, connection_settings, riskdesk

pytestmark = pytest.mark.slow

HEAVY = ("sklearn", "scipy", "uvicorn")  # what would make people wait for a line of help
WRONG = "wrong-and-never-to-be-shown"


@pytest.fixture(scope="module")
def zendesk_url() -> Iterator[str]:
    with running_sandbox(SandboxConfig()) as sandbox:
        yield sandbox.url


class Terminal:
    """Starts `riskdesk up` in an empty folder, with complete settings unless told otherwise."""

    def __init__(self, folder: Path, zendesk_url: str) -> None:
        self.folder = folder
        self.settings = connection_settings(zendesk_url)

    def up(
        self, *, port: int | None = None, without: tuple[str, ...] = (), **changes: str
    ) -> Outcome:
        settings = {
            name: value for name, value in (self.settings | changes).items() if name not in without
        }
        words = ("up", "--port", str(port or free_port()))
        outcome = riskdesk(*words, folder=self.folder, settings=settings, timeout_s=40)
        said = outcome.stdout + outcome.stderr
        assert "Traceback" not in said
        assert not any(secret in said for secret in (SECRET, WRONG, "sandbox-secret"))
        return outcome


@pytest.fixture
def terminal(tmp_path: Path, zendesk_url: str) -> Terminal:
    return Terminal(tmp_path, zendesk_url)


def test_port_in_use_is_named_and_nothing_is_touched(terminal: Terminal) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        what, to_do = terminal.up(port=port).two_lines

    assert what.startswith(f"Port {port} on 127.0.0.1 cannot be used")
    assert "--port" in to_do
    assert list(terminal.folder.iterdir()) == []


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_what_is_no_port_is_refused_without_a_traceback(terminal: Terminal, port: str) -> None:
    words = ("up", "--port", port)
    outcome = riskdesk(*words, folder=terminal.folder, settings=terminal.settings)

    assert outcome.code == 2
    assert "Invalid value for '--port'" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_database_in_a_folder_that_is_missing_is_refused_and_the_folder_not_made(
    terminal: Terminal,
) -> None:
    missing = terminal.folder / "missing"
    what, to_do = terminal.up(DATABASE_URL=f"sqlite:///{missing / 'desk.db'}").two_lines

    assert "cannot be written" in what
    assert "RISKDESK_DATABASE_URL" in to_do
    assert not missing.exists()


def test_database_below_a_file_is_refused(terminal: Terminal) -> None:
    file = terminal.folder / "file"
    file.write_text("no folder")

    assert "cannot be written" in terminal.up(DATABASE_URL=f"sqlite:///{file}/desk.db").two_lines[0]


def test_file_that_is_no_database_is_refused_and_left_as_it_is(terminal: Terminal) -> None:
    file = terminal.folder / "notes.txt"
    file.write_text("not a database " * 100)
    what, _ = terminal.up(DATABASE_URL=f"sqlite:///{file}").two_lines

    assert "file is not a database" in what
    assert file.read_text() == "not a database " * 100


def test_database_server_that_does_not_answer_is_named_without_its_password(
    terminal: Terminal,
) -> None:
    url = f"postgresql://desk:{WRONG}@127.0.0.1:{free_port()}/desk"
    what, to_do = terminal.up(DATABASE_URL=url).two_lines

    assert "cannot be written" in what
    assert "RISKDESK_DATABASE_URL" in to_do


@pytest.mark.parametrize(
    ("login", "said"),
    [
        pytest.param({"ZENDESK_CLIENT_SECRET": WRONG}, "401", id="OAuth client"),
        pytest.param({"ZENDESK_ACCESS_TOKEN": WRONG}, "401", id="bearer token"),
        pytest.param(
            {"ZENDESK_EMAIL": "admin@example.com", "ZENDESK_API_TOKEN": WRONG},
            "does not accept the credentials",
            id="API token",
        ),
    ],
)
def test_refused_login_is_told_before_the_first_complaint(
    terminal: Terminal, login: dict[str, Any], said: str
) -> None:
    oauth = ("ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET")
    without = tuple(name for name in oauth if "ZENDESK_CLIENT_SECRET" not in login)
    what, to_do = terminal.up(without=without, **login, LOG_LEVEL="ERROR").two_lines

    assert said in what
    assert "RISKDESK_ZENDESK_" in to_do


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        pytest.param(
            ("ZENDESK_URL", "WEBHOOK_SECRETS"),
            ("RISKDESK_ZENDESK_URL", "RISKDESK_WEBHOOK_SECRETS"),
            id="address and signing secret",
        ),
        pytest.param(
            ("ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"),
            ("RISKDESK_ZENDESK_CLIENT_ID", "RISKDESK_ZENDESK_CLIENT_SECRET"),
            id="credentials",
        ),
        pytest.param(
            ("ZENDESK_CLIENT_SECRET",), ("RISKDESK_ZENDESK_CLIENT_SECRET",), id="half a login"
        ),
    ],
)
def test_every_missing_setting_is_named(
    terminal: Terminal, missing: tuple[str, ...], named: tuple[str, ...]
) -> None:
    said = " ".join(terminal.up(without=missing).two_lines)

    assert all(name in said for name in named)


def test_setting_that_cannot_be_read_is_named(terminal: Terminal) -> None:
    what, _ = terminal.up(LEASE_TIME="soon", MODE="dance").two_lines

    assert "RISKDESK_LEASE_TIME" in what
    assert "RISKDESK_MODE" in what


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"kafka://desk:{WRONG}@127.0.0.1", id="unknown kind"),
        pytest.param(f"amqp://desk:{WRONG}@127.0.0.1:1//", id="nobody answers"),
    ],
)
def test_broker_that_cannot_be_used_is_told(terminal: Terminal, url: str) -> None:
    what, to_do = terminal.up(BROKER_URL=url).two_lines

    assert "roker" in what
    assert "amqp" in to_do or "RISKDESK_BROKER_URL" in to_do


def test_second_desk_on_the_same_file_is_refused_and_the_first_goes_on(terminal: Terminal) -> None:
    port = free_port()
    health = f"http://127.0.0.1:{port}/healthz"
    first = Process("first", ["up", "--port", str(port)], terminal.settings, terminal.folder)
    try:
        first.start(lambda: answers(health))
        what, to_do = terminal.up().two_lines
        lives_on = answers(health)
    finally:
        first.stop()

    assert what.startswith("Another riskdesk is running on the database")
    assert "RISKDESK_DATABASE_URL" in to_do
    assert lives_on
    assert not answers(health)


def test_help_needs_no_settings(terminal: Terminal) -> None:
    outcome = riskdesk("--help", folder=terminal.folder, settings={}, timeout_s=20)

    assert outcome.code == 0
    assert all(name in outcome.stdout for name in ("up", "demo", "doctor", "webhooks", "sync"))


def test_help_loads_no_classifier_and_no_server() -> None:
    asked = "import sys, runpy; sys.argv[1:] = ['--help']\n"
    asked += "try: runpy.run_module('riskdesk', run_name='__main__')\n"
    asked += "finally: print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )

    loaded = told.stdout.splitlines()[-1].split()
    assert "typer" in loaded
    assert [name for name in HEAVY if name in loaded] == []
