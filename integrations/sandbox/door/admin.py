"""For drivers, not part of Zendesk: clock, faults, state."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.runtime.clock import format_instant
from integrations.runtime.errors import BadInput
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.api import Api
from integrations.sandbox.door.auth import Gate
from integrations.sandbox.door.driving import bulk_change, set_clock
from integrations.sandbox.door.headers import date_header
from integrations.sandbox.faults import FaultDice, parse_faults
from integrations.sandbox.state.account import Account

Endpoint = Callable[[Request], Awaitable[Response]]


def admin_routes(
    account: Account, deliveries: Deliveries, dice: FaultDice, gate: Gate, api: Api
) -> list[Route]:
    """Return the routes under /sandbox for drivers."""

    async def clock(request: Request) -> Response:
        if request.method == "PUT":
            set_clock(account.clock, await request.body())
        return _json(account, _clock(account))

    async def faults(request: Request) -> Response:
        if request.method == "PUT":
            dice.faults = parse_faults(await request.body())
        return _json(account, msgspec.to_builtins(dice.faults))

    async def change(request: Request) -> Response:
        return _json(account, bulk_change(account, await request.body()))

    async def state(_: Request) -> Response:
        return _json(account, _state(account, deliveries, api) | {"struck": dict(dice.struck)})

    async def expire_tokens(_: Request) -> Response:
        return _json(account, {"expired": gate.oauth.expire_all()})

    return [
        Route("/sandbox/clock", _telling(account, clock), methods=["GET", "PUT"]),
        Route("/sandbox/faults", _telling(account, faults), methods=["GET", "PUT"]),
        Route("/sandbox/bulk_change", _telling(account, change), methods=["POST"]),
        Route("/sandbox/state", state),
        Route("/sandbox/expire_tokens", expire_tokens, methods=["POST"]),
    ]


def _json(account: Account, content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status, date_header(account))


def _telling(account: Account, endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers 400 to an order that cannot be carried out."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except BadInput as error:
            content = {"error": "BadInput", "description": error.message}
            return _json(account, content, 400)

    return answer


def _clock(account: Account) -> dict[str, Any]:
    clock = account.clock
    speed = 0.0 if clock.is_stepped else clock.speed
    return {"now": format_instant(clock.now()), "stepped": clock.is_stepped, "speed": speed}


def _state(account: Account, deliveries: Deliveries, api: Api) -> dict[str, Any]:
    counts = deliveries.counts
    names = (
        "events attempts delivered failed throttled circuit_broken "
        "lost duplicated delayed reordered"
    ).split()
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
