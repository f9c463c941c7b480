"""The receiver on a real socket: what is refused, what is stored, and how it says it is well."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import uvicorn
from pydantic import SecretStr
from sqlalchemy import Engine

import riskdesk.web
from integrations.runtime.clock import utc_now
from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import Settings
from integrations.webhooks.views import LARGEST_BODY, PATH
from riskdesk.demo.processes import answers, free_port
from riskdesk.web import build_app
from sync.migrations.upgrade import upgrade
from tests.support.databases import fresh_sqlite
from tests.support.deliveries import make_body, signed, stored
from tests.support.front_door import (
    SECRET,
    connection_settings,
    end_group,
    environment,
    wait_until,
)

TIMEOUT_S = 10


class Socket:
    """The receiver's address, its inbox, and the tickets that workers were told of."""

    def __init__(self, url: str, engine: Engine) -> None:
        self.url = url
        self.engine = engine
        self.told: list[int] = []

    def post(
        self,
        body: bytes,
        *,
        secret: str = SECRET,
        age: timedelta = timedelta(0),
        headers: Mapping[str, str] | None = None,
    ) -> int:
        chosen = signed(secret, body, at=utc_now() - age) if headers is None else headers
        return requests.post(
            self.url + PATH, data=body, headers=chosen, timeout=TIMEOUT_S
        ).status_code

    def health(self) -> dict[str, object]:
        answer = requests.get(f"{self.url}/healthz", timeout=TIMEOUT_S)
        answer.raise_for_status()
        return dict(answer.json())

    def deliveries(self) -> list[tuple[str, str | None]]:
        return [(row["mark"], row["outcome"]) for row in stored(self.engine)]


@contextmanager
def serving(app: object) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="critical")  # type: ignore[arg-type]
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started, timeout_s=TIMEOUT_S, every_s=0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(TIMEOUT_S)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Socket]:
    with fresh_sqlite(tmp_path) as engine:
        upgrade(engine)
        built = Socket("", engine)
        app = build_app(
            Settings(webhook_secrets=(SecretStr(SECRET),)),
            engine,
            built.told.extend,
        )
        with serving(app) as built.url:
            yield built


def test_delivery_is_answered_once_it_is_stored_and_workers_are_told(receiver: Socket) -> None:
    assert receiver.post(make_body()) == 202
    assert receiver.deliveries() == [("event", None)]
    wait_until(lambda: receiver.told == [17], timeout_s=TIMEOUT_S)


@pytest.mark.parametrize(
    ("how", "status"),
    [
        pytest.param({"secret": "stolen"}, 401, id="forged"),
        pytest.param({"age": timedelta(minutes=6)}, 401, id="stale"),
        pytest.param({"age": timedelta(minutes=-6)}, 401, id="from the future"),
        pytest.param({"headers": {}}, 401, id="unsigned"),
    ],
)
def test_delivery_that_cannot_be_trusted_is_refused_and_not_stored(
    receiver: Socket, how: dict[str, object], status: int
) -> None:
    assert receiver.post(make_body(), **how) == status  # type: ignore[arg-type]
    assert receiver.deliveries() == []
    assert receiver.told == []


@pytest.mark.parametrize(
    ("size", "status", "kept"),
    [
        pytest.param(LARGEST_BODY, 202, 1, id="exactly the largest"),
        pytest.param(LARGEST_BODY + 1, 413, 0, id="a byte larger"),
    ],
)
def test_largest_body_is_taken_and_a_larger_one_refused(
    receiver: Socket, size: int, status: int, kept: int
) -> None:
    body = make_body()
    assert receiver.post(body + b" " * (size - len(body))) == status
    assert len(receiver.deliveries()) == kept


@pytest.mark.parametrize(
    ("body", "mark"),
    [
        pytest.param(b"\xff{ no json", "malformed", id="no JSON"),
        pytest.param(b"", "malformed", id="nothing"),
        pytest.param(make_body(subject="zen:ticket:x"), "malformed", id="no ticket"),
        pytest.param(make_body(type="zen:event-type:ticket.sang"), "unknown", id="unknown event"),
        pytest.param(make_body(type="zen:event-type:user.created"), "unknown", id="not a ticket"),
    ],
)
def test_signed_but_strange_delivery_is_kept_and_nobody_works_on_it(
    receiver: Socket, body: bytes, mark: str
) -> None:
    assert receiver.post(body) == 202
    assert receiver.deliveries() == [(mark, "recorded")]
    assert receiver.told == []


def test_health_counts_what_came_and_what_waits(receiver: Socket) -> None:
    receiver.post(make_body("evt-1"))
    receiver.post(make_body("evt-1"))
    receiver.post(b"strange")
    health = receiver.health()

    assert health["status"] == "ok"
    assert health["actions"] == {}
    assert health["deliveries"] == {
        "stored": 2,
        "waiting": 1,
        "failed": 0,
        "caught_up": 0,
        "marked": 1,
        "duplicates": 1,
    }


def test_application_is_not_built_by_importing_its_module() -> None:
    assert "app" not in vars(riskdesk.web)
    with pytest.raises(AttributeError, match="application"):
        riskdesk.web.application  # noqa: B018 - asking is the test


def test_receiver_without_secrets_is_not_built(tmp_path: Path) -> None:
    with (
        fresh_sqlite(tmp_path) as engine,
        pytest.raises(ConfigError, match="RISKDESK_WEBHOOK_SECRETS"),
    ):
        build_app(Settings(), engine, lambda _tickets: None)


@pytest.mark.slow
def test_uvicorn_finds_the_application_by_its_name(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with fresh_sqlite(tmp_path) as engine:
        upgrade(engine)
        address = engine.url.render_as_string()
        settings = connection_settings("http://127.0.0.1:9", DATABASE_URL=address)
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "riskdesk.web:app", "--port", str(port)],
            cwd=tmp_path,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_until(lambda: answers(f"{url}/healthz"), timeout_s=20)
            told = Socket(url, engine)

            assert told.post(make_body()) == 202
            assert told.post(make_body(), secret="stolen") == 401
            assert told.deliveries() == [("event", None)]
        finally:
            server.terminate()
            server.wait(TIMEOUT_S)
            end_group(server.pid)
