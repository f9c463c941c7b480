"""A desk on an account without exports follows it by lists, from the setting to the warehouse."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from integrations.runtime.settings import Settings
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import parse_faults
from integrations.sandbox.server import running_sandbox
from riskdesk.desk import Desk, build_desk
from sync.migrations.upgrade import upgrade
from sync.warehouse.tables.tickets import tickets
from tests.support.front_door import connection_settings, riskdesk
from tests.support.sandbox import LIFTED

LOST = b'{"api": {"rules": [{"fault": "refused", "path": "incremental/*"}]}}'


@pytest.fixture
def values(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings for a sandbox that refuses exports."""
    with running_sandbox(SandboxConfig(**LIFTED, faults=parse_faults(LOST))) as sandbox:
        yield connection_settings(
            sandbox.url,
            DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}",
            QUEUE=uuid4().hex,
            CHANGE_SOURCE="lists",
        )


@pytest.fixture
def desk(values: dict[str, str]) -> Iterator[Desk]:
    built = build_desk(Settings.model_validate({k.lower(): v for k, v in values.items()}))
    upgrade(built.engine)
    with closing(built.zendesk.session):
        yield built
    built.engine.dispose()
    built.celery.close()


def test_a_desk_without_exports_mirrors_by_lists(desk: Desk) -> None:
    asked = {"subject": "Stolen", "comment": {"body": "My funds are gone"}}
    made = desk.zendesk.create_ticket(asked, idempotency_key="k")["id"]
    results = desk.sync()
    desk.zendesk.session.delete(f"/api/v2/tickets/{made}.json")
    desk.sync()

    assert {each.stream: each.error for each in results if each.error} == {}
    with desk.engine.connect() as connection:
        assert connection.scalars(select(tickets.c.status)).all() == ["deleted"]


def test_status_says_what_an_account_without_exports_misses(
    desk: Desk, values: dict[str, str], tmp_path: Path
) -> None:
    assert desk.settings.change_source == "lists"
    shown = riskdesk("sync", "status", folder=tmp_path, settings=values)
    told = riskdesk("sync", "status", "--json", folder=tmp_path, settings=values)

    assert "ticket_metric_events is not mirrored" in " ".join(shown.stdout.split())
    assert set(json.loads(told.stdout)["missing"]) == {"ticket_metric_events"}
