"""Deliveries that go wrong on request: overtaken ones, and only the events that were named."""

import json
from typing import Any

import pytest

from integrations.sandbox.deliveries import dispatch
from integrations.sandbox.faults import Faults, WebhookFaults
from tests.support.delivery_scene import acting
from tests.support.sandbox import Desk, Receiver, desk_on


def bodies(receiver: Receiver) -> list[Any]:
    """Return what was delivered, parsed."""
    return [json.loads(delivery.body) for delivery in receiver.deliveries]


def test_a_reordered_delivery_is_overtaken_by_the_next_one(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LONGEST_HOLD_S", 60.0)
    with desk_on(faults=Faults(webhooks=WebhookFaults(reordered=1))) as desk:
        desk.subscribe(receiver.url, "created")
        for _ in range(2):
            desk.ticket()
        desk.settle()
        reordered = desk.get("/sandbox/state")["deliveries"]["reordered"]

    assert [body["detail"]["id"] for body in bodies(receiver)] == ["2", "1"]
    assert reordered == 1


def test_a_reordered_delivery_that_nothing_follows_arrives_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dispatch, "LONGEST_HOLD_S", 0.05)
    with acting(monkeypatch, faults=WebhookFaults(reordered=1)) as scene:
        scene.tickets(1)

    assert scene.statuses() == ["success"]
    assert scene.deliveries.counts["reordered"] == 0


def test_faults_strike_only_the_events_they_name(desk: Desk, receiver: Receiver) -> None:
    desk.sandbox.dice.faults = Faults(
        webhooks=WebhookFaults(lost=1, only=("ticket.status_changed",))
    )
    desk.subscribe(receiver.url, "created", "status_changed")

    desk.update(desk.ticket()["id"], status="pending")
    desk.settle()

    assert [body["type"] for body in bodies(receiver)] == ["zen:event-type:ticket.created"]
