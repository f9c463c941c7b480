"""The desk as it is built for work: the real client, a sandbox, a real database."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import transaction
from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import Settings
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from integrations.webhooks import repository as inbox
from riskdesk.demo.calls import Calls
from riskdesk.demo.complaints import Complaint
from riskdesk.demo.evidence import traces_in_zendesk
from riskdesk.desk import Desk, build_desk
from sync.migrations.upgrade import upgrade
from sync.warehouse.tables.tickets import tickets
from tests.support.deliveries import make_delivery
from tests.support.front_door import column, connection_settings, write_complaint
from tests.support.sandbox import LIFTED

STOLEN = Complaint(id="1", text="Somebody logged in and withdrew all my coins last night.")


class Scene:
    """A desk on a sandbox that sends no deliveries, with an admin's access to the sandbox."""

    def __init__(self, desk: Desk, url: str) -> None:
        self.desk = desk
        self.url = url
        self.calls = Calls(url)

    def write(self) -> int:
        return write_complaint(self.calls, STOLEN)

    def delete(self, ticket_id: int) -> None:
        self.calls.send("DELETE", f"/api/v2/tickets/{ticket_id}.json", may_repeat=False)

    def deliver(self, ticket_id: int) -> None:
        delivery = make_delivery(
            uuid4().hex, subject=f"zen:ticket:{ticket_id}", time=format_instant(utc_now())
        )
        with transaction(self.desk.engine) as connection:
            inbox.store(connection, [delivery], source="webhook", now=utc_now())

    def outcomes(self) -> list[tuple[object, object]]:
        engine = self.desk.engine
        return list(zip(column(engine, "source"), column(engine, "outcome"), strict=True))

    def drafts(self, ticket_id: int) -> int:
        return traces_in_zendesk(self.url, [ticket_id])[ticket_id].markers[f"draft:{ticket_id}"]


@contextmanager
def scene_in(folder: Path) -> Iterator[Scene]:
    config = SandboxConfig(**LIFTED, export_lag=timedelta(0))
    with running_sandbox(config) as sandbox:
        values = connection_settings(
            sandbox.url, DATABASE_URL=f"sqlite:///{folder / 'desk.db'}", QUEUE=uuid4().hex
        )
        desk = build_desk(Settings.model_validate({k.lower(): v for k, v in values.items()}))
        upgrade(desk.engine)
        scene = Scene(desk, sandbox.url)
        with closing(desk.zendesk.session), closing(scene.calls.session):
            try:
                yield scene
            finally:
                desk.engine.dispose()
                desk.celery.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with scene_in(tmp_path) as built:
        yield built


def test_ticket_that_vanishes_before_it_is_handled_is_recorded_as_gone(scene: Scene) -> None:
    ticket_id = scene.write()
    scene.deliver(ticket_id)
    scene.delete(ticket_id)
    scene.desk.pipeline.handle(ticket_id)

    assert scene.outcomes() == [("webhook", "vanished")]
    assert column(scene.desk.engine, "state", of="actions") == []


def test_ticket_that_vanishes_after_it_was_answered_is_marked_deleted(scene: Scene) -> None:
    ticket_id = scene.write()
    scene.deliver(ticket_id)
    scene.desk.pipeline.handle(ticket_id)
    assert scene.drafts(ticket_id) == 1

    scene.delete(ticket_id)
    scene.deliver(ticket_id)
    scene.desk.pipeline.handle(ticket_id)

    with scene.desk.engine.connect() as connection:
        assert connection.scalars(select(tickets.c.status)).all() == ["deleted"]
    assert "failed" not in column(scene.desk.engine, "outcome")


def test_ticket_that_never_was_ends_as_vanished(scene: Scene) -> None:
    scene.deliver(987_654_321)
    scene.desk.pipeline.handle(987_654_321)

    assert scene.outcomes() == [("webhook", "vanished")]


def test_change_whose_delivery_was_lost_is_found_by_sync_and_handled(scene: Scene) -> None:
    ticket_id = scene.write()
    results = scene.desk.sync()
    assert [result.error for result in results if result.error] == []
    assert scene.outcomes() == [("sync", None)]

    scene.desk.pipeline.handle(ticket_id)

    assert scene.outcomes() == [("sync", "handled")]
    assert scene.drafts(ticket_id) == 1


def test_the_same_change_is_handed_over_once_however_often_sync_runs(scene: Scene) -> None:
    ticket_id = scene.write()
    scene.desk.sync()
    scene.desk.sync()
    assert len(scene.outcomes()) == 1

    scene.desk.pipeline.handle(ticket_id)
    scene.desk.sync()
    scene.desk.sync()

    assert scene.outcomes() == [("sync", "handled")]
    assert scene.drafts(ticket_id) == 1


def test_change_that_was_delivered_is_not_handed_over_again(scene: Scene) -> None:
    ticket_id = scene.write()
    scene.deliver(ticket_id)
    scene.desk.sync()
    scene.desk.pipeline.handle(ticket_id)
    scene.desk.sync()

    assert [source for source, _ in scene.outcomes()] == ["webhook"]


def test_sweep_finds_what_nobody_was_poked_about(scene: Scene) -> None:
    scene.deliver(scene.write())

    assert scene.desk.sweep() == 0, "so young a delivery is in a worker's hands"
    assert scene.desk.sweep(patience=timedelta(0)) == 1


def test_second_sync_leaves_the_work_to_the_one_under_way(scene: Scene) -> None:
    scene.write()
    with scene.desk.mirroring.busy:
        assert scene.desk.sync() == []
    assert scene.desk.sync() != []


def test_desk_without_an_account_is_not_built() -> None:
    with pytest.raises(ConfigError, match="RISKDESK_ZENDESK_URL"):
        build_desk(Settings())
