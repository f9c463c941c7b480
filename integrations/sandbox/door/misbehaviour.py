"""Lets requests go wrong as the rules of faults say, down to the connection itself."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.sandbox.door.auth import Gate, access_token
from integrations.sandbox.door.budgets import ACCOUNT_TEXT
from integrations.sandbox.fault_rules import (
    Cut,
    ExpiredToken,
    Garbled,
    Refused,
    Request,
    ServerError,
    Slow,
    Timeout,
    TooManyRequests,
)
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.state.clock import RecordClock

CONNECTION = "sandbox.connection"  # the extension in which the server hands the transport over
JSON = "application/json; charset=utf-8"
REACHED = ("/api/", "/oauth/")  # pages and drivers are never struck
RATE_LIMITED = msgspec.json.encode({"error": "APIRateLimitExceeded", "description": ACCOUNT_TEXT})


class Misbehaviour:
    """An application that answers as the one inside it does, unless a rule strikes the request."""

    def __init__(self, app: ASGIApp, dice: FaultDice, gate: Gate, clock: RecordClock) -> None:
        self._app = app
        self._dice = dice
        self._gate = gate
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or let it go wrong."""
        rule = self._dice.rule_for(_request(scope)) if _is_reached(scope) else None
        match rule:
            case None:
                await self._app(scope, receive, send)
            case TooManyRequests():
                await self._answer(send, 429, RATE_LIMITED, JSON, self._wait(rule))
            case Refused():
                kind, body = _error_body("json", rule.status)
                await self._answer(send, rule.status, body, kind, {})
            case ServerError():
                await self._fail(rule, scope, receive, send)
            case Slow():
                await asyncio.sleep(rule.seconds)
                await self._app(scope, receive, send)
            case Timeout():
                await self._hold(rule, scope, receive)
            case Cut():
                await self._cut(rule, scope, receive, send)
            case Garbled():
                await self._garble(rule, scope, receive, send)
            case ExpiredToken():
                self._gate.oauth.expire(access_token(_header(scope, b"authorization")))
                await self._app(scope, receive, send)

    async def _fail(self, rule: ServerError, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.done:
            await self._carried_out(scope, receive)
        status = self._dice.server_error(rule.statuses)
        wait = self._wait(rule) if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        kind, body = _error_body(rule.body, status)
        await self._answer(send, status, body, kind, wait)

    async def _hold(self, rule: Timeout, scope: Scope, receive: Receive) -> None:
        if rule.done:
            await self._carried_out(scope, receive)
        with suppress(TimeoutError):
            await asyncio.wait_for(_gone(receive), rule.seconds)
        await _abort(scope, receive)

    async def _cut(self, rule: Cut, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._carried_out(scope, receive) if rule.done else None
        if answer is None or rule.after == "nothing" or len(answer.body) < 2:  # noqa: PLR2004
            await _abort(scope, receive)
            return
        shown = answer.body[: len(answer.body) // 2] if rule.after == "half" else b""
        await send(answer.start)
        await send({"type": "http.response.body", "body": shown, "more_body": True})
        _connection(scope).close()  # what was written still arrives
        await _gone(receive)

    async def _garble(self, rule: Garbled, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._carried_out(scope, receive)
        status = answer.start["status"]
        kind, body = _error_body("html", status)
        if rule.body == "half_json":
            kind, body = JSON, answer.body[: len(answer.body) // 2]
        await self._answer(send, status, body, kind, {})

    async def _answer(
        self, send: Send, status: int, body: bytes, kind: str, headers: dict[str, str]
    ) -> None:
        lines = {
            "Date": format_datetime(self._clock.now(), usegmt=True),
            "content-type": kind,
            "content-length": str(len(body)),
        } | headers
        pairs = [(key.encode(), value.encode()) for key, value in lines.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    def _wait(self, rule: TooManyRequests | ServerError) -> dict[str, str]:
        """Return the header that says how long to wait; a date by the clock of the Date header."""
        if rule.retry_after is None:
            return {}
        if isinstance(rule, TooManyRequests) and rule.as_date:
            moment = self._clock.now() + timedelta(seconds=float(rule.retry_after))
            return {"Retry-After": format_datetime(moment, usegmt=True)}
        return {"Retry-After": str(rule.retry_after)}

    async def _carried_out(self, scope: Scope, receive: Receive) -> "_Answer":
        """Have a request carried out and keep its answer from the client."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return _Answer(messages[0], b"".join(message.get("body", b"") for message in messages[1:]))


class _Answer(msgspec.Struct):
    """An answer that the client has not seen: how it starts, and its body."""

    start: Message
    body: bytes


def _is_reached(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["path"].startswith(REACHED))


def _header(scope: Scope, name: bytes) -> str:
    return cast("bytes", dict(scope["headers"]).get(name, b"")).decode("latin-1")


def _request(scope: Scope) -> Request:
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    return Request(scope["method"], scope["path"], dict(query))


def _error_body(kind: str, status: int) -> tuple[str, bytes]:
    """Return the content type and the body of an error that comes from no application."""
    name = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Server Error"
    if kind == "html":
        page = f"<html><head><title>{status} {name}</title></head><body>{name}</body></html>"
        return "text/html; charset=UTF-8", page.encode()
    text = {"error": name.title().replace(" ", ""), "description": name}
    return JSON, b"" if kind == "empty" else msgspec.json.encode(text)


def _connection(scope: Scope) -> asyncio.Transport:
    return cast("asyncio.Transport", scope["extensions"][CONNECTION]["transport"])


async def _abort(scope: Scope, receive: Receive) -> None:
    _connection(scope).abort()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    message: dict[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = dict(await receive())
