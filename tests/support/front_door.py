"""The front door for tests: riskdesk in processes of its own, on a sandbox and a database each."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, func, select

from automations.actions.plan import OPEN_STATES
from automations.actions.tables import actions
from integrations.runtime.settings import PREFIX
from integrations.webhooks.tables import deliveries
from riskdesk.demo.calls import Calls
from riskdesk.demo.complaints import Complaint
from riskdesk.demo.people import customer_of
from riskdesk.demo.processes import Process, answers, free_port
from riskdesk.demo.stage import EXPORTS_PER_MINUTE, REQUESTS_PER_MINUTE
from tests.support.databases import fresh_database
from tests.support.services import fresh_celery

SECRET = "made-up-signing-secret"
LONGEST_RUN_S = 90.0


@dataclass(frozen=True)
class Outcome:
    """How a command ended; `left_running` when a process of it lives on."""

    code: int
    stdout: str
    stderr: str
    left_running: bool

    @property
    def two_lines(self) -> tuple[str, str]:
        """Return what happened and what to do, having made sure that nothing else was said."""
        what, to_do = self.stderr.splitlines()
        assert self.code == 1
        assert to_do.startswith("What to do: ")
        assert self.stdout == ""
        assert not self.left_running
        return what, to_do


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's variables with these settings of riskdesk and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**clean, **{PREFIX + name: value for name, value in settings.items()}}


def connection_settings(zendesk_url: str, **changes: str) -> dict[str, str]:
    """Return settings with which a desk works on the sandbox, without waiting for budgets."""
    return {
        "ZENDESK_URL": zendesk_url,
        "ZENDESK_CLIENT_ID": "riskdesk",
        "ZENDESK_CLIENT_SECRET": "sandbox-secret",
        "WEBHOOK_SECRETS": SECRET,
        "REQUESTS_PER_MINUTE": str(REQUESTS_PER_MINUTE),
        "TICKET_UPDATES_PER_MINUTE": str(REQUESTS_PER_MINUTE),
        "EXPORT_REQUESTS_PER_MINUTE": str(EXPORTS_PER_MINUTE),
    } | changes


def riskdesk(
    *words: str,
    folder: Path,
    settings: Mapping[str, str],
    temporary: Path | None = None,
    timeout_s: float = LONGEST_RUN_S,
) -> Outcome:
    """Run `riskdesk …` as a person would, in a process group of which nothing survives."""
    variables = environment(settings) | ({"TMPDIR": str(temporary)} if temporary else {})
    running = subprocess.Popen(
        [sys.executable, "-m", "riskdesk", *words],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        stdout, stderr = running.communicate(timeout=timeout_s)
        left = is_alive(running.pid)
    finally:
        end_group(running.pid)
        running.wait()
        for pipe in (running.stdout, running.stderr):
            if pipe is not None:
                pipe.close()
    return Outcome(running.returncode, stdout, stderr, left)


def is_alive(group: int) -> bool:
    """Tell whether a process group has a member."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end_group(group: int) -> None:
    """Kill whatever is left of a process group."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


@contextmanager
def sandbox_process(folder: Path) -> Iterator[str]:
    """Run `riskdesk sandbox serve` and give its address; exports show everything at once."""
    port = free_port()
    limits = ["--rpm", str(REQUESTS_PER_MINUTE), "--rpm-incremental", str(EXPORTS_PER_MINUTE)]
    limits += ["--no-endpoint-limits", "--job-seconds", "0"]
    words = ["sandbox", "serve", "--port", str(port), "--export-lag", "0", *limits]
    sandbox = Process("sandbox", words, {}, folder)
    url = f"http://127.0.0.1:{port}"
    try:
        sandbox.start(lambda: answers(url))
        yield url
    finally:
        sandbox.stop()


@contextmanager
def place(database: str, broker: str, folder: Path) -> Iterator[tuple[Engine, dict[str, str]]]:
    """Give an empty database and settings that name it and a queue nobody else uses."""
    with fresh_database(database, folder) as engine, fresh_celery(broker) as celery:
        settings = {
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "BROKER_URL": "memory://" if broker == "embedded" else celery.conf.broker_url,
            "QUEUE": celery.conf.task_default_queue,
        }
        yield engine, settings


def write_complaint(calls: Calls, complaint: Complaint) -> int:
    """Write a complaint as its customer and return the ticket's id."""
    customer = customer_of(complaint)
    person = {"user": {"name": customer.name, "email": customer.email}}
    made = calls.send("POST", "/api/v2/users/create_or_update.json", person, may_repeat=True)
    user_id = int(made["user"]["id"])
    ticket = {
        "subject": complaint.subject or complaint.text[:40],
        "requester_id": user_id,
        "submitter_id": user_id,
        "comment": {"body": complaint.text, "author_id": user_id},
    }
    key = {"Idempotency-Key": str(uuid4())}
    path = "/api/v2/tickets.json"
    written = calls.send("POST", path, {"ticket": ticket}, may_repeat=True, headers=key)
    return int(written["ticket"]["id"])


def unfinished_work(engine: Engine) -> int:
    """Count deliveries that wait and actions that are planned or being sent."""
    waiting = select(func.count()).where(deliveries.c.handled_at.is_(None))
    open_actions = select(func.count()).where(actions.c.state.in_(OPEN_STATES))
    with engine.connect() as connection:
        return (connection.scalar(waiting) or 0) + (connection.scalar(open_actions) or 0)


def column(engine: Engine, name: str, *, of: str = "deliveries") -> Sequence[object]:
    """Return one column of the deliveries or the actions, in the order of their ids."""
    table = {"deliveries": deliveries, "actions": actions}[of]
    with engine.connect() as connection:
        return connection.scalars(select(table.c[name]).order_by(table.c.id)).all()


def wait_until(done: Callable[[], bool], *, timeout_s: float, every_s: float = 0.1) -> None:
    """Wait for something another process does; fail the test when it does not come true."""
    ends = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < ends, f"waited {timeout_s:.0f} s in vain"
        time.sleep(every_s)
