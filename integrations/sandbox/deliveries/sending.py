"""Sends one HTTP request to an endpoint on this machine and reports what came back."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 12.0  # Zendesk gives up on an endpoint after this time
MOST_PAYLOAD = 10_000
SUCCESSES = range(200, 300)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answered; `failure` says why there was no answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    payload: str = ""
    failure: str | None = None  # timeout, unreachable or not_local

    @property
    def is_success(self) -> bool:
        """Whether the endpoint took the delivery."""
        return self.failure is None and self.status in SUCCESSES

    def header(self, name: str) -> str:
        """Return a header, or an empty text."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


def is_local(endpoint: str) -> bool:
    """Return whether an endpoint is on this machine; nothing is ever sent anywhere else."""
    try:
        host = urlsplit(endpoint).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def send(
    endpoint: str, *, method: str, body: bytes, headers: Mapping[str, str], timeout: float
) -> Reply:
    """Send a request and wait for the answer; never raises for what the other side does."""
    if not is_local(endpoint):
        return Reply(0, failure="not_local")
    address = urlsplit(endpoint)
    try:
        connection = _connect(address, timeout)
        try:
            path = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (*headers.items(), ("Content-Length", str(len(body)))):
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            payload = answer.read(MOST_PAYLOAD).decode("utf-8", "replace")
            return Reply(answer.status, dict(answer.getheaders()), payload)
        finally:
            connection.close()
    except TimeoutError:
        return Reply(504, failure="timeout")
    except (OSError, HTTPException, ValueError):
        return Reply(0, failure="unreachable")


def _connect(address: SplitResult, timeout: float) -> HTTPConnection:
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return kind(address.hostname or "", address.port, timeout=timeout)
