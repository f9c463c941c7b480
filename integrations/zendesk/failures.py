"""Turns what Zendesk refuses, and what it leaves unanswered, into the project's errors."""

import math
import re
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import msgspec
import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

from integrations.runtime.clock import utc_now
from integrations.runtime.errors import (
    AnswerTooSlow,
    LoginRefused,
    OutcomeUnknown,
    RecordGone,
    UpdateConflict,
    ZendeskError,
    ZendeskRefused,
    ZendeskRetryable,
)

READS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_RETRY_AFTER_S = 3600.0  # whatever the header says: within the hour we look again
MISSING_RETRY_AFTER_S = 1.0

# Error codes and names of fields, never a customer's sentence, number or password.
_CODE = re.compile(r"[A-Za-z][A-Za-z_]{1,49}")
_FIELD = re.compile(r"[a-z][a-z_]{1,49}(\.[0-9]{1,20})?")
_PHRASES = frozenset({"Couldn't authenticate you", "Unprocessable Entity", "Too Many Requests"})
_REQUEST_ID = re.compile(r"[0-9a-f]{16,32}(-[A-Z]{3})?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOOK_FIRST = "look at the record before sending the change again."


def failure(
    method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
) -> ZendeskError:
    """Return the error for an answer that is not 2xx; its text holds codes, never ticket text."""
    request_id, codes = request_id_of(headers), error_codes(body)
    where = f"{method} {path}" + (f" (request {request_id})" if request_id else "")
    error = _sorted(method, where, status, headers, codes)
    error.request_id = request_id
    error.code = codes[0] if codes else None
    return error


def _sorted(
    method: str, where: str, status: int, headers: Mapping[str, str], codes: list[str]
) -> ZendeskError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = retry_after(headers)
        return ZendeskRetryable(
            f"Zendesk's rate limit was reached at {where}.",
            hint="it is tried again later; lower RISKDESK_REQUESTS_PER_MINUTE if it repeats.",
            status=status,
            retry_after_s=MISSING_RETRY_AFTER_S if wait is None else wait,
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return _breakdown(method, where, status, headers)
    if status < HTTPStatus.BAD_REQUEST:
        return ZendeskRefused(
            f"Zendesk answered {where} with a redirect ({status}), which is never followed.",
            hint="set RISKDESK_ZENDESK_URL to the account's own address, https://….zendesk.com.",
            status=status,
        )
    return _refusal(where, status, codes)


def _breakdown(
    method: str, where: str, status: int, headers: Mapping[str, str]
) -> ZendeskRetryable:
    """Tell a read, which is asked for again, from a write, which may have been carried out."""
    wait = retry_after(headers)
    wait = MISSING_RETRY_AFTER_S if wait is None else wait
    if method not in READS:
        return OutcomeUnknown(
            f"Zendesk broke down at {where} ({status}); the change may have been carried out.",
            hint=_LOOK_FIRST,
            status=status,
            retry_after_s=wait,
        )
    slow = status in {HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.REQUEST_TIMEOUT}
    kind = AnswerTooSlow if slow else ZendeskRetryable
    return kind(
        f"Zendesk could not answer {where} ({status}).",
        hint="it is tried again later; see Zendesk's status page if it repeats.",
        status=status,
        retry_after_s=wait,
    )


def _refusal(where: str, status: int, codes: list[str]) -> ZendeskRefused:
    text = f"{where} ({status}{': ' + ', '.join(codes) if codes else ''})"
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return LoginRefused(
                f"Zendesk does not accept the credentials for {text}.",
                hint="check the RISKDESK_ZENDESK_* credentials; `riskdesk doctor` tests them.",
                status=status,
            )
        case HTTPStatus.FORBIDDEN:
            return LoginRefused(
                f"Zendesk forbids {text}.",
                hint="give the OAuth client read and write scope, and its user an admin role.",
                status=status,
            )
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return RecordGone(
                f"Zendesk has no such record: {text}.",
                hint="nothing if it was deleted; otherwise check the id.",
                status=status,
            )
        case HTTPStatus.CONFLICT:
            return UpdateConflict(
                f"Somebody changed the record first: {text}.",
                hint="read it again and decide again.",
                status=status,
            )
    return ZendeskRefused(
        f"Zendesk refused {text}.",
        hint="correct the request; the same one will be refused again.",
        status=status,
    )


def error_codes(body: bytes) -> list[str]:
    """Return Zendesk's error code and, for each refused field, the field and its code."""
    try:
        answer = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return []
    if not isinstance(answer, dict):
        return []
    error = answer.get("error")
    code = error.get("title") if isinstance(error, dict) else error
    codes = [code] if isinstance(code, str) and (_is_code(code) or code in _PHRASES) else []
    for problem in _list(answer.get("errors")):
        kind = problem.get("code") if isinstance(problem, dict) else None
        codes += [kind] if isinstance(kind, str) and _is_code(kind) else []
    details = answer.get("details")
    if isinstance(details, dict):
        for field, problems in details.items():
            kinds = [p.get("error") for p in _list(problems) if isinstance(p, dict)]
            if _FIELD.fullmatch(field):
                codes += [f"{field} {kind}" for kind in kinds if _is_code(kind)]
    return codes[:6]


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """Return the id under which Zendesk's support finds a request; None when there is none."""
    found = headers.get("x-request-id", "").strip()
    return found if _REQUEST_ID.fullmatch(found) else None


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(_CODE.fullmatch(value))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds Zendesk asks to wait, or None when it does not say so readably.

    Seconds, fractions of them and HTTP dates are understood; a date is measured against the
    answer's own Date header, because our clock may differ from Zendesk's.
    """
    text = headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        until = http_date(text)
        if until is None:
            return None
        now = http_date(headers.get("Date", "")) or utc_now()
        seconds = (until - now).total_seconds()
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S)


def http_date(text: str) -> datetime | None:
    """Read an HTTP date; None when it is missing or no date."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def silence(method: str, path: str, cause: requests.RequestException) -> ZendeskError:
    """Return the error for a request that got no (whole) answer."""
    where = f"{method} {path}"
    if _untrusted(cause):
        return ZendeskRefused(
            f"The certificate of the Zendesk address is not trusted ({where}).",
            hint="check RISKDESK_ZENDESK_URL, the proxy and the machine's certificates.",
        )
    if isinstance(cause, ValueError | requests.exceptions.InvalidJSONError):
        return ZendeskRefused(
            f"The request {where} is malformed and was not sent ({type(cause).__name__}).",
            hint="check RISKDESK_ZENDESK_URL and the credentials for stray characters.",
        )
    if _never_sent(cause):
        return ZendeskRetryable(
            f"Zendesk cannot be reached for {where}.",
            hint="check RISKDESK_ZENDESK_URL and the network; it is tried again later.",
        )
    if method in READS:
        slow = isinstance(cause, requests.Timeout) or isinstance(_reason(cause), ReadTimeoutError)
        kind = AnswerTooSlow if slow else ZendeskRetryable
        return kind(
            f"The connection was lost during {where} ({type(cause).__name__}).",
            hint="it is tried again later; check the network if it repeats.",
        )
    return OutcomeUnknown(
        f"The connection was lost during {where}; the change may have been carried out.",
        hint=_LOOK_FIRST,
    )


def unreadable(method: str, path: str) -> ZendeskRetryable:
    """Return the error for a 2xx answer that is not the JSON it should be."""
    if method in READS:
        return ZendeskRetryable(
            f"Zendesk's answer to {method} {path} cannot be read.",
            hint="it is tried again later; check RISKDESK_ZENDESK_URL and any proxy between.",
        )
    return OutcomeUnknown(
        f"Zendesk's answer to {method} {path} cannot be read; the change was probably made.",
        hint=_LOOK_FIRST,
    )


def record_in(answer: Mapping[str, Any], key: str, method: str, path: str) -> dict[str, Any]:
    """Return the record under this key of an answer; without it the answer cannot be read."""
    record = answer.get(key)
    if not isinstance(record, dict):
        raise unreadable(method, path)
    return record


def _never_sent(cause: requests.RequestException) -> bool:
    """Tell whether the connection failed before a byte of the request could leave."""
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    return isinstance(_reason(cause), NewConnectionError | ConnectTimeoutError)


def _untrusted(cause: requests.RequestException) -> bool:
    if not isinstance(cause, requests.exceptions.SSLError):
        return False
    inner = _reason(cause)
    return any(isinstance(arg, ssl.SSLCertVerificationError) for arg in getattr(inner, "args", ()))


def _reason(cause: requests.RequestException) -> object:
    """Return urllib3's own error inside the one that requests raised."""
    outer = cause.args[0] if cause.args else None
    return getattr(outer, "reason", None) or outer
