"""Requests that go wrong on request, each kind seen on the wire."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from integrations.sandbox.fault_rules import Cut, Request, ServerError
from integrations.sandbox.faults import ApiFaults, FaultDice, Faults
from tests.support.sandbox import Desk, desk_on

CLIENT = {"client_id": "riskdesk", "client_secret": "sandbox-secret"}
GRANT = {"grant_type": "client_credentials", **CLIENT}
TICKET = {"ticket": {"subject": "Frozen", "comment": {"body": "Why?"}}}
CUT = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture(scope="module")
def shared() -> Iterator[Desk]:
    with desk_on() as desk:
        yield desk


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    yield shared
    shared.put("/sandbox/faults", {})


def strike(desk: Desk, fault: str, **rule: Any) -> None:
    """Let the next request to the API go wrong."""
    desk.put("/sandbox/faults", {"api": {"rules": [{"fault": fault, "count": 1, **rule}]}})


def spoken(desk: Desk, request: str) -> bytes:
    """Send a raw request and return every byte that comes before the connection ends."""
    host, port = desk.sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = f"{request} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer sandbox\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def tickets_of(desk: Desk) -> int:
    """Return how many tickets there are, past all faults."""
    return int(desk.get("/sandbox/state")["tickets"])


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        pytest.param(3, "3", id="seconds"),
        pytest.param(0, "0", id="zero"),
        pytest.param(1.5, "1.5", id="a fraction"),
        pytest.param("soon", "soon", id="a word"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_refusal_bears_the_retry_after_that_is_wanted(desk: Desk, value: Any, sent: str) -> None:
    strike(desk, "too_many_requests", retry_after=value)

    answer = desk.call("GET", "users/me")

    assert answer.status_code == 429
    assert answer.headers.get("retry-after") == sent
    assert answer.json() == {
        "error": "APIRateLimitExceeded",
        "description": "Number of allowed API requests per minute exceeded",
    }


def test_a_refusal_may_name_the_time_as_a_date(desk: Desk) -> None:
    desk.set_clock("2026-03-03T01:00:00Z")
    strike(desk, "too_many_requests", retry_after=3600, as_date=True)

    headers = desk.call("GET", "users/me").headers
    until, now = (parsedate_to_datetime(headers[name]) for name in ("retry-after", "date"))

    assert (until - now).total_seconds() == 3600


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_leaves_everything_undone(desk: Desk, status: int) -> None:
    before = tickets_of(desk)
    strike(desk, "server_error", statuses=[status], retry_after=2)

    answer = desk.call("POST", "tickets", json=TICKET)

    assert answer.status_code == status
    assert answer.headers.get("retry-after") == ("2" if status == 503 else None)
    assert tickets_of(desk) == before


def test_a_503_may_come_without_a_time(desk: Desk) -> None:
    strike(desk, "server_error", statuses=[503])

    assert "retry-after" not in desk.call("GET", "users/me").headers


@pytest.mark.parametrize(
    ("body", "kind", "start"),
    [
        pytest.param("json", "application/json; charset=utf-8", "{", id="JSON"),
        pytest.param("html", "text/html; charset=UTF-8", "<html>", id="a page"),
        pytest.param("empty", "application/json; charset=utf-8", "", id="nothing"),
    ],
)
def test_a_server_error_may_have_any_body(desk: Desk, body: str, kind: str, start: str) -> None:
    strike(desk, "server_error", statuses=[502], body=body)

    answer = desk.call("GET", "users/me")

    assert answer.headers["content-type"] == kind
    assert answer.text.startswith(start)
    assert bool(answer.text) is bool(start)


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        pytest.param("server_error", {"statuses": [502], "done": True}, id="a gateway error"),
        pytest.param("cut", {"after": "nothing"}, id="a cut before any byte"),
        pytest.param("cut", {"after": "headers"}, id="a cut behind the headers"),
        pytest.param("timeout", {"seconds": 0, "done": True}, id="silence"),
        pytest.param("garbled", {}, id="broken JSON"),
    ],
)
def test_an_answer_can_be_lost_after_the_work_was_done(
    desk: Desk, fault: str, rule: dict[str, Any]
) -> None:
    before = tickets_of(desk)
    strike(desk, fault, **rule)

    try:
        lost = not desk.call("POST", "tickets", json=TICKET).json().get("ticket")
    except (*CUT, requests.exceptions.JSONDecodeError):
        lost = True

    assert lost
    assert tickets_of(desk) == before + 1


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        pytest.param("cut", {"after": "nothing", "done": False}, id="cut"),
        pytest.param("timeout", {"seconds": 0}, id="silence"),
    ],
)
def test_a_connection_can_end_with_nothing_done(
    desk: Desk, fault: str, rule: dict[str, Any]
) -> None:
    before = tickets_of(desk)
    strike(desk, fault, **rule)

    with pytest.raises(CUT):
        desk.call("POST", "tickets", json=TICKET)

    assert tickets_of(desk) == before


def test_a_cut_comes_after_half_of_the_announced_bytes(desk: Desk) -> None:
    strike(desk, "cut")

    head, _, body = spoken(desk, "GET /api/v2/users.json").partition(b"\r\n\r\n")

    announced = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert len(body) == announced // 2


def test_a_cut_after_the_headers_brings_no_body(desk: Desk) -> None:
    strike(desk, "cut", after="headers")

    head, _, body = spoken(desk, "GET /api/v2/users.json").partition(b"\r\n\r\n")

    assert b"content-length: " in head.lower()
    assert body == b""


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        pytest.param("cut", {"after": "nothing"}, id="cut"),
        pytest.param("timeout", {"seconds": 0.05}, id="silence"),
    ],
)
def test_a_connection_can_end_without_a_byte(desk: Desk, fault: str, rule: dict[str, Any]) -> None:
    strike(desk, fault, **rule)

    try:
        heard = spoken(desk, "GET /api/v2/users.json")
    except ConnectionResetError:
        heard = b""

    assert heard == b""


def test_a_timeout_holds_the_connection(desk: Desk) -> None:
    strike(desk, "timeout")

    with pytest.raises(requests.ReadTimeout):
        requests.get(
            f"{desk.sandbox.url}/api/v2/users/me",
            headers={"Authorization": "Bearer sandbox"},
            timeout=0.2,
        )

    assert desk.call("GET", "users/me").status_code == 200


def test_a_slow_answer_is_the_right_one(desk: Desk) -> None:
    strike(desk, "slow", seconds=0.05)

    assert desk.get("users/me")["user"]["email"] == "admin@example.com"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param("half_json", "application/json; charset=utf-8", id="half of it"),
        pytest.param("html", "text/html; charset=UTF-8", id="a page"),
    ],
)
def test_a_garbled_answer_has_the_right_status_and_no_json(
    desk: Desk, body: str, kind: str
) -> None:
    strike(desk, "garbled", body=body)

    answer = desk.call("GET", "users/me")

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)


def test_only_large_pages_time_out_at_the_gateway(desk: Desk) -> None:
    strike(desk, "server_error", statuses=[504], page_over=50, body="html")

    statuses = [
        desk.call("GET", path).status_code
        for path in ("users?per_page=50", "users?page[size]=51", "users?per_page=100")
    ]

    assert statuses == [200, 504, 200]


def test_a_token_can_expire_in_the_middle_of_a_run(desk: Desk) -> None:
    issued = desk.post("/oauth/tokens", GRANT)
    strike(desk, "expired_token", skip=2)

    statuses = [
        desk.call("GET", "users/me", headers={"Authorization": f"Bearer {issued['access_token']}"})
        for _ in range(4)
    ]

    assert [answer.status_code for answer in statuses] == [200, 200, 401, 401]
    assert statuses[2].json()["error"] == "invalid_token"


def test_the_fixed_credentials_do_not_expire(desk: Desk) -> None:
    strike(desk, "expired_token")

    assert desk.call("GET", "users/me").status_code == 200


def test_rules_choose_by_method_and_path(desk: Desk) -> None:
    strike(desk, "server_error", statuses=[500], method="POST", path="tickets", count=2)

    answers = [
        desk.call("GET", "tickets"),
        desk.call("POST", "users", json={"user": {"name": "Bo"}}),
        desk.call("POST", "tickets.json", json=TICKET),
        desk.call("POST", "tickets", json=TICKET),
        desk.call("POST", "tickets", json=TICKET),
    ]

    assert [answer.status_code for answer in answers] == [200, 201, 500, 500, 201]


def test_the_token_endpoint_can_be_struck_too(desk: Desk) -> None:
    strike(desk, "server_error", statuses=[503], path="/oauth/tokens")

    assert desk.call("GET", "users/me").status_code == 200
    assert desk.call("POST", "/oauth/tokens", json=GRANT).status_code == 503


def test_setting_faults_begins_all_counts_anew(desk: Desk) -> None:
    for _ in range(2):
        strike(desk, "server_error", statuses=[500])

        assert desk.call("GET", "users/me").status_code == 500
        assert desk.call("GET", "users/me").status_code == 200


def test_the_state_counts_what_was_struck(desk: Desk) -> None:
    before = desk.get("/sandbox/state")["struck"].get("garbled", 0)
    strike(desk, "garbled")

    desk.call("GET", "users/me")

    assert desk.get("/sandbox/state")["struck"]["garbled"] == before + 1


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param({}, id="no fault"),
        pytest.param({"fault": "earthquake"}, id="an unknown fault"),
        pytest.param({"fault": "slow", "status": 500}, id="a field of another fault"),
        pytest.param({"fault": "slow", "rate": 2}, id="no rate"),
        pytest.param({"fault": "slow", "count": 0}, id="never"),
        pytest.param({"fault": "slow", "seconds": 1e9}, id="for ever"),
        pytest.param({"fault": "refused", "status": 200}, id="no refusal"),
        pytest.param({"fault": "refused", "status": 429}, id="a refusal with a time"),
        pytest.param({"fault": "server_error", "statuses": []}, id="no status"),
        pytest.param({"fault": "server_error", "statuses": [404]}, id="no server error"),
        pytest.param(
            {"fault": "too_many_requests", "as_date": True, "retry_after": "x"}, id="date"
        ),
        pytest.param({"fault": "too_many_requests", "retry_after": "1\r\nx: y"}, id="two headers"),
        pytest.param({"fault": "cut", "done": False}, id="half an answer to nothing"),
    ],
)
def test_unusable_rules_are_refused(desk: Desk, rule: dict[str, Any]) -> None:
    answer = desk.call("PUT", "/sandbox/faults", json={"api": {"rules": [rule]}})

    assert answer.status_code == 400
    assert answer.json()["error"] == "BadInput"
    assert desk.get("/sandbox/faults")["api"]["rules"] == []


def test_the_same_seed_strikes_the_same_requests() -> None:
    faults = Faults(api=ApiFaults(rules=(ServerError(rate=0.3), Cut(rate=0.3))))
    asked = Request("GET", "/api/v2/tickets", {})

    runs = []
    for _ in range(2):
        dice = FaultDice(faults, seed=7)
        runs.append([dice.rule_for(asked) for _ in range(50)])

    assert runs[0] == runs[1]
    assert {type(rule) for rule in runs[0]} == {ServerError, Cut, type(None)}


def test_jobs_end_badly_on_request(desk: Desk) -> None:
    desk.put("/sandbox/faults", {"jobs": {"killed": 1.0}})

    job = desk.post("tickets/create_many", {"tickets": [TICKET["ticket"]]})["job_status"]

    assert job["status"] == "queued"
    assert desk.get(f"job_statuses/{job['id']}")["job_status"]["status"] == "killed"


def test_a_bulk_change_gives_many_tickets_one_export_time(desk: Desk) -> None:
    desk.put("/sandbox/clock", {"now": "2031-05-01T10:00:00Z"})
    made = [desk.ticket() for _ in range(3)]
    desk.put("/sandbox/clock", {"now": "2031-05-01T12:00:00Z"})

    changed = desk.post("/sandbox/bulk_change", {"at": "2031-05-01T11:00:00Z"})
    start = int(datetime(2031, 5, 1, 11, tzinfo=UTC).timestamp())
    page = desk.get(f"incremental/tickets?start_time={start}&per_page=1")

    exported = {ticket["id"]: ticket for ticket in page["tickets"]}
    assert changed["tickets"] == len(exported) == tickets_of(desk)
    assert {ticket["generated_timestamp"] for ticket in exported.values()} == {start}
    assert exported[made[0]["id"]]["updated_at"] == made[0]["updated_at"]


def test_a_bulk_change_may_leave_some_alone(desk: Desk) -> None:
    for _ in range(3):
        desk.ticket()

    assert desk.post("/sandbox/bulk_change", {"tickets": 2})["tickets"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {"tickets": -1},
        {"tickets": "some"},
        {"at": "noon"},
        {"at": "2999-01-01T00:00:00Z"},
        {"at": "0001-01-01T00:00:00Z"},
        [],
    ],
)
def test_an_unusable_bulk_change_is_refused(desk: Desk, body: Any) -> None:
    assert desk.call("POST", "/sandbox/bulk_change", json=body).status_code == 400
