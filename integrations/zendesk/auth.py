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
    """Access tokens by client credentials; one thread fetches a new one, the others wait for it."""

    def __init__(
        self,
        client_id: str,
        client_secret: SecretStr,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._header: SecretStr | None = None
        self._valid_until = float("inf")

    def authorization(self, ask: AskToken) -> str:
        """Return the header with a token that is still good for a while."""
        with self._lock:
            if self._header is None or self._monotonic() >= self._valid_until:
                self._fetch(ask)
            return self._current()

    def renew(self, rejected: str, ask: AskToken) -> bool:
        """Fetch a new token unless another thread already replaced the rejected one."""
        with self._lock:
            if self._current() == rejected:
                self._fetch(ask)
            return True

    def _current(self) -> str:
        return self._header.get_secret_value() if self._header else ""

    def _fetch(self, ask: AskToken) -> None:
        asked_at = self._monotonic()
        answer = ask(
            {
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_secret": self._client_secret.get_secret_value(),
                "scope": "read write",
                "expires_in": TOKEN_LIFETIME_S,
            }
        )
        token, lifetime = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not _plain(token):
            raise LoginRefused(
                "Zendesk's token endpoint answered without a usable access token.",
                hint="check RISKDESK_ZENDESK_URL and that the OAuth client is confidential.",
            )
        self._header = SecretStr(f"Bearer {token}")
        self._valid_until = float("inf")  # accounts may issue tokens without an end
        if isinstance(lifetime, int | float) and lifetime > 0:
            self._valid_until = asked_at + lifetime - min(EARLY_S, lifetime / 10)


def choose_login(
    settings: Settings, *, monotonic: Callable[[], float] = time.monotonic
) -> OAuthLogin | FixedLogin:
    """Return the best login that the settings allow; ConfigError names what is missing."""
    if settings.zendesk_client_id or settings.zendesk_client_secret:
        settings.require("zendesk_client_id", "zendesk_client_secret")
        return OAuthLogin(
            settings.zendesk_client_id or "",
            settings.zendesk_client_secret or SecretStr(""),
            monotonic=monotonic,
        )
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
