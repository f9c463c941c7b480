"""The commands that look after a desk: doctor, webhooks, actions, sandbox."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from automations.actions import repository as outbox
from automations.actions.plan import Action, Changes, Kind, State
from automations.actions.tables import actions
from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine, transaction
from integrations.runtime.settings import PREFIX, load_settings
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults, parse_faults
from integrations.sandbox.server import Sandbox, running_sandbox
from integrations.webhooks import repository as inbox
from integrations.webhooks.events import SUBSCRIBED_EVENTS
from riskdesk.commands import main
from riskdesk.demo.processes import free_port
from sync.migrations.upgrade import upgrade
from tests.support.deliveries import make_delivery
from tests.support.front_door import column, connection_settings

ENDPOINT = "http://127.0.0.1:9/webhooks/zendesk"
HUGE = "99999999999999999999"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(SandboxConfig()) as running:
        yield running


class Terminal:
    """Types commands in this process; what main() prints is what a person sees."""

    def __init__(
        self, url: str, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ) -> None:
        self.patch = patch
        self.capture = capture
        for name, value in connection_settings(url).items():
            self.set(name, value)

    def set(self, name: str, value: str | None) -> None:
        if value is None:
            self.patch.delenv(PREFIX + name)
        else:
            self.patch.setenv(PREFIX + name, value)
        load_settings.cache_clear()

    def type(self, *words: str) -> tuple[int, str, str]:
        self.patch.setattr(sys, "argv", ["riskdesk", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        said = self.capture.readouterr()
        return code if isinstance(code, int) else 0, said.out, said.err

    def json(self, *words: str) -> Any:
        code, out, _ = self.type(*words, "--json")
        assert code == 0
        return json.loads(out)

    def refused(self, *words: str) -> tuple[str, str]:
        code, out, err = self.type(*words)
        what, to_do = err.splitlines()
        assert (code, out) == (1, "")
        assert to_do.startswith("What to do: ")
        return what, to_do


@pytest.fixture
def terminal(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    built = Terminal(sandbox.url, monkeypatch, capsys)
    built.set("DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    return built


@pytest.fixture
def engine(terminal: Terminal) -> Iterator[Engine]:  # noqa: ARG001 - it sets the database
    engine = create_database_engine(load_settings().database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


def store(engine: Engine, *event_ids: str, outcome: str | None = None) -> None:
    with transaction(engine) as connection:
        arrived = [make_delivery(event_id) for event_id in event_ids]
        inbox.store(connection, arrived, source="webhook", now=utc_now())
        if outcome:
            ids = range(1, 1000)
            inbox.mark_handled(connection, list(ids), outcome=outcome, now=utc_now())


def plan(engine: Engine, *tickets: int, state: State) -> None:
    planned = [
        Action(ticket_id=one, kind=Kind.DRAFT, key=f"draft:{one}", changes=Changes(note="x"))
        for one in tickets
    ]
    with transaction(engine) as connection:
        outbox.plan(connection, planned, state=State.PLANNED, now=utc_now())
        chosen = actions.c.ticket_id.in_(tickets)
        connection.execute(update(actions).where(chosen).values(state=state.value))


def test_doctor_finds_nothing_wrong_with_a_complete_desk(terminal: Terminal) -> None:
    findings = terminal.json("doctor")

    checks = [(one["check"], one["passed"]) for one in findings]
    assert checks == [
        ("settings", True),
        ("database", True),
        ("desk rules", True),
        ("redaction", True),
        ("broker", True),
        ("zendesk", True),
        ("changes", True),
    ]


@pytest.mark.parametrize(
    ("check", "name", "value"),
    [
        pytest.param("settings", "WEBHOOK_SECRETS", "", id="no signing secret"),
        pytest.param("database", "DATABASE_URL", "sqlite:////missing/desk.db", id="no folder"),
        pytest.param("database", "DATABASE_URL", "oracle://x", id="unknown database"),
        pytest.param("broker", "BROKER_URL", "kafka://127.0.0.1", id="unknown broker"),
        pytest.param("broker", "BROKER_URL", "amqp://127.0.0.1:1//", id="silent broker"),
        pytest.param("zendesk", "ZENDESK_CLIENT_SECRET", "made-up-wrong", id="refused login"),
    ],
)
def test_doctor_names_the_one_thing_that_is_wrong(
    terminal: Terminal, check: str, name: str, value: str
) -> None:
    terminal.set(name, value)
    code, out, _ = terminal.type("doctor", "--json")
    wrong = [one for one in json.loads(out) if not one["passed"]]

    assert code == 1
    assert [one["check"] for one in wrong] == [check]
    assert wrong[0]["hint"]
    assert "made-up-wrong" not in out


def test_doctor_names_the_wrong_entry_of_the_desks_rules(
    terminal: Terminal, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{id: vara/ack, limit: 1 week}]", "utf-8")
    terminal.set("DESK_RULES", str(rules))
    _, out, _ = terminal.type("doctor", "--json")
    (wrong,) = [one for one in json.loads(out) if not one["passed"]]

    assert (wrong["check"], str(rules) in wrong["detail"]) == ("desk rules", True)
    assert "rules vara/ack" in wrong["detail"]


def test_doctor_tells_people_what_to_do(terminal: Terminal) -> None:
    terminal.set("ZENDESK_URL", None)
    code, out, _ = terminal.type("doctor")

    assert code == 1
    assert "RISKDESK_ZENDESK_URL" in out
    assert "What to do: " in out


@pytest.fixture
def without_exports(sandbox: Sandbox) -> Iterator[None]:
    refused = b'{"api": {"rules": [{"fault": "refused", "path": "incremental/*"}]}}'
    sandbox.dice.faults = parse_faults(refused)
    yield
    sandbox.dice.faults = Faults()


@pytest.mark.usefixtures("without_exports")
def test_doctor_says_which_source_an_account_without_exports_needs(terminal: Terminal) -> None:
    code, out, _ = terminal.type("doctor", "--json")
    wrong = [one for one in json.loads(out) if not one["passed"]]

    assert code == 1
    assert [one["check"] for one in wrong] == ["changes"]
    assert "RISKDESK_CHANGE_SOURCE=lists" in wrong[0]["hint"]

    terminal.set("CHANGE_SOURCE", "lists")
    assert terminal.json("doctor")[-1]["passed"]


def test_doctor_stops_at_settings_that_cannot_be_read(terminal: Terminal) -> None:
    terminal.set("MODE", "dance")
    code, out, _ = terminal.type("doctor", "--json")

    assert code == 1
    assert [one["check"] for one in json.loads(out)] == ["settings"]


def test_created_webhook_has_all_events_and_its_secret_is_printed(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    made = terminal.json("webhooks", "create", "--endpoint", ENDPOINT)
    webhook = sandbox.state.webhooks.store.get(made["webhook_id"])

    assert webhook["endpoint"] == ENDPOINT
    assert {one.rpartition(".")[2] for one in webhook["subscriptions"]} == set(SUBSCRIBED_EVENTS)
    assert made["signing_secret"] == sandbox.state.webhooks.secret(made["webhook_id"])


def test_created_webhook_tells_people_the_line_for_their_settings(terminal: Terminal) -> None:
    code, out, _ = terminal.type("webhooks", "create", "--endpoint", ENDPOINT)

    assert code == 0
    assert "RISKDESK_WEBHOOK_SECRETS=" in out.splitlines()[-1]


def test_status_counts_deliveries(terminal: Terminal, engine: Engine) -> None:
    store(engine, "one", "two", "two")

    found = terminal.json("webhooks", "status")
    assert (found["stored"], found["waiting"], found["duplicates"]) == (2, 2, 1)
    assert "waiting" in terminal.type("webhooks", "status")[1]


def test_database_without_tables_is_told_in_two_lines(terminal: Terminal) -> None:
    _, to_do = terminal.refused("webhooks", "status")

    assert "riskdesk db upgrade" in to_do


@pytest.mark.parametrize(
    ("words", "replayed"),
    [
        pytest.param(["--failed"], 2, id="all that failed"),
        pytest.param(["--hours", "1"], 2, id="all of the last hour"),
        pytest.param(["1"], 1, id="one"),
        pytest.param(["1", "2", "77"], 2, id="one of them unknown"),
    ],
)
def test_replayed_deliveries_wait_again(
    terminal: Terminal, engine: Engine, words: list[str], replayed: int
) -> None:
    store(engine, "one", "two", outcome="failed")

    assert terminal.json("webhooks", "replay", *words) == {"replayed": replayed}
    assert column(engine, "handled_at").count(None) == replayed


def test_replay_of_the_failed_leaves_the_handled_alone(terminal: Terminal, engine: Engine) -> None:
    store(engine, "one", outcome="handled")

    assert terminal.json("webhooks", "replay", "--failed") == {"replayed": 0}


def test_replay_of_nothing_is_refused(terminal: Terminal, engine: Engine) -> None:  # noqa: ARG001
    _, to_do = terminal.refused("webhooks", "replay")

    assert "--failed" in to_do


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["webhooks", "replay", HUGE], id="id of a delivery"),
        pytest.param(["webhooks", "replay", "--hours", HUGE], id="hours"),
        pytest.param(["webhooks", "replay", "--hours", "nan"], id="no hours"),
        pytest.param(["actions", "retry", HUGE], id="id of an action"),
        pytest.param(["actions", "list", "--limit", HUGE], id="limit"),
    ],
)
def test_number_that_no_database_holds_is_refused(
    terminal: Terminal,
    engine: Engine,  # noqa: ARG001 - the tables exist: it is the number that is wrong
    words: list[str],
) -> None:
    code, _, err = terminal.type(*words)

    assert code == 2
    assert "Invalid value" in err


def test_actions_are_listed_newest_first_and_by_state(terminal: Terminal, engine: Engine) -> None:
    plan(engine, 1, 2, state=State.DONE)
    plan(engine, 3, state=State.DEAD)

    assert [row["ticket"] for row in terminal.json("actions", "list")] == [3, 2, 1]
    assert [row["ticket"] for row in terminal.json("actions", "list", "--limit", "1")] == [3]
    dead = terminal.json("actions", "list", "--state", "dead")
    assert [(row["ticket"], row["kind"]) for row in dead] == [(3, "draft")]
    assert "dead" in terminal.type("actions", "list")[1]


def test_retried_action_is_looked_for_before_it_is_sent_again(
    terminal: Terminal, engine: Engine
) -> None:
    plan(engine, 1, 2, state=State.DEAD)
    plan(engine, 3, state=State.DONE)

    assert terminal.json("actions", "retry", "1", "3") == {"tickets": [1]}
    assert column(engine, "state", of="actions") == ["sending", "dead", "done"]
    assert terminal.json("actions", "retry") == {"tickets": [2]}
    assert column(engine, "state", of="actions") == ["sending", "sending", "done"]


def test_sandbox_names_the_port_in_use(terminal: Terminal) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        what, to_do = terminal.refused("sandbox", "serve", "--port", str(port))

    assert f"127.0.0.1:{port}" in what
    assert "--port" in to_do


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"{ no json", id="no JSON"),
        pytest.param(b'{"webhooks": {"lost": 1.5}}', id="no rate"),
        pytest.param(b'{"weather": "bad"}', id="unknown fault"),
    ],
)
def test_faults_file_that_cannot_be_used_is_refused(
    terminal: Terminal, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "faults.json"
    if content is not None:
        file.write_bytes(content)
    words = ("sandbox", "serve", "--port", str(free_port()), "--faults", str(file))

    assert "aults" in terminal.refused(*words)[0]
