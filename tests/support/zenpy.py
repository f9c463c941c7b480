"""zenpy, a client that nobody here wrote, on a running sandbox."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from zenpy import Zenpy

from tests.support.sandbox import Desk


@pytest.fixture
def zenpy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give zenpy, unmodified, told to talk to the sandbox."""
    address = urlsplit(desk.sandbox.url)
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", address.netloc)
    monkeypatch.setenv("ZENPY_FORCE_SCHEME", address.scheme)
    with requests.Session() as session:
        yield Zenpy(subdomain="sandbox", oauth_token="sandbox", session=session, disable_cache=True)
