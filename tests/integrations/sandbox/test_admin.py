"""What drivers and people use: clock, faults, state, page, server."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.runtime.errors import BadInput, ConfigError, ServiceUnavailable
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.faults import Faults, WebhookFaults, load_faults, parse_faults
from integrations.sandbox.founding import new_account
from integrations.sandbox.server import running_sandbox, serve
from tests.support.sandbox import Desk, Receiver, desk_on


def test_the_clock_is_real_until_it_is_stepped(desk: Desk) -> None:
    before = desk.get("/sandbox/clock")

    desk.set_clock("2031-05-01T10:00:00Z")
    ticket = desk.ticket()
    answer = desk.call("GET", "users/me")

    assert before["stepped"] is False
    assert desk.get("/sandbox/clock") == {
        "now": "2031-05-01T10:00:00Z",
        "stepped": True,
        "speed": 0,
    }
    assert ticket["created_at"] == "2031-05-01T10:00:00Z"
    assert parsedate_to_datetime(answer.headers["date"]) == datetime(2031, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"now": "2031-05-01T09:59:59Z"}, id="backwards"),
        pytest.param({"now": "2031-05-01T10:00:00"}, id="no zone"),
        pytest.param({"now": "noon"}, id="no instant"),
        pytest.param({"now": 3}, id="a number"),
        pytest.param({}, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({"speed": 0}, id="no speed"),
        pytest.param({"speed": "fast"}, id="a word"),
    ],
)
def test_the_clock_runs_forwards_only(desk: Desk, body: Any) -> None:
    desk.set_clock("2031-05-01T10:00:00Z")

    answer = desk.call("PUT", "/sandbox/clock", json=body)

    assert answer.status_code == 400
    assert desk.get("/sandbox/clock")["now"] == "2031-05-01T10:00:00Z"


def test_the_clock_can_run_fast(desk: Desk) -> None:
    order = {"now": "2031-05-01T10:00:00Z", "speed": 100_000}

    shown = desk.put("/sandbox/clock", order)

    assert (shown["stepped"], shown["speed"]) == (False, 100_000)
    assert desk.ticket()["created_at"] > "2031-05-01T10:00:05Z"


def test_a_running_clock_is_not_stopped_before_the_newest_record(desk: Desk) -> None:
    desk.set_clock("2025-06-01T00:00:00Z")
    desk.ticket()

    assert (
        desk.call("PUT", "/sandbox/clock", json={"now": "2025-05-31T00:00:00Z"}).status_code == 400
    )


def test_a_sandbox_can_start_at_any_instant() -> None:
    with desk_on(start=datetime(2026, 3, 3, 1, tzinfo=UTC), tickets=20) as desk:
        newest = max(ticket["updated_at"] for ticket in desk.get("tickets")["tickets"])

        assert desk.get("/sandbox/clock")["now"] == "2026-03-03T01:00:00Z"
        assert newest <= "2026-03-02T23:00:00Z"


def test_faults_are_set_and_shown(desk: Desk) -> None:
    shown = desk.put("/sandbox/faults", {"webhooks": {"lost": 1.0}})

    assert shown["webhooks"]["lost"] == 1.0
    assert desk.get("/sandbox/faults") == shown


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"webhooks": {"lost": 1.5}}, id="no rate"),
        pytest.param({"webhooks": {"lots": 1}}, id="unknown key"),
        pytest.param({"api": {"server_error_statuses": [404]}}, id="no server error"),
        pytest.param({"webhooks": {"delay_seconds": [3, 1]}}, id="delay turned round"),
        pytest.param(
            {"metric_events": {"late_metric_events": {"rate": 0.5, "minutes": -1}}}, id="early"
        ),
        pytest.param([], id="a list"),
    ],
)
def test_unusable_faults_are_refused(desk: Desk, body: Any) -> None:
    answer = desk.call("PUT", "/sandbox/faults", json=body)

    assert answer.status_code == 400
    assert desk.get("/sandbox/faults")["webhooks"]["lost"] == 0


def test_a_faults_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text(json.dumps({"webhooks": {"lost": 0.1}}))

    assert load_faults(path) == Faults(webhooks=WebhookFaults(lost=0.1))
    with pytest.raises(BadInput):
        load_faults(tmp_path / "missing.json")
    with pytest.raises(BadInput):
        parse_faults(b"{")


@pytest.mark.parametrize(
    ("rates", "arrived"),
    [
        pytest.param({"lost": 1}, 0, id="lost"),
        pytest.param({"duplicated": 1}, 2, id="duplicated"),
        pytest.param({"delayed": 1, "delay_seconds": [0.05, 0.1]}, 1, id="delayed"),
    ],
)
def test_deliveries_go_wrong_on_request(
    desk: Desk, receiver: Receiver, rates: dict[str, Any], arrived: int
) -> None:
    desk.subscribe(receiver.url, "created")
    desk.put("/sandbox/faults", {"webhooks": rates})

    desk.ticket()
    desk.settle()

    name = next(iter(rates))
    assert len(receiver.deliveries) == arrived
    assert desk.get("/sandbox/state")["deliveries"][name] == 1


@pytest.mark.parametrize(
    ("faults", "status", "made"),
    [
        pytest.param({"too_many_requests": 1, "retry_after": "1.5"}, 429, 0, id="refused"),
        pytest.param({"server_errors": 1, "server_error_statuses": [503]}, 503, 0, id="broken"),
        pytest.param({"lost_answers": 1}, 502, 1, id="answer lost"),
    ],
)
def test_requests_go_wrong_on_request(
    desk: Desk, faults: dict[str, Any], status: int, made: int
) -> None:
    desk.put("/sandbox/faults", {"api": faults})

    answer = desk.call("POST", "tickets", json={"ticket": {"comment": {"body": "x"}}})

    assert answer.status_code == status
    assert desk.get("/sandbox/state")["tickets"] == made
    if status == 429:
        assert answer.headers["retry-after"] == "1.5"


def test_history_is_believable_and_repeatable() -> None:
    config = SandboxConfig(tickets=60, seed=3, start=datetime(2026, 3, 3, tzinfo=UTC))
    first, second = new_account(config), new_account(config)
    subjects = [case.record["subject"] for case in first.tickets.values()]

    assert [case.record for case in first.tickets.values()] == [
        case.record for case in second.tickets.values()
    ]
    assert len(subjects) == 60
    assert any("账" in subject or "充" in subject for subject in subjects)
    assert {case.record["status"] for case in first.tickets.values()} >= {"solved", "closed"}
    assert {rating["score"] for rating in first.satisfaction_ratings.all()} == {"good", "bad"}
    assert all(
        audit["created_at"] >= case.record["created_at"]
        for case in first.tickets.values()
        for audit in case.audits
    )


def test_another_seed_gives_other_ids() -> None:
    ids = [new_account(SandboxConfig(seed=seed)).users.all()[0]["id"] for seed in (1, 1, 2)]

    assert ids[0] == ids[1] != ids[2]
    assert all(len(str(number)) == 13 for number in ids)


def test_a_port_in_use_is_said_in_two_lines() -> None:
    with running_sandbox() as sandbox, pytest.raises(ServiceUnavailable) as refused:
        serve(SandboxConfig(), port=int(sandbox.url.rsplit(":", 1)[-1]))

    assert "cannot listen" in refused.value.message
    assert "--port" in refused.value.hint


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])  # noqa: S104
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ConfigError):
        serve(SandboxConfig(), port=0, host=host)
