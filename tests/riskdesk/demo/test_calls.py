from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
import responses
from responses import RequestsMock

from integrations.runtime.errors import OutcomeUnknown, ServiceUnavailable, ZendeskRefused
from riskdesk.demo import calls as calls_module
from riskdesk.demo.calls import ATTEMPTS, Calls

BASE = "http://desk.test"
PATH = "/api/v2/tickets/1.json"


class Pauses(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def wire() -> Iterator[RequestsMock]:
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def calls(pauses: Pauses) -> Calls:
    return Calls(BASE + "/", sleep=pauses)


def test_sends_the_sandbox_token(wire: RequestsMock, calls: Calls) -> None:
    wire.get(BASE + PATH, json={"ticket": {"id": 1}})

    assert calls.get(PATH) == {"ticket": {"id": 1}}
    assert wire.calls[0].request.headers["Authorization"] == "Bearer sandbox"


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        pytest.param("2", 2.0, id="seconds"),
        pytest.param("0.25", 0.25, id="a fraction"),
        pytest.param("Tue, 03 Mar 2026 01:00:05 GMT", 5.0, id="a date"),
        pytest.param("9999", 60.0, id="longer than anybody waits"),
        pytest.param("-3", 0.0, id="in the past"),
        pytest.param("soon", 0.1, id="nonsense"),
    ],
)
def test_waits_as_long_as_zendesk_asks(
    wire: RequestsMock,
    calls: Calls,
    pauses: Pauses,
    monkeypatch: pytest.MonkeyPatch,
    header: str,
    pause: float,
) -> None:
    monkeypatch.setattr(calls_module, "utc_now", lambda: datetime(2026, 3, 3, 1, tzinfo=UTC))
    wire.put(BASE + PATH, status=429, headers={"Retry-After": header})
    wire.put(BASE + PATH, json={"ticket": {}})

    calls.send("PUT", PATH, {}, may_repeat=False)

    assert pauses == [pause]


def test_conflict_is_tried_again(wire: RequestsMock, calls: Calls) -> None:
    wire.put(BASE + PATH, status=409)
    wire.put(BASE + PATH, json={"ticket": {"id": 1}})

    assert calls.send("PUT", PATH, {}, may_repeat=False)["ticket"]["id"] == 1


def test_gives_up_after_a_bounded_number_of_attempts(
    wire: RequestsMock, calls: Calls, pauses: Pauses
) -> None:
    wire.put(BASE + PATH, status=429, headers={"Retry-After": "1"})

    with pytest.raises(ZendeskRefused, match="429") as caught:
        calls.send("PUT", PATH, {}, may_repeat=False)

    assert caught.value.status == 429
    assert len(pauses) == ATTEMPTS - 1


@pytest.mark.parametrize(("may_repeat", "requests_sent"), [(True, 2), (False, 1)])
def test_lost_answer_is_only_repeated_where_that_does_no_harm(
    wire: RequestsMock, calls: Calls, *, may_repeat: bool, requests_sent: int
) -> None:
    wire.put(BASE + PATH, body=requests.ConnectionError("reset"))
    wire.put(BASE + PATH, json={})

    if may_repeat:
        calls.send("PUT", PATH, {}, may_repeat=True)
    else:
        with pytest.raises(OutcomeUnknown, match="ConnectionError"):
            calls.send("PUT", PATH, {}, may_repeat=False)

    assert len(wire.calls) == requests_sent


@pytest.mark.parametrize(("may_repeat", "requests_sent"), [(True, 2), (False, 1)])
def test_broken_answer_is_only_repeated_where_that_does_no_harm(
    wire: RequestsMock, calls: Calls, *, may_repeat: bool, requests_sent: int
) -> None:
    wire.put(BASE + PATH, status=500)
    wire.put(BASE + PATH, json={})

    if may_repeat:
        calls.send("PUT", PATH, {}, may_repeat=True)
    else:
        with pytest.raises(OutcomeUnknown, match="500"):
            calls.send("PUT", PATH, {}, may_repeat=False)

    assert len(wire.calls) == requests_sent


def test_refusal_never_repeats_what_was_written(wire: RequestsMock, calls: Calls) -> None:
    wire.add(responses.PUT, BASE + PATH, status=422, json={"description": "secret text"})

    with pytest.raises(ZendeskRefused) as caught:
        calls.send("PUT", PATH, {"ticket": {"comment": {"body": "secret text"}}}, may_repeat=True)

    assert "secret" not in str(caught.value)


def test_answer_without_a_body_is_empty(wire: RequestsMock, calls: Calls) -> None:
    wire.delete(BASE + PATH, status=204)

    assert calls.send("DELETE", PATH, may_repeat=False) == {}


def test_silence_is_said_in_two_lines(wire: RequestsMock, calls: Calls) -> None:
    wire.get(BASE + PATH, body=requests.ConnectionError("refused"))

    with pytest.raises(ServiceUnavailable, match="No answer") as caught:
        calls.get(PATH)

    assert "sandbox serve" in caught.value.hint
