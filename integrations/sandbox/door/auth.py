"""Who asks: fixed credentials, issued OAuth tokens, impersonation, and what each may do."""

import base64
import binascii
from collections.abc import Mapping

from integrations.sandbox.door.roles import check_role
from integrations.sandbox.population import ADMIN_EMAIL, INTEGRATION_EMAIL
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.oauth import OAuth
from integrations.sandbox.state.people.users import new_user
from integrations.sandbox.state.refusals import Refusal, forbidden, unauthenticated
from integrations.sandbox.state.store import Record
from integrations.sandbox.wire.call import Route

CLIENT_ID = "riskdesk"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - the sandbox is reachable from this machine only
FIXED_TOKEN = "sandbox"  # noqa: S105 - same
FIXED_BASIC = f"{ADMIN_EMAIL}/token:{FIXED_TOKEN}"
ALL_SCOPES = ("read", "write", "impersonate")
BAD_TOKEN = "The access token provided is expired, revoked, malformed or invalid for other reasons."  # noqa: S105 - a text, no token
INVALID_TOKEN = {"error": "invalid_token", "error_description": BAD_TOKEN}


class Gate:
    """Knows the credentials of the sandbox and nothing else."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.oauth = OAuth(account.ids, account.clock)
        integration = account.user_by_email(INTEGRATION_EMAIL)
        if integration is not None:
            self.oauth.add_client(
                name="riskdesk",
                identifier=CLIENT_ID,
                secret=CLIENT_SECRET,
                user_id=integration["id"],
            )

    def admit(self, headers: Mapping[str, str], route: Route) -> Record:
        """Return the user on whose behalf a request acts, or refuse it as Zendesk does."""
        header = headers.get("authorization", "")
        if route.open_to_anonymous and not header.lower().startswith("bearer "):
            person = self._person_behind_basic(header)
            if person is None and "/token:" in _decoded(header.partition(" ")[2]):
                raise unauthenticated()  # a live account refuses a wrong API token even here
            person = person or _anonymous()
            return self._impersonated(headers, person, ALL_SCOPES)
        person, scopes = self._identify(header)
        _check_scope(scopes, route)
        person = self._impersonated(headers, person, scopes)
        check_role(person, route)
        return person

    def _identify(self, header: str) -> tuple[Record, tuple[str, ...]]:
        kind, _, value = header.partition(" ")
        if kind.lower() != "bearer":
            return _in_good_standing(self._person_behind_basic(header)), ALL_SCOPES
        if value == FIXED_TOKEN:
            return _in_good_standing(self._account.user_by_email(ADMIN_EMAIL)), ALL_SCOPES
        token = self.oauth.find(value)
        if token is None:
            raise Refusal(401, INVALID_TOKEN, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return _in_good_standing(self._account.users.find(token.user_id)), token.scopes

    def _person_behind_basic(self, header: str) -> Record | None:
        kind, _, value = header.partition(" ")
        is_known = kind.lower() == "basic" and _decoded(value) == FIXED_BASIC
        return self._account.user_by_email(ADMIN_EMAIL) if is_known else None

    def _impersonated(
        self, headers: Mapping[str, str], person: Record, scopes: tuple[str, ...]
    ) -> Record:
        email = headers.get("x-on-behalf-of")
        if email is None:
            return person
        if "impersonate" not in scopes or person["role"] != "admin":
            raise forbidden("You need an administrator's token with the impersonate scope")
        return _in_good_standing(self._account.user_by_email(email))


def access_token(header: str) -> str:
    """Return the token in an Authorization header, or nothing."""
    kind, _, value = header.partition(" ")
    return value if kind.lower() == "bearer" else ""


def _in_good_standing(person: Record | None) -> Record:
    if person is None or person["suspended"] or not person["active"]:
        raise unauthenticated()
    return person


def _anonymous() -> Record:
    """Return whom Zendesk sees in somebody without (good) credentials."""
    person = new_user(0, {"name": "Anonymous user", "email": "invalid@example.com"}, "")
    return person | {"id": None, "created_at": None, "updated_at": None}


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _check_scope(scopes: tuple[str, ...], route: Route) -> None:
    need = "read" if route.method == "GET" else "write"
    area = route.pattern.partition("/")[0]
    if not {need, f"{area}:{need}"} & set(scopes):
        raise forbidden(f"You are missing the following required scopes: {need}")
