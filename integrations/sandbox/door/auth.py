"""Who asks: fixed credentials, issued OAuth tokens, and impersonation."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from integrations.sandbox.population import ADMIN_EMAIL, INTEGRATION_EMAIL
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.refusals import Refusal, forbidden, unauthenticated
from integrations.sandbox.state.store import Record

FIXED_TOKEN = "sandbox"  # noqa: S105 - the sandbox is reachable from this machine only
FIXED_BASIC = f"{ADMIN_EMAIL}/token:{FIXED_TOKEN}"
CLIENT_ID = "riskdesk"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - same
ALL_SCOPES = frozenset({"read", "write", "impersonate"})
DEFAULT_LIFE_S = 1800  # new OAuth clients get half an hour
SHORTEST_S, LONGEST_S = 300, 172_800
REFRESH_LIFE_S = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Grant:
    """An issued pair: whose it is, what it may, until when (monotonic seconds)."""

    email: str
    scopes: frozenset[str]
    refresh_token: str
    ends: float
    refresh_ends: float
    life: int


class Gate:
    """Knows the credentials of the sandbox and nothing else."""

    def __init__(self, account: Account, monotonic: Callable[[], float]) -> None:
        self._account = account
        self._monotonic = monotonic
        self._grants: dict[str, Grant] = {}
        self._by_refresh: dict[str, str] = {}

    def admit(self, headers: Mapping[str, str], method: str, area: str) -> Record:
        """Return the user on whose behalf a request acts, or refuse it as Zendesk does."""
        email, scopes = self._identify(headers.get("authorization", ""))
        _check_scope(scopes, method, area)
        person = self._account.user_by_email(email)
        wanted = headers.get("x-on-behalf-of")
        if wanted is not None:
            person = self._impersonated(wanted, person, scopes)
        if person is None or person["suspended"] or not person["active"]:
            raise unauthenticated()
        return person

    def _identify(self, header: str) -> tuple[str, frozenset[str]]:
        kind, _, value = header.partition(" ")
        if kind.lower() == "basic" and _decoded(value) == FIXED_BASIC:
            return ADMIN_EMAIL, ALL_SCOPES
        if kind.lower() == "bearer" and value == FIXED_TOKEN:
            return ADMIN_EMAIL, ALL_SCOPES
        grant = self._grants.get(value) if kind.lower() == "bearer" else None
        if grant is None:
            raise unauthenticated()
        if self._monotonic() >= grant.ends:
            body = {"error": "invalid_token", "error_description": "The access token expired"}
            raise Refusal(401, body, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return grant.email, grant.scopes

    def _impersonated(
        self, email: str, caller: Record | None, scopes: frozenset[str]
    ) -> Record | None:
        if "impersonate" not in scopes or caller is None or caller["role"] != "admin":
            raise forbidden("You need an administrator's token with the impersonate scope")
        return self._account.user_by_email(email)

    def issue(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Issue a pair of tokens for client credentials or for a refresh token."""
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise _oauth_refusal(401, "invalid_client", "Client authentication failed")
        kind = asked.get("grant_type")
        if kind == "client_credentials":
            scopes = frozenset(str(asked.get("scope") or "read write").split())
            return self._new_pair(scopes, _life(asked, DEFAULT_LIFE_S))
        if kind == "refresh_token":
            old = self._take_refresh(str(asked.get("refresh_token")))
            return self._new_pair(old.scopes, _life(asked, old.life))
        message = "The authorization grant type is not supported by the sandbox"
        raise _oauth_refusal(400, "unsupported_grant_type", message)

    def _take_refresh(self, refresh_token: str) -> Grant:
        """Use up a refresh token: the old pair dies with it."""
        access = self._by_refresh.pop(refresh_token, None)
        grant = self._grants.pop(access, None) if access else None
        if grant is None or self._monotonic() >= grant.refresh_ends:
            message = "The provided authorization grant is invalid, expired or revoked"
            raise _oauth_refusal(400, "invalid_grant", message)
        return grant

    def _new_pair(self, scopes: frozenset[str], life: int) -> dict[str, Any]:
        access, refresh = self._account.ids.token(), self._account.ids.token()
        now = self._monotonic()
        self._grants[access] = Grant(
            INTEGRATION_EMAIL, scopes, refresh, now + life, now + REFRESH_LIFE_S, life
        )
        self._by_refresh[refresh] = access
        return {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "bearer",
            "scope": " ".join(sorted(scopes)),
            "expires_in": life,
            "refresh_token_expires_in": REFRESH_LIFE_S,
        }

    def expire(self, header: str) -> None:
        """End the access token of an Authorization header now, if it was issued."""
        kind, _, access = header.partition(" ")
        grant = self._grants.get(access)
        if kind.lower() == "bearer" and grant is not None:
            self._grants[access] = replace(grant, ends=0.0)

    def expire_all(self) -> int:
        """End every issued access token now (their refresh tokens live on); return how many."""
        for access, grant in self._grants.items():
            self._grants[access] = replace(grant, ends=0.0)
        return len(self._grants)


def _life(asked: Mapping[str, Any], default: int) -> int:
    wanted = asked.get("expires_in")
    if wanted is None:
        return default
    if not isinstance(wanted, int) or not SHORTEST_S < wanted < LONGEST_S:
        message = f"expires_in must lie between {SHORTEST_S} and {LONGEST_S} seconds"
        raise _oauth_refusal(400, "invalid_request", message)
    return wanted


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _oauth_refusal(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})


def _check_scope(scopes: frozenset[str], method: str, area: str) -> None:
    need = "read" if method == "GET" else "write"
    if not scopes & {need, f"{area}:{need}"}:
        raise forbidden(f"You are missing the following required scopes: {need}")
