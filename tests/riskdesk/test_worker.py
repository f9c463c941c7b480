"""Server mode: a worker started by the celery command handles what it is poked about."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import transaction
from integrations.runtime.settings import Settings
from integrations.webhooks import repository as inbox
from riskdesk.demo.calls import Calls
from riskdesk.demo.complaints import Complaint
from riskdesk.demo.evidence import traces_in_zendesk
from riskdesk.desk import build_desk
from sync.migrations.upgrade import upgrade
from tests.support.deliveries import make_delivery
from tests.support.front_door import (
    connection_settings,
    end_group,
    environment,
    place,
    sandbox_process,
    unfinished_work,
    wait_until,
    write_complaint,
)

pytestmark = pytest.mark.slow

STOLEN = Complaint(id="1", text="Somebody logged in and withdrew all my coins last night.")
STOP_TIMEOUT_S = 20


@contextmanager
def celery_worker(folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command of docs/operation.md; nothing of it is left at the end."""
    words = ["-m", "celery", "-A", "riskdesk.worker", "worker", "--concurrency", "2"]
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield worker
    finally:
        end_group(worker.pid)
        worker.wait(STOP_TIMEOUT_S)


def test_poked_worker_answers_a_complaint_and_ends_when_asked(tmp_path: Path) -> None:
    with (
        place("postgresql", "rabbitmq", tmp_path) as (engine, own),
        sandbox_process(tmp_path) as sandbox_url,
    ):
        settings = connection_settings(sandbox_url, **own)
        upgrade(engine)
        ticket_id = write_complaint(Calls(sandbox_url), STOLEN)
        delivery = make_delivery(subject=f"zen:ticket:{ticket_id}", time=format_instant(utc_now()))
        with transaction(engine) as connection:
            inbox.store(connection, [delivery], source="webhook", now=utc_now())
        desk = build_desk(
            Settings.model_validate({name.lower(): value for name, value in settings.items()})
        )
        try:
            with celery_worker(tmp_path, settings) as worker:
                desk.poke([ticket_id])
                wait_until(lambda: unfinished_work(engine) == 0, timeout_s=40)
                worker.send_signal(signal.SIGTERM)
                code = worker.wait(STOP_TIMEOUT_S)
        finally:
            desk.engine.dispose()
            desk.celery.close()
            desk.zendesk.session.close()
        traces = traces_in_zendesk(sandbox_url, [ticket_id])[ticket_id]

    kinds = Counter(key.partition(":")[0] for key in traces.markers.elements())
    assert kinds == {"draft": 1, "escalate": 1}
    assert code == 0
    assert STOLEN.text not in (tmp_path / "worker.log").read_text()
