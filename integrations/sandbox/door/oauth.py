"""The OAuth endpoint: issues and refreshes tokens."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.door.headers import date_header
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.oauth import REFRESH_LIFE_S, OAuth, Token
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.wire.kinds import is_whole

DEFAULT_LIFE_S = 1800  # new OAuth clients get half an hour
SHORTEST_S, LONGEST_S = 301, 172_799
SHORTEST_REFRESH_S, LONGEST_REFRESH_S = 604_800, 7_776_000
BAD_GRANT = (
    "The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, expired "
    "authorization token, bad end-user password credentials, or mismatching authorization code "
    "and redirection URI)."
)


def oauth_routes(oauth: OAuth, account: Account) -> list[Route]:
    """Return `POST /oauth/tokens`."""

    async def issue(request: Request) -> Response:
        headers = date_header(account) | {"Cache-Control": "no-store"}
        try:
            pair = grant(oauth, await _asked(request))
            return JSONResponse(pair, 201, headers)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status, headers)

    return [Route("/oauth/tokens", issue, methods=["POST"])]


def grant(oauth: OAuth, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Issue a pair of tokens for client credentials or for a refresh token."""
    client = oauth.client(asked.get("client_id"), asked.get("client_secret"))
    if client is None:
        raise _refusal(401, "invalid_client", "Client authentication failed")
    kind = asked.get("grant_type")
    refresh_life = _seconds(
        asked, "refresh_token_expires_in", REFRESH_LIFE_S, SHORTEST_REFRESH_S, LONGEST_REFRESH_S
    )
    if kind == "client_credentials":
        scopes, user_id, usual = _scopes(asked), client["user_id"], DEFAULT_LIFE_S
    elif kind == "refresh_token":
        _seconds(asked, "expires_in", 0, SHORTEST_S, LONGEST_S)  # a bad wish uses up nothing
        old = oauth.take_refresh(asked.get("refresh_token"), client["id"])
        if old is None:
            raise _refusal(400, "invalid_grant", BAD_GRANT)
        scopes, user_id, usual = old.scopes, old.user_id, old.life or DEFAULT_LIFE_S
    else:
        message = "The authorization grant type is not supported by the authorization server."
        raise _refusal(400, "unsupported_grant_type", message)
    return _pair(
        oauth.issue(
            client_id=client["id"],
            user_id=user_id,
            scopes=scopes,
            life=_seconds(asked, "expires_in", usual, SHORTEST_S, LONGEST_S),
            refresh_life=refresh_life,
        ),
        refresh_life,
    )


def _pair(token: Token, refresh_life: int) -> dict[str, Any]:
    return {
        "access_token": token.access,
        "refresh_token": token.refresh,
        "token_type": "bearer",
        "scope": " ".join(token.scopes),
        "expires_in": token.life,
        "refresh_token_expires_in": refresh_life,
    }


def _scopes(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the scopes as they are asked for; those that mean nothing are found out in use."""
    wanted = asked.get("scope") or "read write"
    if not isinstance(wanted, str):
        raise _refusal(400, "invalid_scope", "scope must be words with a space between them")
    return tuple(dict.fromkeys(wanted.split()))


def _seconds(asked: Mapping[str, Any], name: str, usual: int, shortest: int, longest: int) -> int:
    wanted = asked.get(name)
    if wanted is None:
        return usual
    whole = int(wanted) if isinstance(wanted, str) and is_whole(wanted) else wanted
    if not isinstance(whole, int) or not shortest <= whole <= longest:
        message = f"{name} must lie between {shortest} and {longest} seconds"
        raise _refusal(400, "invalid_request", message)
    return whole


def _refusal(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})


async def _asked(request: Request) -> dict[str, Any]:
    """Read the request as JSON or as a form; both are usual for OAuth."""
    body = await request.body()
    if "form-urlencoded" in request.headers.get("content-type", ""):
        return dict(parse_qsl(body.decode("latin-1")))
    try:
        content = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return content if isinstance(content, dict) else {}
