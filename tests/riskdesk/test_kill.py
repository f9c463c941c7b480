"""`kill -9` in the middle of the work: every complaint is answered, and answered once."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from integrations.webhooks.views import PATH
from riskdesk.demo.calls import Calls
from riskdesk.demo.complaints import own_complaints
from riskdesk.demo.evidence import traces_in_zendesk
from riskdesk.demo.player import create_webhook
from riskdesk.demo.processes import Process, answers, free_port
from tests.support.front_door import (
    column,
    connection_settings,
    place,
    sandbox_process,
    unfinished_work,
    wait_until,
    write_complaint,
)

pytestmark = pytest.mark.slow

COMPLAINTS = own_complaints()[::8]
BETWEEN_COMPLAINTS_S = 0.4
KILLS = 4
LATEST_KILL_S = 0.15  # after work was seen; a complaint is handled in about this time


class Scene:
    """A sandbox, and a desk that is told of each change by webhook."""

    def __init__(self, folder: Path, sandbox_url: str, engine: Engine, own: dict[str, str]) -> None:
        port = free_port()
        self.sandbox_url = sandbox_url
        self.engine = engine
        self.desk_url = f"http://127.0.0.1:{port}"
        secret = create_webhook(sandbox_url, self.desk_url + PATH)
        settings = connection_settings(
            sandbox_url,
            **own,
            WEBHOOK_SECRETS=secret,
            SYNC_INTERVAL="2",
            LEASE_TIME="3",
            LOG_LEVEL="WARNING",
        )
        self.desk = Process("desk", ["up", "--port", str(port)], settings, folder)

    def start(self) -> None:
        self.desk.start(lambda: answers(f"{self.desk_url}/healthz"))

    def write_complaints(self) -> list[int]:
        calls = Calls(self.sandbox_url)
        tickets = []
        for complaint in COMPLAINTS:
            tickets.append(write_complaint(calls, complaint))
            time.sleep(BETWEEN_COMPLAINTS_S)
        return tickets

    def kill_again_and_again(self, chance: Random) -> int:
        """Kill and restart the desk; return how much unfinished work the kills left behind."""
        left = 0
        for _ in range(KILLS):
            wait_until(lambda: unfinished_work(self.engine) > 0, timeout_s=15, every_s=0.005)
            time.sleep(chance.uniform(0, LATEST_KILL_S))
            self.desk.kill()
            left += unfinished_work(self.engine)
            self.start()
        return left

    def is_quiet(self, tickets: Sequence[int]) -> bool:
        arriving = Calls(self.sandbox_url).get("/sandbox/state")["deliveries"]["queued"]
        known = {int(str(one)) for one in column(self.engine, "ticket_id", of="actions")}
        return not arriving and known >= set(tickets) and unfinished_work(self.engine) == 0


@pytest.fixture(
    params=[
        pytest.param(("sqlite", "embedded"), id="SQLite and the embedded worker"),
        pytest.param(("postgresql", "rabbitmq"), id="PostgreSQL and RabbitMQ"),
    ]
)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    database, broker = request.param
    with place(database, broker, tmp_path) as (engine, own), sandbox_process(tmp_path) as url:
        built = Scene(tmp_path, url, engine, own)
        try:
            built.start()
            yield built
        finally:
            built.desk.kill()


def test_each_effect_takes_place_once_however_often_the_desk_is_killed(scene: Scene) -> None:
    with ThreadPoolExecutor(1) as customers:
        writing = customers.submit(scene.write_complaints)
        left = scene.kill_again_and_again(Random(20))
        tickets = writing.result(60)
    wait_until(lambda: scene.is_quiet(tickets), timeout_s=40)

    markers = {
        ticket_id: traces.markers
        for ticket_id, traces in traces_in_zendesk(scene.sandbox_url, tickets).items()
    }
    drafts = {ticket_id: seen[f"draft:{ticket_id}"] for ticket_id, seen in markers.items()}
    escalations = {
        ticket_id: sum(times for key, times in seen.items() if key.startswith("escalate:"))
        for ticket_id, seen in markers.items()
    }
    assert left > 0, "no kill hit the desk at work, so nothing was put to the test"
    assert drafts == dict.fromkeys(tickets, 1)
    assert max(escalations.values()) == 1
    assert set(column(scene.engine, "state", of="actions")) <= {"done", "skipped"}
    assert "failed" not in column(scene.engine, "outcome")
