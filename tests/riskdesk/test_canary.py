"""Five hundred secrets go the whole way of a complaint; nowhere is one left to be read."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.logs import configure_logs
from integrations.runtime.settings import Settings
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from integrations.webhooks.views import PATH
from integrations.zendesk import meeting_point
from riskdesk.demo.calls import Calls
from riskdesk.desk import Desk, build_desk
from riskdesk.web import build_app
from sync.exports.relation import Wanted, chosen
from sync.exports.service import Format, Order, export
from sync.migrations.upgrade import upgrade
from tests.support.canary import (
    LONGEST_SUBJECT,
    Canary,
    all_files_in,
    all_text_in,
    all_text_of_zendesk,
    canaries,
    survivors,
)
from tests.support.databases import fresh_database
from tests.support.deliveries import make_body, signed
from tests.support.front_door import SECRET, connection_settings
from tests.support.sandbox import LIFTED

PLANTED = canaries(500, seed=20260305)
OF_EACH_TICKET = 20
CONTROL = Canary("control", "Rosebud-Control-7391", "my dog is called Rosebud-Control-7391")
EVERYTHING = [*PLANTED, CONTROL]


class Customers:
    """Writes tickets, comments and deliveries that hold secrets, in every place that takes text."""

    def __init__(self, url: str, web: TestClient) -> None:
        self.calls = Calls(url)
        self._web = web
        field = {"type": "text", "title": "Wallet"}
        made = self._send("POST", "ticket_fields", {"ticket_field": field})
        self._field_id = made["ticket_field"]["id"]

    def write(self, secrets: list[Canary]) -> int:
        """Open a ticket: a third in its text, one in its subject, one in a field."""
        subject = next(
            (c.sentence for c in secrets if len(c.sentence) < LONGEST_SUBJECT), "see below"
        )
        ticket = {
            "subject": subject.replace("\n", " "),
            "requester": {"name": "Wei Chen", "email": f"{uuid4().hex}@example.com"},
            "comment": {"body": _text(secrets[::3])},
            "custom_fields": [{"id": self._field_id, "value": secrets[1].sentence}],
        }
        return int(self._send("POST", "tickets", {"ticket": ticket})["ticket"]["id"])

    def go_on(self, ticket_id: int, secrets: list[Canary]) -> None:
        """Add a comment of the customer and a note of an agent."""
        ticket = self.calls.get(f"/api/v2/tickets/{ticket_id}.json")["ticket"]
        for part, author, public in ((1, ticket["requester_id"], True), (2, None, False)):
            comment = {"body": _text(secrets[part::3]), "public": public}
            comment |= {"author_id": author} if author else {}
            self._send("PUT", f"tickets/{ticket_id}", {"ticket": {"comment": comment}})

    def deliver(self, ticket_id: int, secrets: list[Canary]) -> None:
        """Deliver what Zendesk would, and two bodies that nobody understands."""
        told = {"description": _text(secrets), "subject": secrets[0].sentence}
        about = {"subject": f"zen:ticket:{ticket_id}", "time": format_instant(utc_now())}
        for body in (
            make_body(uuid4().hex, detail=told, **about),
            make_body(uuid4().hex, type="zen:event-type:unheard.of", detail=told),
            f'{{"broken": "{_text(secrets)}'.encode(),
        ):
            headers = signed(SECRET, body, at=utc_now())
            assert self._web.post(PATH, content=body, headers=headers).status_code == 202

    def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.calls.send(method, f"/api/v2/{path}.json", body, may_repeat=False)


def _text(secrets: list[Canary]) -> str:
    return "\n\n".join(secret.sentence for secret in secrets)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Desk, str]]:
    opened = ExitStack()
    real = meeting_point._open

    def remembered(url: str) -> Any:  # nobody else closes what the client shares with others
        engine = real(url)
        opened.callback(engine.dispose if engine else lambda: None)
        return engine

    monkeypatch.setattr(meeting_point, "_open", remembered)
    config = SandboxConfig(**LIFTED, export_lag=timedelta(0))
    with running_sandbox(config) as sandbox, fresh_database(request.param, tmp_path) as engine:
        upgrade(engine)
        url = engine.url.render_as_string(hide_password=False)
        values = connection_settings(sandbox.url, DATABASE_URL=url, QUEUE=uuid4().hex)
        settings = Settings.model_validate({k.lower(): v for k, v in values.items()})
        configure_logs(settings)
        desk = build_desk(settings)
        opened.callback(desk.engine.dispose)
        with opened, closing(desk.zendesk.session):
            yield desk, sandbox.url


def test_none_of_five_hundred_secrets_is_left_anywhere(
    desk: tuple[Desk, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    running, url = desk
    poked: list[int] = []
    app = build_app(running.settings, running.engine, poked.extend)
    with TestClient(app) as web:
        customers = Customers(url, web)
        tickets = []
        for start in range(0, len(PLANTED), OF_EACH_TICKET):
            secrets = PLANTED[start : start + OF_EACH_TICKET]
            ticket_id = customers.write(secrets)
            customers.deliver(ticket_id, secrets)
            running.pipeline.handle(ticket_id)
            customers.go_on(ticket_id, secrets)
            customers.deliver(ticket_id, secrets)
            running.pipeline.handle(ticket_id)
            tickets.append(ticket_id)
        tickets.append(customers.write([CONTROL, CONTROL]))
        running.sync()
        metrics = web.get("/healthz").text
    folder = tmp_path / "export"
    folder.mkdir()
    export(
        running.engine,
        Order(relations=chosen([]), folder=folder, format=Format.CSV, wanted=Wanted.EVERYTHING),
    )
    written = capfd.readouterr()

    assert set(poked) == set(tickets[:-1])
    assert "action_done" in written.err
    assert survivors(EVERYTHING, all_text_in(running.engine)) == [CONTROL]
    assert survivors(EVERYTHING, all_files_in(folder)) == [CONTROL]
    with closing(customers.calls.session):
        shown = all_text_of_zendesk(customers.calls, tickets)
    assert survivors(EVERYTHING, shown) == [CONTROL]
    assert survivors(EVERYTHING, written.out + written.err + metrics) == []
