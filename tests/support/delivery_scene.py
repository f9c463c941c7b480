"""An account whose deliveries go nowhere, on clocks that the test moves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.deliveries import dispatch
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.deliveries.sending import Reply
from integrations.sandbox.faults import FaultDice, Faults, WebhookFaults
from integrations.sandbox.founding import new_account
from integrations.sandbox.state.ticketing.tickets import create
from tests.support.sandbox import settle

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Scene:
    """An account whose deliveries go nowhere: `answer` says what comes back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
        self.account = new_account(SandboxConfig(start=NOON))
        faults = Faults(webhooks=more.pop("faults", WebhookFaults()))
        self.now = 1000.0
        self.answer: Callable[[bytes], Reply] = lambda _: Reply(200)
        self.sent: list[bytes] = []
        self.deliveries = Deliveries(
            self.account, FaultDice(faults, seed=1), monotonic=lambda: self.now, **more
        )
        monkeypatch.setattr(dispatch, "send", self._send)
        self.webhook = self.account.webhooks.create(
            {
                "name": "n",
                "endpoint": "http://127.0.0.1:9/",
                "http_method": "POST",
                "request_format": "json",
                "status": "active",
                "subscriptions": ["zen:event-type:ticket.created"],
            },
            1,
        )

    def _send(self, _: str, *, body: bytes, **__: Any) -> Reply:
        self.sent.append(body)
        return self.answer(body)

    def tickets(self, number: int) -> None:
        """Open tickets one after the other, each delivered before the next."""
        actor = self.account.user_by_email("admin@example.com")
        assert actor is not None
        for _ in range(number):
            create(self.account, {"comment": {"body": "Help"}}, actor)
            settle(self.deliveries)

    def statuses(self) -> list[str]:
        """Return how the invocations ended, oldest first."""
        return [one.status for one in self.deliveries.invocations(self.webhook["id"])]


@contextmanager
def acting(monkeypatch: pytest.MonkeyPatch, **more: Any) -> Iterator[Scene]:
    """Give a scene whose threads end with it."""
    scene = Scene(monkeypatch, **more)
    try:
        yield scene
    finally:
        scene.deliveries.stop()
