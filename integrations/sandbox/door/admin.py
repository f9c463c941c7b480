"""For drivers and people, not part of Zendesk: clock, faults, state and a page to look at."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from integrations.runtime.clock import format_instant, parse_instant
from integrations.runtime.errors import BadInput
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.api import Api
from integrations.sandbox.door.auth import Gate
from integrations.sandbox.door.headers import date_header
from integrations.sandbox.door.page import render_page
from integrations.sandbox.faults import FaultDice, parse_faults
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import RecordClock


def admin_routes(
    account: Account, deliveries: Deliveries, dice: FaultDice, gate: Gate, api: Api
) -> list[Route]:
    """Return the routes under /sandbox and the page at /."""

    async def clock(request: Request) -> Response:
        if request.method == "PUT":
            try:
                _set_clock(account.clock, await request.body())
            except BadInput as error:
                return _refused(account, error)
        return _json(account, _clock(account))

    async def faults(request: Request) -> Response:
        if request.method == "PUT":
            try:
                dice.faults = parse_faults(await request.body())
            except BadInput as error:
                return _refused(account, error)
        return _json(account, msgspec.to_builtins(dice.faults))

    async def state(_: Request) -> Response:
        return _json(account, _state(account, deliveries, api))

    async def expire_tokens(_: Request) -> Response:
        return _json(account, {"expired": gate.expire_all()})

    async def page(_: Request) -> Response:
        return HTMLResponse(render_page(account, deliveries), headers=date_header(account))

    return [
        Route("/", page),
        Route("/sandbox/clock", clock, methods=["GET", "PUT"]),
        Route("/sandbox/faults", faults, methods=["GET", "PUT"]),
        Route("/sandbox/state", state),
        Route("/sandbox/expire_tokens", expire_tokens, methods=["POST"]),
    ]


def _json(account: Account, content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status, date_header(account))


def _refused(account: Account, error: BadInput) -> Response:
    return _json(account, {"error": "BadInput", "description": error.message}, 400)


class _ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Step to an instant, or run from there (or from now) at a speed."""

    now: str | None = None
    speed: float | None = None


def _set_clock(clock: RecordClock, body: bytes) -> None:
    try:
        order = msgspec.json.decode(body, type=_ClockOrder)
        instant = None if order.now is None else parse_instant(order.now)
    except (msgspec.MsgspecError, ValueError):
        raise _no_clock_order() from None
    if instant is None and order.speed is None:
        raise _no_clock_order()
    if instant is not None:
        clock.step_to(instant)
    if order.speed is not None:
        clock.run(order.speed)


def _no_clock_order() -> BadInput:
    return BadInput(
        "The clock wants an instant with a time zone, a speed, or both.",
        hint='send {"now": "2026-03-03T01:00:00Z"} or {"speed": 60}.',
    )


def _clock(account: Account) -> dict[str, Any]:
    clock = account.clock
    speed = 0.0 if clock.is_stepped else clock.speed
    return {"now": format_instant(clock.now()), "stepped": clock.is_stepped, "speed": speed}


def _state(account: Account, deliveries: Deliveries, api: Api) -> dict[str, Any]:
    counts = deliveries.counts
    names = ("events", "attempts", "delivered", "failed", "lost", "duplicated", "delayed")
    living = account.living_tickets()
    statuses: dict[str, int] = {}
    for case in living:
        statuses[case.record["status"]] = statuses.get(case.record["status"], 0) + 1
    return {
        "clock": _clock(account),
        "requests": api.requests,
        "tickets": len(living),
        "tickets_by_status": statuses,
        "deleted_tickets": len(account.tickets) - len(living),
        "audits": len(account.audits),
        "users": len(account.users),
        "webhooks": len(account.webhooks.store),
        "deliveries": {"queued": deliveries.queued} | {name: counts[name] for name in names},
    }
