"""What holds for every test: loopback only, settings from nowhere, real databases on request."""

import ipaddress
import os
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from integrations.runtime.settings import PREFIX, Settings, load_settings
from tests.support.databases import any_engine, empty_engine, postgres_engine, sqlite_engine

__all__ = ["any_engine", "empty_engine", "postgres_engine", "sqlite_engine"]

# No test measures time: a loaded machine is slow, and no failure.
hypothesis.settings.register_profile(
    "riskdesk",
    hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("riskdesk")

# These steer the tests themselves; whatever else is set on a machine must not change a result.
OF_THE_TESTS = (PREFIX + "TEST_", PREFIX + "SHARED", PREFIX + "REQUIRE_SERVICES")


def is_loopback(host: str | bytes | None) -> bool:
    """Tell whether a host can only be this machine; a name other than localhost cannot."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Fail a test that looks up or connects to another machine."""
    look_up, connect, connect_ex = (
        socket.getaddrinfo,
        socket.socket.connect,
        socket.socket.connect_ex,
    )

    def check(host: Any) -> None:
        if not is_loopback(host):
            raise AssertionError(f"a test tried to reach {host!r}")

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        check(host)
        return look_up(host, *args, **options)

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address[0] if isinstance(address, tuple) else None)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address[0] if isinstance(address, tuple) else None)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


@pytest.fixture(autouse=True)
def settings_from_nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no variable and no `.env` of this machine into a test."""
    for name in list(os.environ):
        if name.startswith(PREFIX) and not name.startswith(OF_THE_TESTS):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    load_settings.cache_clear()
    yield
    load_settings.cache_clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason how many tests were skipped, not once for each test."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    for reason, times in reasons.most_common():
        terminalreporter.write_line(f"{times} skipped: {reason}")
