"""The API as an ASGI application: who asks, what it costs, which route, and the wire format."""

import inspect
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.auth import Gate
from integrations.sandbox.door.limits import Limits
from integrations.sandbox.routes import API_ROUTES
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.wire.call import JSON, Answer, Call, Route
from integrations.sandbox.wire.routing import RouteTree

PREFIX = "/api/v2/"
METHODS_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
DEFAULT_BUDGETS = {"webhooks": "webhooks"}  # by controller, for routes that name none
JOBS = "jobs"


class Api:
    """Answers everything under /api/v2."""

    def __init__(
        self,
        *,
        account: Account,
        gate: Gate,
        limits: Limits,
        deliveries: Deliveries,
        export_lag: float,
    ) -> None:
        self._account = account
        self._gate = gate
        self._limits = limits
        self._deliveries = deliveries
        self._export_lag = export_lag
        self._routes = RouteTree(API_ROUTES)
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self.requests += 1
        self._account.clock.tick()
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        budget: dict[str, str] = {}
        try:
            body = await _read(receive) if scope["method"] in METHODS_WITH_BODY else b""
            answer = await self._answer(scope, headers, body, budget)
        except Refusal as refusal:
            answer = Answer(refusal.body, refusal.status, refusal.headers)
        answer.headers = self._standing_headers(headers) | budget | answer.headers
        await _reply(send, answer)

    async def _answer(
        self, scope: Scope, headers: dict[str, str], body: bytes, budget: dict[str, str]
    ) -> Answer:
        path = scope["path"]
        route, params = self._routes.find(scope["method"], path.removeprefix(PREFIX))
        actor = self._gate.admit(headers, route)
        call = Call(
            account=self._account,
            deliveries=self._deliveries,
            oauth=self._gate.oauth,
            method=scope["method"],
            base=f"{scope['scheme']}://{headers.get('host', '127.0.0.1')}",
            path=path,
            query=_query(scope["query_string"]),
            headers=headers,
            body={} if route.takes_files else _parsed(body),
            content=body,
            actor=actor,
            export_lag=self._export_lag,
            params=params,
            controller=route.controller,
            action=route.action,
        )
        budget |= self._spend(route, call)
        try:
            result = route.handler(call)
            answer = await result if inspect.isawaitable(result) else result
        finally:
            if call.unpermitted:
                budget["x-zendesk-api-warn"] = _warning(call)
        return answer

    def _spend(self, route: Route, call: Call) -> dict[str, str]:
        """Count the request against its budgets; return what they say is left."""
        headers: dict[str, str] = {}
        if route.budget == JOBS:
            headers = self._account.jobs.admit(route.controller, route.action)
        name = route.budget if route.budget != JOBS else None
        return headers | self._limits.spend(
            name or DEFAULT_BUDGETS.get(route.controller),
            agent_id=call.actor["id"],
            params=call.params,
            page=call.number("page", 1),
        )

    def _standing_headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {
            "Date": format_datetime(self._account.clock.now(), usegmt=True),
            "x-zendesk-api-version": "v2",
            "x-request-id": headers.get("x-request-id") or self._account.ids.uuid(),
        }


def _warning(call: Call) -> str:
    keys = ", ".join(f'"{key}"' for key in call.unpermitted)
    about = f':controller=>"{call.controller}", :action=>"{call.action}"'
    text = f"{{:allowed_parameters=>{{{about}, :unpermitted_keys=>[{keys}], :invalid_values=>[]}}}}"
    return "".join(one if " " <= one <= "~" else "?" for one in text)  # a header is one plain line


def _query(text: bytes) -> dict[str, str]:
    """Return the query; a key that comes several times holds all values, split by commas."""
    query: dict[str, str] = {}
    for key, value in parse_qsl(text.decode("latin-1"), keep_blank_values=True):
        query[key] = f"{query[key]},{value}" if key in query else value
    return query


def _parsed(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(
            400, {"error": "Unprocessable Entity", "message": "Server could not parse JSON"}
        ) from None
    return content if isinstance(content, dict) else {}


async def _read(receive: Receive) -> bytes:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _reply(send: Send, answer: Answer) -> None:
    body = b"" if answer.body is None else msgspec.json.encode(answer.body)
    headers = [
        (key.encode(), value.encode("latin-1", "replace")) for key, value in answer.headers.items()
    ]
    if body or answer.content_type != JSON:
        headers.append((b"content-type", answer.content_type.encode()))
    if answer.status != 204:  # noqa: PLR2004
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
