"""Damaged JSON: one bad text does not cost the page."""

import pytest
import requests

from integrations.runtime.errors import OutcomeUnknown, ZendeskRetryable
from integrations.zendesk.answers import read_answer


def answer(body: bytes, method: str = "GET") -> requests.Response:
    response = requests.Response()
    response._content = body
    response.request = requests.Request(method, "https://acme.zendesk.com/api/v2/x?y=1").prepare()
    return response


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(rb'{"a":"cut \ud83d"}', "cut \ufffd", id="half an emoji"),
        pytest.param(rb'{"a":"\ud83d\udc4d \ud83d"}', "👍 \ufffd", id="whole and half emoji"),
        pytest.param(b'{"a":"x\xff"}', "x\ufffd", id="no UTF-8"),
        pytest.param(b'{"a":"x\x01y"}', "x\x01y", id="control character"),
        pytest.param(b'\xef\xbb\xbf{"a":"x"}', "x", id="byte order mark"),
        pytest.param(b'{"a":NaN}', None, id="NaN"),
        pytest.param(b'{"a":-Infinity}', None, id="infinity"),
        pytest.param(b'{"a":1e400}', None, id="too large a number"),
        pytest.param('{"a":"冻结"}'.encode(), "冻结", id="Chinese"),
    ],
)
def test_a_damaged_text_is_mended(body: bytes, text: str | None) -> None:
    assert read_answer(answer(body)) == {"a": text}


def test_long_ids_stay_exact() -> None:
    assert read_answer(answer(b'{"id":12345678901234567890}')) == {"id": 12345678901234567890}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>maintenance</html>", b"[]", b"null", b'{"tickets":[{"id":1}', b"[" * 100_000],
    ids=["empty", "html", "list", "null", "cut", "deep"],
)
def test_an_answer_that_is_no_object_is_read_again_later(body: bytes) -> None:
    with pytest.raises(ZendeskRetryable, match="GET /api/v2/x cannot be read") as caught:
        read_answer(answer(body))

    assert not isinstance(caught.value, OutcomeUnknown)


def test_an_unreadable_answer_to_a_write_leaves_its_outcome_unknown() -> None:
    with pytest.raises(OutcomeUnknown):
        read_answer(answer(b"<html>", method="PUT"))
