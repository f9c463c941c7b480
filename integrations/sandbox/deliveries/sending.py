"""Sends one HTTP request to an endpoint on this machine and reports what came back."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 12.0  # Zendesk gives up on an endpoint after this time
MOST_PAYLOAD = 10_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answered; `failure` says why there was no answer."""

    status: int
    headers: Mapping[str, str]
    payload: str
    failure: str | None = None  # timeout, refused or not_local


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
        return Reply(0, {}, "", "not_local")
    address = urlsplit(endpoint)
    try:
        connection = _connect(address, timeout)
        try:
            path = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            payload = answer.read(MOST_PAYLOAD).decode("utf-8", "replace")
            return Reply(answer.status, dict(answer.getheaders()), payload)
        finally:
            connection.close()
    except TimeoutError:
        return Reply(504, {}, "", "timeout")
    except (OSError, HTTPException, ValueError):
        return Reply(0, {}, "", "refused")


def _connect(address: SplitResult, timeout: float) -> HTTPConnection:
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return kind(address.hostname or "", address.port, timeout=timeout)
