"""How refusals and silences are sorted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.runtime.errors import (
    AnswerTooSlow,
    LoginRefused,
    OutcomeUnknown,
    RecordGone,
    UpdateConflict,
    ZendeskRefused,
    ZendeskRetryable,
)
from integrations.zendesk.failures import error_codes, failure, retry_after

PATH = "/api/v2/tickets/7.json"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("93", 93.0, id="seconds"),
        pytest.param("0", 0.0, id="zero"),
        pytest.param("1.5", 1.5, id="fraction"),
        pytest.param(" 7 ", 7.0, id="blanks around"),
        pytest.param("-3", 0.0, id="negative"),
        pytest.param("99999999999", 3600.0, id="absurdly long"),
        pytest.param("inf", 3600.0, id="infinite"),
        pytest.param("nan", None, id="no number"),
        pytest.param("soon", None, id="words"),
        pytest.param("", None, id="empty"),
        pytest.param("Wed, 21 Oct 2026 07:29:30 GMT", 90.0, id="date"),
        pytest.param("Wed, 21 Oct 2026 07:00:00 GMT", 0.0, id="date in the past"),
        pytest.param("Wed, 99 Oct 2026 07:00:00 GMT", None, id="impossible date"),
    ],
)
def test_every_form_of_retry_after_is_understood(text: str, seconds: float | None) -> None:
    headers = {"Retry-After": text, "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}

    assert retry_after(headers) == seconds


def test_a_missing_retry_after_is_none() -> None:
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("method", "status", "headers", "expected"),
    [
        pytest.param("GET", 401, {}, LoginRefused, id="unauthorized"),
        pytest.param("PUT", 403, {}, LoginRefused, id="forbidden"),
        pytest.param("GET", 404, {}, RecordGone, id="not found"),
        pytest.param("PUT", 409, {}, UpdateConflict, id="conflict"),
        pytest.param("PUT", 422, {}, ZendeskRefused, id="invalid"),
        pytest.param("GET", 302, {}, ZendeskRefused, id="redirect"),
        pytest.param("PUT", 429, {}, ZendeskRetryable, id="rate limit on a write"),
        pytest.param("GET", 500, {}, ZendeskRetryable, id="breakdown of a read"),
        pytest.param("GET", 408, {}, AnswerTooSlow, id="timeout of a read"),
        pytest.param("GET", 504, {}, AnswerTooSlow, id="gateway timeout of a read"),
        pytest.param("PUT", 503, {"Retry-After": "5"}, OutcomeUnknown, id="announced pause"),
        pytest.param("PUT", 503, {}, OutcomeUnknown, id="unannounced 503 on a write"),
        pytest.param("PUT", 502, {}, OutcomeUnknown, id="gateway lost a write"),
        pytest.param("POST", 500, {"Retry-After": "5"}, OutcomeUnknown, id="breakdown of a write"),
        pytest.param("PUT", 408, {}, OutcomeUnknown, id="timeout of a write"),
    ],
)
def test_each_status_becomes_its_error(
    method: str, status: int, headers: dict[str, str], expected: type[Exception]
) -> None:
    error = failure(method, PATH, status, headers, b"")

    assert type(error) is expected
    assert error.status == status


def test_a_refusal_names_the_field_and_never_quotes_the_text() -> None:
    body = (
        b'{"error":"RecordInvalid","description":"Record validation errors","details":'
        b'{"status":[{"error":"BlankValue","description":"jane@example.com cannot be blank"}],'
        b'"my seed phrase is: abandon":[{"error":"I lost it all!"}]}}'
    )

    message = str(failure("PUT", PATH, 422, {}, body))

    assert "RecordInvalid, status BlankValue" in message
    assert "jane" not in message
    assert "seed" not in message
    assert len(message.splitlines()) == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"error":7,"details":[1]}', b"null"],
    ids=["empty", "html", "list", "bytes", "deep", "odd types", "null"],
)
def test_an_unreadable_error_body_has_no_codes(body: bytes) -> None:
    assert error_codes(body) == []


def test_the_newer_error_envelope_gives_its_title() -> None:
    body = b'{"error":{"title":"Forbidden","message":"You do not have access"}}'

    assert error_codes(body) == ["Forbidden"]


def test_a_refusal_carries_status_code_and_request_id_and_says_what_to_do() -> None:
    headers = {"x-request-id": "0f7a3b52-3c1e-4f0e-9b38-6f2f4f1c2d11"}
    error = failure("PUT", PATH, 422, headers, b'{"error":"RecordInvalid"}')

    assert (error.status, error.code) == (422, "RecordInvalid")
    assert error.request_id == headers["x-request-id"]
    assert error.request_id in error.message
    assert error.hint


@pytest.mark.parametrize(
    "found", ["", "short", "two words here", "x" * 100, "<script>", "a=1;b=2;c=3", "im\nmune-line"]
)
def test_a_request_id_that_is_none_is_not_shown(found: str) -> None:
    error = failure("GET", PATH, 500, {"x-request-id": found}, b"")

    assert error.request_id is None
    assert "request" not in error.message


SECRET = st.sampled_from(
    [
        "my seed phrase is abandon ability",
        "jane@example.com",
        "13800138000",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "hunter2",
        "我的助记词",
        "sk_live_51H8",
    ]
)
BODY = st.recursive(
    SECRET | st.none() | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            SECRET | st.sampled_from(["error", "details", "title", "description", "message"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    body=BODY,
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
    status=st.sampled_from([301, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504]),
    header=SECRET,
)
def test_no_hostile_body_or_header_gets_into_an_error(
    body: object, method: str, status: int, header: str
) -> None:
    headers = {"x-request-id": header, "Retry-After": header, "Date": header, "x-note": header}
    error = failure(method, PATH, status, headers, json.dumps(body).encode())

    told = f"{error} {error.code} {error.request_id} {vars(error)}"
    assert error.status == status
    assert len(error.message.splitlines()) == len(error.hint.splitlines()) == 1
    for word in ("seed", "jane", "13800138000", "0x5290", "hunter", "助记词", "sk_live"):
        assert word not in told


@given(body=st.binary(max_size=200), status=st.integers(300, 599))
def test_any_bytes_become_an_error(body: bytes, status: int) -> None:
    assert failure("PUT", PATH, status, {}, body).status == status


def test_codes_in_a_list_of_errors_are_named() -> None:
    body = b'{"errors":[{"code":"InvalidPaginationDepth","title":"jane@example.com"}]}'

    assert error_codes(body) == ["InvalidPaginationDepth"]
