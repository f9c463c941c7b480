"""Reads the JSON of Zendesk's answers, also where one record in it is damaged."""

import json
import math
import re
from typing import Any

import msgspec
import requests
from msgspec import Raw

from integrations.zendesk.failures import unreadable

_PARTS = msgspec.json.Decoder(dict[str, Raw])
_RECORDS = msgspec.json.Decoder(list[Raw])
_FORGIVING = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\r\n]*")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_answer(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of a 2xx answer; ZendeskRetryable when there is none in it."""
    try:
        answer = read_json(response.content)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        return answer
    raise _unreadable(response)


def read_parts(response: requests.Response) -> dict[str, Raw]:
    """Return the JSON object of a 2xx answer, each of its values as the bytes that came."""
    try:
        return _PARTS.decode(response.content)
    except (ValueError, RecursionError):
        pass
    try:
        return _cut_object(response.content)
    except (ValueError, RecursionError):
        raise _unreadable(response) from None


def cut_records(array: Raw) -> list[Raw]:
    """Cut a JSON list into the bytes of its entries; ValueError when it is no list.

    A damaged entry is cut out like any other: it is for the reader of that entry to notice.
    """
    try:
        return _RECORDS.decode(array)
    except ValueError:
        return _cut_list(bytes(array))


def read_json(body: bytes | Raw) -> Any:
    """Decode strictly; if that fails, forgivingly, so that one bad text does not cost a page."""
    try:
        return msgspec.json.decode(body)
    except ValueError:
        text = bytes(body).decode("utf-8-sig", "replace")
        forgiven = json.loads(text, strict=False, parse_float=_finite, parse_constant=_no_number)
        return _mended(forgiven)


def _unreadable(response: requests.Response) -> Exception:
    request = response.request
    return unreadable(request.method or "GET", request.path_url.partition("?")[0])


def _cut_object(body: bytes) -> dict[str, Raw]:
    text, at = _opened(body, "{")
    found: dict[str, Raw] = {}
    while text[at] != "}":
        _, end = _FORGIVING.raw_decode(text, at)
        key = read_json(body[at:end])
        if not isinstance(key, str) or text[at := _after_space(text, end)] != ":":
            raise ValueError("no key where one has to be")
        at = _after_space(text, at + 1)
        found[key], at = _cut_value(text, body, at, "}")
    return found


def _cut_list(body: bytes) -> list[Raw]:
    text, at = _opened(body, "[")
    found: list[Raw] = []
    while text[at] != "]":
        value, at = _cut_value(text, body, at, "]")
        found.append(value)
    return found


def _opened(body: bytes, bracket: str) -> tuple[str, int]:
    """Return the text, one character a byte so that places stay the same, and where to begin."""
    text = body.decode("latin-1") + "\0"
    start = _after_space(text, len(_BYTE_ORDER_MARK) * body.startswith(_BYTE_ORDER_MARK))
    if text[start] != bracket:
        raise ValueError(f"no {bracket}")
    return text, _after_space(text, start + 1)


def _cut_value(text: str, body: bytes, at: int, close: str) -> tuple[Raw, int]:
    """Return one value and where the next one, or the closing bracket, begins."""
    _, end = _FORGIVING.raw_decode(text, at)
    following = _after_space(text, end)
    if text[following] not in f",{close}":
        raise ValueError("a value that does not end")
    if text[following] == ",":
        following = _after_space(text, following + 1)
    return Raw(body[at:end]), following


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _no_number(_name: str) -> None:
    """Read NaN and Infinity, which are not JSON, as nothing."""


def _mended(value: Any) -> Any:
    """Replace halves of cut emojis, which no database and no encoder accepts."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(part) for part in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(part) for key, part in value.items()}
    return value
