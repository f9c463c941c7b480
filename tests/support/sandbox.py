"""A running sandbox for tests, a small client for it, and a receiver for its webhooks."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.server import Sandbox, running_sandbox

ADMIN = "Bearer sandbox"
PLENTY = 1_000_000
LIFTED: dict[str, Any] = {
    "rpm": PLENTY,
    "rpm_incremental": PLENTY,
    "endpoint_limits": False,
    "job_seconds": 0,
}
TIMEOUT_S = 60.0  # a loaded machine is slow and no failure


class Desk:
    """Talks to a sandbox as its administrator unless told otherwise."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.headers["Authorization"] = ADMIN

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request; a path without a slash in front is below /api/v2."""
        url = self.sandbox.url + (path if path.startswith("/") else f"/api/v2/{path}")
        return self.session.request(method, url, timeout=TIMEOUT_S, **more)

    def get(self, path: str, **more: Any) -> Any:
        """Return the body of a successful GET."""
        return self._body("GET", path, more)

    def post(self, path: str, json: Any = None, **more: Any) -> Any:
        """Return the body of a successful POST."""
        return self._body("POST", path, {"json": json} | more)

    def put(self, path: str, json: Any = None, **more: Any) -> Any:
        """Return the body of a successful PUT."""
        return self._body("PUT", path, {"json": json} | more)

    def delete(self, path: str, **more: Any) -> Any:
        """Return the body of a successful DELETE."""
        return self._body("DELETE", path, more)

    def _body(self, method: str, path: str, more: dict[str, Any]) -> Any:
        answer = self.call(method, path, **more)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def ticket(self, **fields: Any) -> dict[str, Any]:
        """Open a ticket from a customer and return it."""
        asked = {
            "subject": "Withdrawal I did not make",
            "comment": {"body": "Please help"},
            "requester": {"name": "Wang Fang", "email": "wang.fang@customer.example"},
        }
        ticket: dict[str, Any] = self.post("tickets.json", {"ticket": asked | fields})["ticket"]
        return ticket

    def update(self, ticket_id: int, **fields: Any) -> dict[str, Any]:
        """Change a ticket and return ticket and audit."""
        changed: dict[str, Any] = self.put(f"tickets/{ticket_id}.json", {"ticket": fields})
        return changed

    def user_id(self, email: str) -> int:
        """Return the id of somebody of the standing population."""
        user = self.sandbox.state.user_by_email(email)
        assert user is not None, email
        return int(user["id"])

    def group_id(self, name: str) -> int:
        """Return the id of a department."""
        return int(self.sandbox.state.groups.where(name=name)[0]["id"])

    def field_id(self, title: str) -> int:
        """Return the id of a ticket field."""
        return int(self.sandbox.state.ticket_fields.where(title=title)[0]["id"])

    def set_clock(self, instant: str) -> None:
        """Step the record clock."""
        self.put("/sandbox/clock", {"now": instant})

    def subscribe(self, endpoint: str, *events: str, **fields: Any) -> dict[str, Any]:
        """Create a webhook for ticket events and return it."""
        asked = {
            "name": "test",
            "endpoint": endpoint,
            "http_method": "POST",
            "request_format": "json",
            "status": "active",
            "subscriptions": [f"zen:event-type:ticket.{event}" for event in events],
        }
        webhook: dict[str, Any] = self.post("webhooks", {"webhook": asked | fields})["webhook"]
        return webhook

    def settle(self, timeout: float = TIMEOUT_S) -> None:
        """Wait until every delivery arrived or was given up."""
        settle(self.sandbox.deliveries, timeout)


def settle(deliveries: Deliveries, timeout: float = TIMEOUT_S) -> None:
    """Wait until every delivery arrived or was given up."""
    ends = time.monotonic() + timeout
    while deliveries.queued:
        assert time.monotonic() < ends, "deliveries are still queued"
        time.sleep(0.01)


@dataclass
class Delivery:
    """One request that a webhook sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """An endpoint on this machine: keeps what arrives and answers as it is told."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver; it answers 200 when `answers` is empty, else the answers one by one."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            receiver.deliveries.append(
                Delivery(self.command, self.path, dict(self.headers.items()), body)
            )
            status, headers = receiver.answers.pop(0) if receiver.answers else (200, {})
            self.send_response(status)
            for key, value in (headers | {"Content-Length": "2"}).items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(b"ok")

        do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(TIMEOUT_S)


@contextmanager
def desk_on(**settings: Any) -> Iterator[Desk]:
    """Run a sandbox with these settings and talk to it; limits are out of the way by default."""
    settings = LIFTED | settings
    with running_sandbox(SandboxConfig(**settings)) as sandbox:
        desk = Desk(sandbox)
        try:
            yield desk
        finally:
            desk.session.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Give a fresh sandbox and a client for it."""
    with desk_on() as talking:
        yield talking


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give an endpoint for webhooks."""
    with receiving() as endpoint:
        yield endpoint
