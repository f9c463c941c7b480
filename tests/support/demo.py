"""A desk on the wire for the demo's player: remembers every request, refuses on request."""

import json
import re
from collections.abc import Callable  # noqa: TC003
from typing import Any

from requests import PreparedRequest
from responses import RequestsMock

from integrations.sandbox.population import INTEGRATION_EMAIL

BASE = "http://desk.test"
CS, SEC = 1, 2
AGENT, SPECIALIST, LIGHT, INTEGRATION = 11, 21, 12, 13
LISTS: dict[str, list[dict[str, Any]]] = {
    "users": [
        {"id": AGENT, "email": "a@example.com", "only_private_comments": False},
        {"id": SPECIALIST, "email": "s@example.com", "only_private_comments": False},
        {"id": LIGHT, "email": "l@example.com", "only_private_comments": True},
        {"id": INTEGRATION, "email": INTEGRATION_EMAIL, "only_private_comments": False},
    ],
    "groups": [{"id": CS, "name": "Customer Service"}, {"id": SEC, "name": "Account Security"}],
    "group_memberships": [
        {"user_id": AGENT, "group_id": CS},
        {"user_id": LIGHT, "group_id": CS},
        {"user_id": INTEGRATION, "group_id": CS},
        {"user_id": SPECIALIST, "group_id": SEC},
    ],
}
Wire = tuple[int, dict[str, str], str]


class FakeDesk:
    """Answers as Zendesk does; `log` holds (method, path, body) of everything but lists."""

    def __init__(self, mock: RequestsMock) -> None:
        self.log: list[tuple[str, str, dict[str, Any]]] = []
        self.group_id: int | None = None
        self.refuse: Callable[[str, str, dict[str, Any]], int] = lambda *_: 200
        self.tickets = 0
        for method in ("GET", "POST", "PUT", "DELETE"):
            mock.add_callback(method, re.compile(re.escape(BASE)), callback=self._answer)

    def said(self, method: str, path: str) -> list[dict[str, Any]]:
        """Return the bodies sent to a path, in order."""
        return [body for verb, where, body in self.log if (verb, where) == (method, path)]

    def _answer(self, request: PreparedRequest) -> Wire:
        method, path = str(request.method), request.path_url.split("?")[0]
        for name, records in LISTS.items():
            if path == f"/api/v2/{name}.json" and method == "GET":
                return _json({name: records, "meta": {"has_more": False}, "links": {"next": None}})
        body = json.loads(request.body or "{}")
        status = self.refuse(method, path, body)
        self.log.append((method, path, body))
        if status != 200:
            return status, {"Retry-After": "1"}, "{}"
        if method == "POST" and path == "/api/v2/tickets.json":
            self.tickets += 1
            return _json({"ticket": {"id": self.tickets}})
        if path == "/api/v2/users/create_or_update.json":
            return _json({"user": {"id": 1000 + self.tickets}})
        return _json({"ticket": {"id": 0, "group_id": self.group_id}})


def _json(body: dict[str, Any]) -> Wire:
    return 200, {"Content-Type": "application/json"}, json.dumps(body)
