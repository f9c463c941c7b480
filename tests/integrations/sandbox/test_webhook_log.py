"""Test requests, and what became of deliveries: invocations and attempts."""

import json
from typing import Any

import pytest

from tests.support.sandbox import Desk, Receiver


def logged(desk: Desk, receiver: Receiver) -> tuple[str, list[str]]:
    """Return the log's path and its ids, newest first: one success a minute, then a refusal."""
    webhook = desk.subscribe(receiver.url, "created")
    receiver.answers = [(200, {}), (200, {}), (200, {}), (403, {})]
    for minute in range(4):
        desk.set_clock(f"2030-01-01T00:0{minute}:00Z")
        desk.ticket()
        desk.settle()
    path = f"webhooks/{webhook['id']}/invocations"
    return path, [one["id"] for one in desk.get(path)["invocations"]]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        pytest.param({"filter[status]": "success"}, [1, 2, 3], id="status"),
        pytest.param({"filter[status]": "terminated"}, [0], id="other status"),
        pytest.param({"filter[from_ts]": "2030-01-01T00:02:00Z"}, [0, 1], id="from"),
        pytest.param({"filter[to_ts]": "2030-01-01T00:01:00Z"}, [2, 3], id="to"),
        pytest.param({"sort": "latest_completed_at"}, [3, 2, 1, 0], id="oldest first"),
    ],
)
def test_the_log_is_filtered_and_sorted(
    desk: Desk, receiver: Receiver, query: dict[str, str], places: list[int]
) -> None:
    path, ids = logged(desk, receiver)

    found = [one["id"] for one in desk.get(path, params=query)["invocations"]]

    assert found == [ids[place] for place in places]


def test_the_log_is_paged_by_ulid_and_direction(desk: Desk, receiver: Receiver) -> None:
    path, ids = logged(desk, receiver)

    first = desk.get(path, params={"page[size]": "3"})
    rest = desk.get(path, params={"page[size]": "3", "page[after]": f"{ids[2]},desc"})

    assert first["meta"] == {
        "has_more": True,
        "after_cursor": f"{ids[2]},desc",
        "before_cursor": f"{ids[0]},desc",
    }
    assert [one["id"] for one in rest["invocations"]] == [ids[3]]
    assert rest["meta"]["has_more"] is False


@pytest.mark.parametrize("parameter", ["filter[from_ts]", "filter[to_ts]", "sort", "page[after]"])
def test_bad_queries_of_the_log_are_refused(desk: Desk, parameter: str) -> None:
    path = f"webhooks/{desk.subscribe('http://127.0.0.1:9/', 'created')['id']}/invocations"

    assert desk.call("GET", path, params={parameter: "soon"}).status_code == 400


def test_an_attempt_shows_request_and_response(desk: Desk, receiver: Receiver) -> None:
    path, ids = logged(desk, receiver)

    (attempt,) = desk.get(f"{path}/{ids[0]}/attempts")["attempts"]

    request = attempt["request"]
    keys = {header["key"] for header in request["headers"]}
    assert (attempt["invocation_id"], attempt["status"], attempt["status_code"]) == (
        ids[0],
        "failed",
        403,
    )
    assert attempt["completed_at"] == "2030-01-01T00:03:00Z"
    assert request["endpoint"] == receiver.url
    assert request["payload"].encode() == receiver.deliveries[3].body
    assert "X-Zendesk-Webhook-Signature" in keys
    assert attempt["response"]["payload"] == "ok"


def test_attempts_of_an_unknown_invocation_are_not_found(desk: Desk) -> None:
    answer = desk.call(
        "GET",
        f"webhooks/{desk.subscribe('http://127.0.0.1:9/', 'created')['id']}/invocations/x/attempts",
    )

    assert answer.status_code == 404


def test_a_test_request_is_sent_and_its_answer_shown(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")

    shown = desk.post(f"webhooks/test?webhook_id={webhook['id']}", {"request": {}})["response"]

    assert (shown["status_code"], shown["payload"]) == (200, "ok")
    assert json.loads(receiver.deliveries[0].body)["type"] == "zen:event-type:ticket.created"


def test_a_test_request_may_describe_a_webhook_that_does_not_exist(
    desk: Desk, receiver: Receiver
) -> None:
    asked = {
        "endpoint": receiver.url,
        "http_method": "PUT",
        "request_format": "xml",
        "payload": "<a/>",
        "authentication": {"type": "bearer_token", "data": {"token": "t0p"}},
    }

    desk.post("webhooks/test", {"request": asked})

    (delivery,) = receiver.deliveries
    assert (delivery.method, delivery.body) == ("PUT", b"<a/>")
    assert delivery.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert delivery.headers["Authorization"] == "Bearer t0p"
    assert "X-Zendesk-Webhook-Id" not in delivery.headers


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"endpoint": ""}, id="no endpoint"),
        pytest.param({"endpoint": "http://[::1"}, id="half an address"),
        pytest.param({"endpoint": "http://127.0.0.1:9/", "http_method": "X Y"}, id="method"),
        pytest.param({"endpoint": "http://127.0.0.1:9/", "payload": []}, id="payload"),
        pytest.param({"endpoint": "http://127.0.0.1:9/", "request_format": "yaml"}, id="format"),
        pytest.param(
            {"endpoint": "http://127.0.0.1:9/", "authentication": {"type": "x"}}, id="credentials"
        ),
    ],
)
def test_impossible_test_requests_are_refused(desk: Desk, asked: dict[str, Any]) -> None:
    answer = desk.call("POST", "webhooks/test", json={"request": asked})

    assert answer.status_code in (400, 422)
