"""Serves the pages: / and one for each ticket."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.headers import date_header
from integrations.sandbox.door.pages.markup import html, link, page
from integrations.sandbox.door.pages.overview import View, render_overview
from integrations.sandbox.door.pages.ticket import render_ticket
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.state.account import Account
from integrations.sandbox.wire.kinds import is_whole

# nothing that slipped in could run or load
POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def page_routes(account: Account, deliveries: Deliveries, dice: FaultDice) -> list[Route]:
    """Return the routes of the pages."""

    async def overview(request: Request) -> Response:
        skip, live = (request.query_params.get(name, "0") for name in ("skip", "live"))
        view = View(int(skip) if is_whole(skip) else 0, live == "1")
        return _answer(account, render_overview(account, deliveries, dice.faults, view))

    async def ticket(request: Request) -> Response:
        case = account.tickets.get(request.path_params["ticket_id"])
        if case is None:
            nothing = html("<p>There is no such ticket. {}</p>", link("/", "All tickets"))
            return _answer(account, page("No such ticket", [nothing]), 404)
        return _answer(account, render_ticket(account, case))

    return [Route("/", overview), Route("/sandbox/tickets/{ticket_id:int}", ticket)]


def _answer(account: Account, content: str, status: int = 200) -> Response:
    return HTMLResponse(content, status, date_header(account) | POLICY)
