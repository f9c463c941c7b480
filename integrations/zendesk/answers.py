"""Reads the JSON of Zendesk's answers, also where one record in it is damaged."""

import json
import math
from typing import Any

import msgspec
import requests

from integrations.zendesk.failures import unreadable


def read_answer(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of a 2xx answer; ZendeskRetryable when there is none in it."""
    try:
        answer = _decode(response.content)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        return answer
    request = response.request
    raise unreadable(request.method or "GET", request.path_url.partition("?")[0]) from None


def _decode(body: bytes) -> Any:
    """Decode strictly; if that fails, forgivingly, so that one bad text does not cost a page."""
    try:
        return msgspec.json.decode(body)
    except ValueError:
        text = body.decode("utf-8-sig", "replace")
        forgiven = json.loads(text, strict=False, parse_float=_finite, parse_constant=_no_number)
        return _mended(forgiven)


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
