"""Serves a sandbox on this machine: for a person, or in the background of a test."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from integrations.runtime.errors import ConfigError, ServiceUnavailable
from integrations.sandbox.app import create_app
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.misbehaviour import CONNECTION
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import RecordClock

BACKLOG = 512
START_TIMEOUT_S = 10.0
GRACE_S = 2
TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox: its address, and what it remembers."""

    url: str
    app: Starlette

    @property
    def state(self) -> Account:
        """The account: tickets, users, webhooks and the rest."""
        account: Account = self.app.state.account
        return account

    @property
    def deliveries(self) -> Deliveries:
        """The queue and log of webhook deliveries."""
        deliveries: Deliveries = self.app.state.deliveries
        return deliveries

    @property
    def dice(self) -> FaultDice:
        """What goes wrong; set `dice.faults` to change it."""
        dice: FaultDice = self.app.state.dice
        return dice


class _Protocol(HttpToolsProtocol):
    """HTTP that hands its connection to the application, which may have to cut it."""

    def on_message_begin(self) -> None:
        """Begin a request; it can reach its connection."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}}


def _cut_short(app: ASGIApp) -> ASGIApp:
    """Return an application whose open requests end with their connection when it is stopped."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            scope["extensions"][CONNECTION]["transport"].abort()
            while (await receive())["type"] != "http.disconnect":
                pass

    return answer


class _Server(uvicorn.Server):
    """A uvicorn server that tells when it listens, and that time passes."""

    def __init__(
        self, config: uvicorn.Config, clock: RecordClock, on_listening: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._clock = clock
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for requests that are held back on purpose."""
        for task in self.server_state.tasks:
            task.cancel()
        await super().shutdown(sockets)

    async def main_loop(self) -> None:
        """Serve until told to stop, and notice that soon: tests start many sandboxes."""
        while not self.should_exit:
            await asyncio.sleep(TICK_S)
            self._clock.tick()


def serve(
    config: SandboxConfig,
    *,
    port: int,
    host: str = "127.0.0.1",
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a sandbox until it is interrupted; `on_ready` is given its address."""
    with closing(_listen(host, port)) as listener, suppress(KeyboardInterrupt):
        url, app = _url(listener), create_app(config)
        try:
            _server(app, lambda: on_ready(url) if on_ready else None).run(sockets=[listener])
        finally:
            app.state.deliveries.stop()


@contextmanager
def running_sandbox(
    config: SandboxConfig | None = None, *, port: int = 0, host: str = "127.0.0.1"
) -> Iterator[Sandbox]:
    """Run a sandbox in the background, on a free port unless one is given."""
    app = create_app(config or SandboxConfig())
    listener = _listen(host, port)
    listening = threading.Event()
    server = _server(app, listening.set)
    thread = threading.Thread(
        target=server.run, args=([listener],), name="sandbox-server", daemon=True
    )
    thread.start()
    try:
        if not listening.wait(START_TIMEOUT_S):
            raise ServiceUnavailable(
                f"The sandbox did not start within {START_TIMEOUT_S:.0f} seconds.",
                hint="look whether the machine is busy, then try again.",
            )
        yield Sandbox(_url(listener), app)
    finally:
        app.state.deliveries.stop()
        server.should_exit = server.force_exit = True
        thread.join(START_TIMEOUT_S)
        listener.close()


def _server(app: Starlette, on_listening: Callable[[], None]) -> _Server:
    config = uvicorn.Config(
        _cut_short(app),
        log_level="warning",
        http=_Protocol,
        access_log=False,
        date_header=False,  # the record clock writes it
        server_header=False,
        lifespan="off",  # nothing to start or end: a forced exit would log it as a failure
        timeout_graceful_shutdown=GRACE_S,
    )
    return _Server(config, app.state.account.clock, on_listening)


def _listen(host: str, port: int) -> socket.socket:
    _check_loopback(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise ServiceUnavailable(
            f"The sandbox cannot listen on {host}:{port}: {error.strerror}.",
            hint="stop what uses the port, or choose another one with --port.",
        ) from None
    except OverflowError:
        listener.close()
        raise ConfigError(f"{port} is no port.", hint="choose one from 1 to 65535.") from None
    return listener


def _check_loopback(host: str) -> None:
    try:
        is_local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise ConfigError(
            f"The sandbox does not listen on {host}: its credentials are public.",
            hint="use 127.0.0.1, and a tunnel if another machine must reach it.",
        )


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
