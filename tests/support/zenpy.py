"""zenpy, a client that nobody here wrote, on a running sandbox."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from zenpy import Zenpy

from tests.support.sandbox import Desk


def zenpy_at(url: str, session: requests.Session, patch: pytest.MonkeyPatch) -> Any:
    """Return zenpy, unmodified, told to talk to the sandbox at this address."""
    address = urlsplit(url)
    patch.setenv("ZENPY_FORCE_NETLOC", address.netloc)
    patch.setenv("ZENPY_FORCE_SCHEME", address.scheme)
    return Zenpy(subdomain="sandbox", oauth_token="sandbox", session=session, disable_cache=True)


@pytest.fixture
def zenpy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give zenpy at the sandbox of the test."""
    with requests.Session() as session:
        yield zenpy_at(desk.sandbox.url, session, monkeypatch)
