"""Requests to Zendesk as people's browsers send them: patient, in order, one by one."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests

from integrations.runtime.clock import utc_now
from integrations.runtime.errors import OutcomeUnknown, ServiceUnavailable, ZendeskRefused

SANDBOX_TOKEN: Final = "sandbox"  # noqa: S105  # the sandbox's open door, good for nothing else
TIMEOUT_S: Final = 30.0
ATTEMPTS: Final = 8
LONGEST_PAUSE_S: Final = 60.0
BUSY: Final = frozenset({409, 429, 503})  # Zendesk changed nothing and asks to come again
BROKEN: Final = frozenset({500, 502, 504})


class Calls:
    """One keep-alive connection to the account at `base_url`, with an admin's rights."""

    def __init__(self, base_url: str, *, sleep: Callable[[float], object] = time.sleep) -> None:
        self.base_url = base_url.rstrip("/")
        self.sleep = sleep
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {SANDBOX_TOKEN}"
        self.session.trust_env = False  # loopback: no proxy, no .netrc

    def get(self, path: str) -> dict[str, Any]:
        """Read something; a full address (a next page) is taken as it is."""
        return self.send("GET", path, may_repeat=True)

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        may_repeat: bool,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send one request and return its JSON; `may_repeat` says that a second one does no harm.

        Raises ZendeskRefused for an answer that stays no, OutcomeUnknown when nobody can say
        whether a change that may not be repeated was made, ServiceUnavailable for silence.
        """
        for attempt in range(1, ATTEMPTS + 1):
            is_last = attempt == ATTEMPTS
            try:
                response = self.session.request(
                    method, self._address(path), json=body, headers=headers, timeout=TIMEOUT_S
                )
            except requests.RequestException as error:
                if not may_repeat:
                    raise _unknown(type(error).__name__) from None
                if is_last:
                    raise self._silent(error) from None
                self.sleep(_backoff_s(attempt))
                continue
            is_broken = response.status_code in BROKEN
            if is_broken and not may_repeat:
                raise _unknown(f"HTTP {response.status_code}")
            if is_last or not (is_broken or response.status_code in BUSY):
                return _read(response)
            self.sleep(_pause_s(response, attempt))
        raise AssertionError("the last attempt returns or raises")

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.base_url + path

    def _silent(self, error: requests.RequestException) -> ServiceUnavailable:
        return ServiceUnavailable(
            f"No answer from {self.base_url} ({type(error).__name__}).",
            hint="check that the sandbox is running: `riskdesk sandbox serve`.",
        )


def _unknown(sign: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"Zendesk may or may not have made a change ({sign}).",
        hint="look at the ticket before doing it again.",
    )


def read_all(
    calls: Calls, key: str, path: str | None = None, *, query: str = ""
) -> list[dict[str, Any]]:
    """Return every record of a list, page after page; `path` when it is not named like its key."""
    records: list[dict[str, Any]] = []
    address: str | None = f"/api/v2/{path or key}.json?page[size]=100&{query}"
    while address:
        page = calls.get(address)
        records += page[key]
        has_more = page.get("meta", {}).get("has_more")
        address = page["links"]["next"] if has_more else None
    return records


def _read(response: requests.Response) -> dict[str, Any]:
    if not response.ok:
        raise ZendeskRefused(
            f"Zendesk answered HTTP {response.status_code}.",
            hint="the sandbox's log names the request; `riskdesk doctor` checks the login.",
            status=response.status_code,
        )
    return dict(response.json()) if response.content else {}


def _pause_s(response: requests.Response, attempt: int) -> float:
    """Return how long Zendesk asks to wait: seconds, a fraction or a date; else a growing pause."""
    asked = response.headers.get("Retry-After", "")
    try:
        seconds = float(asked)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(asked).astimezone(UTC) - utc_now()).total_seconds()
        except ValueError:
            seconds = _backoff_s(attempt)
    return min(max(seconds, 0.0), LONGEST_PAUSE_S)


def _backoff_s(attempt: int) -> float:
    return min(0.1 * 2.0 ** (attempt - 1), 5.0)
