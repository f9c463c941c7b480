"""A Zendesk session on a clock that tests turn by hand, and a raw server that breaks answers."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from integrations.zendesk.auth import FixedLogin, Login, OAuthLogin
from integrations.zendesk.budgets import limits
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.session import ZendeskSession

ACCOUNT = "https://acme.zendesk.com"


class Clock:
    """Time passes only when somebody sleeps; remembers how long each sleep was."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def make_session(
    base_url: str = ACCOUNT,
    *,
    clock: Clock | None = None,
    login: Login | None = None,
    requests_per_minute: int = 400,
    export_requests_per_minute: int = 100,
    ticket_updates_per_minute: int = 100,
) -> ZendeskSession:
    clock = clock or Clock()
    return ZendeskSession(
        base_url,
        login or FixedLogin("Bearer sesame"),
        budgets=limits(
            requests=requests_per_minute,
            exports=export_requests_per_minute,
            ticket_updates=ticket_updates_per_minute,
        ),
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        jitter=lambda: 1.0,
    )


def make_client(base_url: str = ACCOUNT, *, clock: Clock | None = None) -> ZendeskClient:
    return ZendeskClient(make_session(base_url, clock=clock))


def make_oauth(clock: Clock) -> OAuthLogin:
    return OAuthLogin("riskdesk", SecretStr("top-secret"), monotonic=clock.monotonic)


@contextmanager
def raw_server(*answers: bytes, serve: Callable[[bytes], None] | None = None) -> Iterator[str]:
    """Answer each connection with the next bytes and cut it; `serve` sees each request."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for answer in answers:
            try:
                connection, _ = listener.accept()
            except OSError:  # the test is over and the listener closed
                return
            with connection:
                request = connection.recv(65536)
                if serve:
                    serve(request)
                connection.sendall(answer)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)
