"""What a demo runs on: a folder, a database and a queue of its own, a sandbox and a desk."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import requests
from sqlalchemy import Engine, make_url, text

from integrations.redaction.keys import open_database
from integrations.runtime.broker import EMBEDDED_URL, create_celery
from integrations.runtime.clock import format_instant
from integrations.runtime.database import create_database_engine
from integrations.runtime.errors import ServiceUnavailable
from integrations.runtime.settings import Settings
from integrations.webhooks.views import PATH
from riskdesk.demo.player import create_webhook
from riskdesk.demo.processes import Process, answers, free_port
from riskdesk.demo.script import Script

# The day is played hundreds of times faster than it was, so its budgets are those of hours.
REQUESTS_PER_MINUTE = 100_000
EXPORTS_PER_MINUTE = 6_000
SYNC_INTERVAL_S = 2
LEASE_TIME_S = 10  # requests to the sandbox take milliseconds
LOST, DUPLICATED = 0.06, 0.06  # of the deliveries; Zendesk promises neither
HTTP_TIMEOUT_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The running demo, as seen by whoever plays on it."""

    folder: Path
    engine: Engine
    settings: Settings
    sandbox_url: str
    desk_url: str
    desk: Process

    def start_desk(self) -> None:
        """Start (or restart) the desk."""
        self.desk.start(lambda: answers(f"{self.desk_url}/healthz"))

    def backlog(self) -> int:
        """Return how many deliveries and actions the desk has not finished."""
        counts = self._ask(f"{self.desk_url}/healthz")
        actions = counts["actions"]
        return int(
            counts["deliveries"]["waiting"] + actions.get("planned", 0) + actions.get("sending", 0)
        )

    def sandbox_state(self) -> dict[str, Any]:
        """Return the sandbox's own counts of tickets and deliveries."""
        return self._ask(f"{self.sandbox_url}/sandbox/state")

    def wait_until(self, done: Callable[[], bool], *, what: str, timeout_s: float) -> None:
        """Wait for a condition; ServiceUnavailable when it does not come true in time."""
        deadline = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > deadline:
                raise ServiceUnavailable(
                    f"The demo waited {timeout_s:.0f} s for {what} in vain.",
                    hint="run it again; on a busy machine try `--complaints 50`.",
                )
            time.sleep(0.1)

    def _ask(self, url: str) -> dict[str, Any]:
        headers = {"Authorization": "Bearer sandbox"}
        try:
            response = requests.get(url, headers=headers, timeout=HTTP_TIMEOUT_S)
            response.raise_for_status()
            found: dict[str, Any] = response.json()
        except requests.RequestException as error:
            raise ServiceUnavailable(
                f"The demo's own server {url} failed: {type(error).__name__}.",
                hint="run the demo again; if it happens again it is a bug, please report it.",
            ) from None
        return found


@contextmanager
def set_stage(script: Script, person: Settings, *, seed: int) -> Iterator[Stage]:
    """Start everything on free ports of this machine; stop and remove it all at the end.

    Of the person's settings only the database server and the broker are used, each with a place
    of the demo's own in it, so that real data is never touched.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="riskdesk-demo-")))
        database_url = stack.enter_context(_own_database(person.database_url, folder))
        queue = stack.enter_context(_own_queue(person))
        sandbox_url = stack.enter_context(_running_sandbox(script, folder, seed=seed))
        port = free_port()
        desk_url = f"http://127.0.0.1:{port}"
        values = {
            "ZENDESK_URL": sandbox_url,
            "ZENDESK_CLIENT_ID": "riskdesk",
            "ZENDESK_CLIENT_SECRET": "sandbox-secret",
            "WEBHOOK_SECRETS": create_webhook(sandbox_url, desk_url + PATH),
            "DATABASE_URL": database_url,
            "BROKER_URL": person.broker_url,
            "QUEUE": queue,
            "REQUESTS_PER_MINUTE": str(REQUESTS_PER_MINUTE),
            "TICKET_UPDATES_PER_MINUTE": str(REQUESTS_PER_MINUTE),
            "EXPORT_REQUESTS_PER_MINUTE": str(EXPORTS_PER_MINUTE),
            "SYNC_INTERVAL": str(SYNC_INTERVAL_S),
            "LEASE_TIME": str(LEASE_TIME_S),
            "LOG_LEVEL": "WARNING",
        }
        desk = Process("desk", ["up", "--port", str(port)], values, folder)
        stack.callback(desk.stop)
        engine = open_database(_settings(values))
        stack.callback(engine.dispose)
        stage = Stage(
            folder=folder,
            engine=engine,
            settings=_settings(values),
            sandbox_url=sandbox_url,
            desk_url=desk_url,
            desk=desk,
        )
        stage.start_desk()
        yield stage


def _settings(values: dict[str, str]) -> Settings:
    """Return the desk's settings for this process, which reads what the desk wrote."""
    return Settings.model_validate({name.lower(): value for name, value in values.items()})


@contextmanager
def _running_sandbox(script: Script, folder: Path, *, seed: int) -> Iterator[str]:
    port = free_port()
    faults = folder / "faults.json"
    faults.write_bytes(msgspec.json.encode({"webhooks": {"lost": LOST, "duplicated": DUPLICATED}}))
    arguments = ["sandbox", "serve", "--port", str(port), "--seed", str(seed)]
    arguments += ["--rpm", str(REQUESTS_PER_MINUTE), "--rpm-incremental", str(EXPORTS_PER_MINUTE)]
    arguments += ["--no-endpoint-limits", "--job-seconds", "0"]
    arguments += ["--faults", str(faults), "--start", format_instant(script.start)]
    sandbox = Process("sandbox", arguments, {}, folder)
    url = f"http://127.0.0.1:{port}"
    try:
        sandbox.start(lambda: answers(url))
        yield url
    finally:
        sandbox.stop()


@contextmanager
def _own_database(person_url: str, folder: Path) -> Iterator[str]:
    """Give a SQLite file in the folder, or a new schema on the person's PostgreSQL server."""
    if make_url(person_url).get_backend_name() == "sqlite":
        yield f"sqlite:///{folder / 'demo.db'}"
        return
    schema = f"riskdesk_demo_{uuid4().hex[:12]}"
    admin = create_database_engine(person_url)
    try:
        with admin.begin() as connection:
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
        url = make_url(person_url).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.begin() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))
        admin.dispose()


@contextmanager
def _own_queue(person: Settings) -> Iterator[str]:
    """Give the name of a queue that nobody else uses; delete it from the broker afterwards."""
    name = f"riskdesk-demo-{uuid4().hex[:12]}"
    yield name
    if person.broker_url.startswith(EMBEDDED_URL):
        return
    app = create_celery(person)
    with app.connection_for_write() as connection, connection.channel() as channel:
        channel.queue_delete(name)
