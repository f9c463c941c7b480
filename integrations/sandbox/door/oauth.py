"""The OAuth endpoint: issues and refreshes tokens."""

from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.door.auth import Gate
from integrations.sandbox.door.headers import date_header
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import Refusal


def oauth_routes(gate: Gate, account: Account) -> list[Route]:
    """Return `POST /oauth/tokens`."""

    async def issue(request: Request) -> Response:
        headers = date_header(account)
        try:
            return JSONResponse(gate.issue(await _asked(request)), 200, headers)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status, headers)

    return [Route("/oauth/tokens", issue, methods=["POST"])]


async def _asked(request: Request) -> dict[str, object]:
    """Read the request as JSON or as a form; both are usual for OAuth."""
    if "form-urlencoded" in request.headers.get("content-type", ""):
        return dict(parse_qsl((await request.body()).decode("latin-1")))
    try:
        content = msgspec.json.decode(await request.body() or b"{}")
    except msgspec.DecodeError:
        return {}
    return content if isinstance(content, dict) else {}
