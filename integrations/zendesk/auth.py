"""Proves to Zendesk who is calling: OAuth first, a fixed token, or an old account's API token."""

import base64
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import SecretStr

from integrations.runtime.errors import ConfigError, LoginRefused
from integrations.runtime.settings import Settings
from integrations.zendesk.meeting_point import MeetingPoint
from integrations.zendesk.tokens import OwnTokens, SharedTokens, Tokens, TokenStore

TOKEN_PATH = "/oauth/tokens"  # noqa: S105 - an address, not a secret
TOKEN_LIFETIME_S = 7200  # asked for; Zendesk allows 5 minutes to 2 days
EARLY_S = 60.0  # renew this long before the end, so that no call arrives with a dead token

AskToken = Callable[[dict[str, Any]], Mapping[str, Any]]

logger = logging.getLogger(__name__)


class Login(Protocol):
    """What the session needs to know about the credentials."""

    def authorization(self, ask: AskToken) -> str:
        """Return the Authorization header, asking Zendesk for a token where one is needed."""

    def renew(self, rejected: str, ask: AskToken) -> bool:
        """Replace the rejected header; False when these credentials cannot be renewed."""


class FixedLogin:
    """A header that never changes: a bearer token, or e-mail and API token."""

    def __init__(self, header: str) -> None:
        self._header = SecretStr(header)

    def authorization(self, ask: AskToken) -> str:  # noqa: ARG002 - nothing to ask for
        """Return the header."""
        return self._header.get_secret_value()

    def renew(self, rejected: str, ask: AskToken) -> bool:  # noqa: ARG002 - cannot be renewed
        """Return False: a refused fixed token stays refused."""
        return False


class OAuthLogin:
    """Access tokens by OAuth; one thread of one process fetches new ones, all others wait for it.

    With a refresh token that token is used first. A refresh deletes the pair it was made with, so
    whoever finds its refresh token refused (a lost race, a crash before the new pair was kept)
    falls back to client credentials instead of being locked out.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: SecretStr,
        *,
        store: TokenStore | None = None,
        refresh_token: SecretStr | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._refresh_token = refresh_token
        self._store = store or OwnTokens()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._header: SecretStr | None = None
        self._good_until = float("inf")

    def authorization(self, ask: AskToken) -> str:
        """Return the header with a token that is still good for a while."""
        with self._lock:
            if self._header is None or self._monotonic() >= self._good_until:
                self._renew(ask)
            return self._current()

    def renew(self, rejected: str, ask: AskToken) -> bool:
        """Get a new token unless another thread already replaced the rejected one."""
        with self._lock:
            if self._current() == rejected:
                self._renew(ask, rejected)
            return True

    def _current(self) -> str:
        return self._header.get_secret_value() if self._header else ""

    def _renew(self, ask: AskToken, rejected: str = "") -> None:
        """Take over what another process fetched meanwhile, or fetch it for all of them."""
        with self._store.alone():
            newest = self._store.newest()
            if newest is None or not _is_good(newest) or _header(newest) == rejected:
                newest = self._fetch(ask, newest)
                self._store.keep(newest)
        self._header = SecretStr(_header(newest))
        good = float("inf") if newest.good_for_s is None else newest.good_for_s
        self._good_until = self._monotonic() + good

    def _fetch(self, ask: AskToken, newest: Tokens | None) -> Tokens:
        if self._refresh_token:
            kept = newest.refresh if newest else None
            for token in dict.fromkeys(filter(None, (kept, self._refresh_token))):
                secret = token.get_secret_value()
                try:
                    return self._ask(ask, grant_type="refresh_token", refresh_token=secret)
                except LoginRefused:
                    logger.warning("Zendesk refused a refresh token; the next way is tried.")
        return self._ask(ask, grant_type="client_credentials", scope="read write")

    def _ask(self, ask: AskToken, **grant: str) -> Tokens:
        asked_at = self._monotonic()
        answer = ask(
            {
                **grant,
                "client_id": self._client_id,
                "client_secret": self._client_secret.get_secret_value(),
                "expires_in": TOKEN_LIFETIME_S,
            }
        )
        access, refresh = _token(answer, "access_token"), _token(answer, "refresh_token")
        if access is None:
            raise LoginRefused(
                "Zendesk's token endpoint answered without a usable access token.",
                hint="check RISKDESK_ZENDESK_URL and that the OAuth client is confidential.",
            )
        return Tokens(access, refresh, _good_for(answer, self._monotonic() - asked_at))


def _header(tokens: Tokens) -> str:
    return f"Bearer {tokens.access.get_secret_value()}"


def _is_good(tokens: Tokens) -> bool:
    return tokens.good_for_s is None or tokens.good_for_s > 0


def _token(answer: Mapping[str, Any], name: str) -> SecretStr | None:
    token = answer.get(name)
    return SecretStr(token) if isinstance(token, str) and _plain(token) else None


def _good_for(answer: Mapping[str, Any], age_s: float) -> float | None:
    """Return for how long to use the token; accounts may issue tokens without an end."""
    lifetime = answer.get("expires_in")
    if not isinstance(lifetime, int | float) or lifetime <= 0:
        return None
    return lifetime - min(EARLY_S, lifetime / 10) - age_s


def choose_login(
    settings: Settings, meeting_point: MeetingPoint | None = None
) -> OAuthLogin | FixedLogin:
    """Return the best login that the settings allow; ConfigError names what is missing.

    OAuth tokens are shared with the other processes at the meeting point.
    """
    if (
        settings.zendesk_client_id
        or settings.zendesk_client_secret
        or settings.zendesk_refresh_token
    ):
        settings.require("zendesk_client_id", "zendesk_client_secret")
        name, secret = settings.zendesk_client_id or "", settings.zendesk_client_secret
        secret = secret or SecretStr("")
        account = str(settings.zendesk_url)
        store = SharedTokens(meeting_point, account, name, secret) if meeting_point else None
        return OAuthLogin(name, secret, store=store, refresh_token=settings.zendesk_refresh_token)
    if settings.zendesk_access_token:
        token = _secret(settings.zendesk_access_token, "RISKDESK_ZENDESK_ACCESS_TOKEN")
        return FixedLogin(f"Bearer {token}")
    if settings.zendesk_email or settings.zendesk_api_token:
        settings.require("zendesk_email", "zendesk_api_token")
        return _api_token_login(settings)
    raise ConfigError(
        "No Zendesk credentials are set.",
        hint="set RISKDESK_ZENDESK_CLIENT_ID and RISKDESK_ZENDESK_CLIENT_SECRET (OAuth).",
    )


def _api_token_login(settings: Settings) -> FixedLogin:
    logger.warning(
        "Zendesk switches API tokens off on 30 April 2027: create an OAuth client and set "
        "RISKDESK_ZENDESK_CLIENT_ID and RISKDESK_ZENDESK_CLIENT_SECRET instead."
    )
    token = _secret(settings.zendesk_api_token or SecretStr(""), "RISKDESK_ZENDESK_API_TOKEN")
    pair = f"{settings.zendesk_email}/token:{token}"
    return FixedLogin("Basic " + base64.b64encode(pair.encode()).decode())


def _secret(secret: SecretStr, variable: str) -> str:
    """Return the token's text; HTTP headers carry only plain characters."""
    text = secret.get_secret_value().strip()
    if not _plain(text):
        raise ConfigError(
            f"{variable} holds characters that no token has.",
            hint="copy the token again, without quotes, blanks or line breaks.",
        )
    return text


def _plain(token: str) -> bool:
    return bool(token) and all("!" <= character <= "~" for character in token)
