"""The session against every fault of the wire."""

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests
import responses
from responses import matchers

from integrations.runtime.errors import (
    AnswerTooSlow,
    LoginRefused,
    OutcomeUnknown,
    ZendeskRefused,
    ZendeskRetryable,
)
from tests.support.zendesk import ACCOUNT, Clock, make_client, make_session, raw_server

TICKET = f"{ACCOUNT}/api/v2/tickets/7.json"
EXPORT = f"{ACCOUNT}/api/v2/incremental/tickets/cursor.json"


@responses.activate
def test_every_request_is_signed_and_named() -> None:
    responses.get(TICKET, json={})
    make_session().get("/api/v2/tickets/7.json")

    headers = responses.calls[0].request.headers
    assert headers["Authorization"] == "Bearer sesame"
    assert headers["User-Agent"].startswith("riskdesk/")


@responses.activate
@pytest.mark.parametrize(
    ("header", "waited"),
    [
        pytest.param("3", 3.0, id="seconds"),
        pytest.param("0", 0.5, id="zero still pauses a moment"),
        pytest.param("1.5", 1.5, id="fraction"),
        pytest.param("Wed, 21 Oct 2026 07:28:09 GMT", 9.0, id="date"),
        pytest.param("tomorrow", 1.0, id="unreadable"),
        pytest.param(None, 1.0, id="missing"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_a_rate_limit_is_waited_out_for_any_method(
    method: str, header: str | None, waited: float
) -> None:
    headers = {"Date": "Wed, 21 Oct 2026 07:28:00 GMT"} | (
        {"Retry-After": header} if header else {}
    )
    responses.add(method, TICKET, status=429, headers=headers)
    responses.add(method, TICKET, json={"ok": True})
    clock = Clock()

    answer = make_session(clock=clock).request(method, TICKET)

    assert answer.json() == {"ok": True}
    assert clock.slept == [waited]


@responses.activate
def test_a_very_long_rate_limit_is_handed_to_the_caller_instead_of_slept() -> None:
    responses.put(TICKET, status=429, headers={"Retry-After": "600"})
    clock = Clock()

    with pytest.raises(ZendeskRetryable) as caught:
        make_session(clock=clock).put(TICKET, json={})

    assert caught.value.retry_after_s == 600
    assert clock.slept == []
    assert len(responses.calls) == 1


@responses.activate
def test_a_rate_limit_without_an_end_is_given_up_after_a_bounded_wait() -> None:
    responses.get(TICKET, status=429, headers={"Retry-After": "25"})
    clock = Clock()

    with pytest.raises(ZendeskRetryable):
        make_session(clock=clock).get(TICKET)

    assert sum(clock.slept) <= 120
    assert len(responses.calls) == 5


@responses.activate
def test_a_rate_limit_of_zero_seconds_does_not_become_a_hot_loop() -> None:
    responses.get(TICKET, status=429, headers={"Retry-After": "0"})
    clock = Clock()

    with pytest.raises(ZendeskRetryable):
        make_session(clock=clock).get(TICKET)

    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0]


@responses.activate
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_breakdown_of_a_read_is_repeated(status: int) -> None:
    responses.get(TICKET, status=status)
    responses.get(TICKET, status=status)
    responses.get(TICKET, json={"ok": True})
    clock = Clock()

    assert make_session(clock=clock).get(TICKET).json() == {"ok": True}
    assert clock.slept == [1.0, 1.0]


@responses.activate
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_breakdown_of_a_write_is_never_repeated(method: str, status: int) -> None:
    responses.add(method, TICKET, status=status)

    with pytest.raises(OutcomeUnknown):
        make_session().request(method, TICKET)

    assert len(responses.calls) == 1


@responses.activate
def test_an_announced_pause_on_a_write_is_handed_to_the_caller() -> None:
    responses.put(TICKET, status=503, headers={"Retry-After": "30"})

    with pytest.raises(OutcomeUnknown) as caught:
        make_session().put(TICKET, json={})

    assert caught.value.retry_after_s == 30
    assert len(responses.calls) == 1


@responses.activate
def test_a_refusal_is_not_repeated() -> None:
    responses.get(TICKET, status=422, json={"error": "RecordInvalid"})

    with pytest.raises(ZendeskRefused):
        make_session().get(TICKET)

    assert len(responses.calls) == 1


@responses.activate
def test_a_fixed_token_that_is_refused_stays_refused() -> None:
    responses.get(TICKET, status=401, json={"error": "invalid_token"})

    with pytest.raises(LoginRefused, match="invalid_token"):
        make_session().get(TICKET)

    assert len(responses.calls) == 1


def test_a_cut_before_the_answer_leaves_a_write_unknown() -> None:
    seen: list[bytes] = []
    with raw_server(b"", b"", serve=seen.append) as url, pytest.raises(OutcomeUnknown):
        make_session(url).put("/api/v2/tickets/7.json", json={})

    assert len(seen) == 1


def test_a_cut_in_the_middle_of_the_answer_leaves_a_write_unknown() -> None:
    cut = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ticket": {'
    seen: list[bytes] = []
    with raw_server(cut, cut, serve=seen.append) as url, pytest.raises(OutcomeUnknown):
        make_session(url).put("/api/v2/tickets/7.json", json={})

    assert len(seen) == 1


def test_a_cut_in_the_middle_of_the_answer_is_read_again() -> None:
    cut = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ticket": {'
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with raw_server(b"", cut, whole) as url:
        assert make_session(url).get("/api/v2/tickets/7.json").json() == {}


def test_a_broken_compression_is_read_again() -> None:
    broken = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with raw_server(broken, whole) as url:
        assert make_session(url).get("/api/v2/tickets/7.json").json() == {}


def test_a_write_whose_connection_was_refused_is_repeated_and_known_to_be_undone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    clock = Clock()

    with pytest.raises(ZendeskRetryable) as caught:
        make_session(f"http://127.0.0.1:{port}", clock=clock).put("/api/v2/tickets/7.json", json={})

    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(clock.slept) == 5


@responses.activate
@pytest.mark.parametrize(
    ("method", "expected"),
    [
        pytest.param("GET", AnswerTooSlow, id="read"),
        pytest.param("PUT", OutcomeUnknown, id="write"),
    ],
)
def test_an_answer_that_never_comes(method: str, expected: type[Exception]) -> None:
    responses.add(method, TICKET, body=requests.ReadTimeout("no answer to Jane's ticket"))

    with pytest.raises(expected) as caught:
        make_session().request(method, TICKET)

    assert type(caught.value) is expected
    assert "Jane" not in str(caught.value)


@responses.activate
def test_a_redirect_is_refused_and_the_other_host_never_asked() -> None:
    responses.get(TICKET, status=302, headers={"Location": "https://evil.example/steal"})

    with pytest.raises(ZendeskRefused, match="redirect"):
        make_session().get(TICKET)

    assert [call.request.url for call in responses.calls] == [TICKET]


@responses.activate
@pytest.mark.parametrize(
    "url",
    ["https://evil.example/api/v2/x", "//evil.example/x", "https://acme.zendesk.com@evil.example/"],
)
def test_no_other_host_is_ever_asked(url: str) -> None:
    with pytest.raises(ZendeskRefused, match="outside"):
        make_session().get(url)

    assert len(responses.calls) == 0


@responses.activate
def test_a_plain_link_of_the_account_is_asked_encrypted() -> None:
    responses.get(TICKET, json={})

    make_session().get(TICKET.replace("https", "http"))

    assert responses.calls[0].request.url == TICKET


@responses.activate
def test_cookies_are_not_kept() -> None:
    responses.get(TICKET, json={}, headers={"Set-Cookie": "_zendesk_session=abc; Path=/"})
    session = make_session()
    session.get(TICKET)
    session.get(TICKET)

    assert "Cookie" not in responses.calls[1].request.headers


@responses.activate
def test_the_clock_of_zendesk_is_remembered() -> None:
    responses.get(TICKET, json={}, headers={"Date": "Wed, 21 Oct 2026 07:28:00 GMT"})
    client = make_client()

    assert client.server_time() is None
    client.session.get(TICKET)
    assert client.server_time() == datetime(2026, 10, 21, 7, 28, tzinfo=UTC)


@responses.activate
def test_each_thread_knows_when_its_own_answer_was_true() -> None:
    for second in (0, 9):
        date = f"Wed, 21 Oct 2026 07:28:0{second} GMT"
        responses.get(TICKET, json={}, headers={"Date": date})
    session = make_session()
    session.get(TICKET)
    other = threading.Thread(target=session.get, args=(TICKET,))
    other.start()
    other.join()

    assert session.server_time == datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)
    with ThreadPoolExecutor(1) as pool:
        newest = pool.submit(lambda: session.server_time).result()
    assert newest == datetime(2026, 10, 21, 7, 28, 9, tzinfo=UTC)


@responses.activate
def test_exports_have_their_own_smaller_budget() -> None:
    responses.get(EXPORT, json={})
    responses.get(TICKET, json={})
    clock = Clock()
    session = make_session(clock=clock, export_requests_per_minute=2)
    for url in (EXPORT, EXPORT, TICKET):
        session.get(url)

    assert clock.slept == []
    session.get(EXPORT)
    assert clock.slept == [60.5]


@responses.activate
def test_a_used_up_budget_in_the_headers_holds_the_next_call_back() -> None:
    responses.get(TICKET, json={}, headers={"ratelimit-remaining": "0", "ratelimit-reset": "17"})
    clock = Clock()
    session = make_session(clock=clock)
    session.get(TICKET)

    assert clock.slept == []
    session.get(TICKET)
    assert clock.slept == [17]


@responses.activate
def test_neither_token_nor_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    responses.put(TICKET, status=429, json={"description": "my private key"})
    responses.put(TICKET, json={"ticket": {"subject": "my private key"}})
    with caplog.at_level(logging.DEBUG):
        make_session().put(TICKET, json={"ticket": {"comment": "my private key"}})

    assert "rate limit" in caplog.text
    assert "sesame" not in caplog.text
    assert "private" not in caplog.text


def test_the_session_does_not_show_its_token() -> None:
    session = make_session()

    assert "sesame" not in repr(session)
    assert "sesame" not in repr(vars(session))


@responses.activate
def test_a_netrc_entry_does_not_replace_the_token(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:  # noqa: PTH123 - a plain path is enough
        file.write("machine acme.zendesk.com login eve password stolen\n")
    monkeypatch.setenv("NETRC", netrc)
    responses.get(
        TICKET, json={}, match=[matchers.header_matcher({"Authorization": "Bearer sesame"})]
    )

    assert make_session().get(TICKET).ok
