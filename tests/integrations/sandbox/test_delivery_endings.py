"""How deliveries end: retries, the circuit breaker, the limit of trials, and the log."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.deliveries import retries
from integrations.sandbox.deliveries.sending import Reply
from integrations.sandbox.deliveries.signing import signature
from integrations.sandbox.faults import WebhookFaults
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.tickets import create
from tests.support.delivery_scene import NOON, acting
from tests.support.sandbox import Desk, Receiver, settle


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "PAUSES_S", (0.01,))


def invocations(desk: Desk, webhook: Record, **query: str) -> list[Any]:
    """Return the log of a webhook as the API shows it."""
    shown: list[Any] = desk.get(f"webhooks/{webhook['id']}/invocations", params=query)[
        "invocations"
    ]
    return shown


@pytest.mark.parametrize(
    ("answers", "attempts", "status"),
    [
        pytest.param([(409, {})] * 2, 3, "success", id="conflict, then accepted"),
        pytest.param([(409, {})] * 9, 4, "failed", id="conflict for ever"),
        pytest.param([(503, {"Retry-After": "0.01"})], 2, "success", id="busy for a moment"),
        pytest.param([(429, {"Retry-After": "0"})], 2, "success", id="too many for a moment"),
        pytest.param([(503, {"Retry-After": "60"})], 1, "failed", id="busy for a minute"),
        pytest.param([(503, {})], 1, "failed", id="busy without a time"),
        pytest.param([(429, {"Retry-After": "²"})], 1, "failed", id="no number"),
        pytest.param([(500, {})], 1, "terminated", id="broken"),
        pytest.param([(403, {})], 1, "terminated", id="refused"),
        pytest.param([(302, {})], 1, "terminated", id="sent elsewhere"),
    ],
)
def test_few_answers_are_tried_again(
    desk: Desk,
    receiver: Receiver,
    answers: list[tuple[int, dict[str, str]]],
    attempts: int,
    status: str,
) -> None:
    webhook = desk.subscribe(receiver.url, "created")
    receiver.answers = answers

    desk.ticket()
    desk.settle()

    (invocation,) = invocations(desk, webhook)
    log = desk.get(f"webhooks/{webhook['id']}/invocations/{invocation['id']}/attempts")["attempts"]
    sent = {delivery.headers["X-Zendesk-Webhook-Invocation-Id"] for delivery in receiver.deliveries}
    assert len(receiver.deliveries) == len(log) == attempts
    assert invocation["status"] == status
    assert sent == {invocation["id"]}
    assert len({attempt["id"] for attempt in log}) == attempts


def test_a_timeout_is_tried_five_times_more_and_logged_as_504(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting(monkeypatch) as scene:
        scene.answer = lambda _: Reply(504, failure="timeout")

        scene.tickets(1)

        (invocation,) = scene.deliveries.invocations(scene.webhook["id"])
    assert len(scene.sent) == 6
    assert (invocation.status, invocation.status_code) == ("failed", 504)


def test_an_endpoint_that_is_down_is_tried_once(desk: Desk) -> None:
    webhook = desk.subscribe("http://127.0.0.1:9/hook", "created")

    desk.ticket()
    desk.settle()

    (invocation,) = invocations(desk, webhook)
    assert invocation["status"] == "terminated"
    assert desk.get("/sandbox/state")["deliveries"]["attempts"] == 1


def test_nothing_leaves_the_machine(desk: Desk) -> None:
    webhook = desk.subscribe("https://hooks.example.com/x", "created")

    desk.ticket()
    desk.settle()

    (invocation,) = invocations(desk, webhook)
    assert (invocation["status"], invocation["status_code"]) == ("terminated", 0)


def test_a_delivery_under_way_keeps_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(monkeypatch) as scene:
        old = scene.account.webhooks.secret(scene.webhook["id"])
        headers: list[dict[str, str]] = []

        def rotate_and_ask_again(_: bytes) -> Reply:
            scene.account.webhooks.rotate_secret(scene.webhook["id"])
            return Reply(409)

        scene.answer = rotate_and_ask_again
        scene.tickets(1)
        (invocation,) = scene.deliveries.invocations(scene.webhook["id"])
        headers = [attempt.headers for attempt in invocation.attempts]

    assert len(headers) == 4
    for one in headers:
        timestamp = one["X-Zendesk-Webhook-Signature-Timestamp"]
        made = signature(old, timestamp, invocation.message.body)
        assert one["X-Zendesk-Webhook-Signature"] == made


def test_a_failing_endpoint_breaks_the_circuit_for_five_seconds(
    desk: Desk, receiver: Receiver
) -> None:
    webhook = desk.subscribe(receiver.url, "created")
    receiver.answers = [(500, {})] * 100
    for _ in range(100):
        desk.ticket()
    desk.settle()

    desk.ticket()
    desk.settle()

    (broken,) = invocations(desk, webhook, **{"filter[status]": "circuit broken"})
    assert len(receiver.deliveries) == 100
    assert broken["status_code"] == 0


def test_the_circuit_closes_after_five_seconds_and_opens_at_the_next_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting(monkeypatch) as scene:
        scene.answer = lambda _: Reply(500)
        scene.tickets(102)
        scene.now += 5
        scene.tickets(2)
        scene.now += 5
        scene.answer = lambda _: Reply(200)
        scene.tickets(2)

        statuses = scene.statuses()

    assert statuses[:100] == ["terminated"] * 100
    assert statuses[100:104] == ["circuit broken", "circuit broken", "terminated", "circuit broken"]
    assert statuses[104:] == ["success", "success"]


def test_one_failing_webhook_does_not_stop_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(monkeypatch) as scene:
        other = scene.account.webhooks.clone(scene.webhook, 1)
        scene.deliveries.breaker(scene.webhook["id"])
        for _ in range(100):
            scene.deliveries.breaker(scene.webhook["id"]).note(failed=True)
        scene.tickets(1)

        (second,) = scene.deliveries.invocations(other["id"])

    assert (scene.statuses(), second.status) == (["circuit broken"], "success")


def test_a_trial_account_throttles_the_sixty_first_invocation_of_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting(monkeypatch, trial=True) as scene:
        scene.tickets(61)
        scene.now += 60
        scene.tickets(1)

        statuses = scene.statuses()

    assert statuses == ["success"] * 60 + ["throttled", "success"]
    assert len(scene.sent) == 61


def test_the_log_is_kept_for_seven_days_of_the_record_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting(monkeypatch) as scene:
        scene.tickets(1)
        scene.account.clock.step_to(NOON + timedelta(days=7))
        at_the_end = len(scene.statuses())
        scene.account.clock.step_to(NOON + timedelta(days=7, seconds=1))

        assert (at_the_end, len(scene.statuses())) == (1, 0)


def test_a_webhook_that_was_deleted_meanwhile_is_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults = WebhookFaults(delayed=1, delay_seconds=(0.2, 0.2))
    with acting(monkeypatch, faults=faults) as scene:
        actor = scene.account.user_by_email("admin@example.com")
        assert actor is not None
        create(scene.account, {"comment": {"body": "Help"}}, actor)
        scene.account.webhooks.store.remove(scene.webhook["id"])
        settle(scene.deliveries)

    assert (scene.sent, scene.statuses()) == ([], ["terminated"])
