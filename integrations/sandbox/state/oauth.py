"""OAuth: the registered clients and the tokens that were issued to them."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.refusals import not_found
from integrations.sandbox.state.store import Record, Store

SHOWN = 10  # characters of a secret that are shown after its creation
REFRESH_LIFE_S = 30 * 24 * 3600


@dataclass(slots=True, kw_only=True)
class Token:
    """An issued access token: whose it is, what it may, until when (monotonic seconds)."""

    id: int
    client_id: int
    user_id: int
    access: str
    scopes: tuple[str, ...]
    created_at: str
    life: int | None = None  # seconds; None: for ever
    ends: float = float("inf")
    expires_at: str | None = None
    refresh: str | None = None
    refresh_ends: float = 0.0
    refresh_expires_at: str | None = None
    used_at: str | None = None


class OAuth:
    """Clients by id; tokens by themselves, by what refreshes them, and by id."""

    def __init__(
        self, ids: Ids, clock: RecordClock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.clients = Store()
        self._ids = ids
        self._clock = clock
        self._monotonic = monotonic
        self._tokens: dict[int, Token] = {}
        self._by_access: dict[str, Token] = {}
        self._by_refresh: dict[str, Token] = {}

    def add_client(self, *, identifier: str, secret: str | None = None, **fields: Any) -> Record:
        """Register a client; it acts for the user who registered it."""
        stamp = self._in(0)  # no record of the desk: a scene may still play earlier
        return self.clients.add(
            {
                "id": self._ids.record(),
                "identifier": identifier,
                "secret": secret or self._ids.token(),
                "company": None,
                "description": None,
                "global": False,
                "kind": "confidential",
                "logo_url": None,
                "redirect_uri": [],
                "created_at": stamp,
                "updated_at": stamp,
            }
            | fields
        )

    def client(self, identifier: Any, secret: Any) -> Record | None:
        """Return the client with these credentials, or None."""
        found = self.clients.where(identifier=identifier)
        return found[0] if found and found[0]["secret"] == secret else None

    def issue(
        self,
        *,
        client_id: int,
        user_id: int,
        scopes: Iterable[str],
        life: int | None = None,
        refresh_life: int | None = None,
    ) -> Token:
        """Issue a token, with one that refreshes it when that has a life."""
        now = self._monotonic()
        token = Token(
            id=self._ids.record(),
            client_id=client_id,
            user_id=user_id,
            access=self._ids.token(),
            scopes=tuple(scopes),
            created_at=self._in(0),
        )
        if life is not None:
            token.life, token.ends, token.expires_at = life, now + life, self._in(life)
        if refresh_life is not None:
            token.refresh, token.refresh_ends = self._ids.token(), now + refresh_life
            token.refresh_expires_at = self._in(refresh_life)
            self._by_refresh[token.refresh] = token
        self._tokens[token.id] = self._by_access[token.access] = token
        return token

    def find(self, access: str) -> Token | None:
        """Return the token that is still good, and note its use; else None."""
        token = self._by_access.get(access)
        if token is None or self._monotonic() >= token.ends:
            return None
        token.used_at = format_instant(self._clock.now())
        return token

    def take_refresh(self, refresh: Any, client_id: int) -> Token | None:
        """Use up a refresh token: the pair that it belongs to ends with it."""
        token = self._by_refresh.get(refresh) if isinstance(refresh, str) else None
        if token is None or token.client_id != client_id:
            return None
        self.revoke(token)
        return token if self._monotonic() < token.refresh_ends else None

    def get(self, token_id: int) -> Token:
        """Return a token by its id, expired or not; refuse when it was revoked."""
        if token_id not in self._tokens:
            raise not_found()
        return self._tokens[token_id]

    def all(self) -> list[Token]:
        """Return every token that was not revoked, oldest first."""
        return list(self._tokens.values())

    def revoke(self, token: Token) -> None:
        """End a token and what refreshes it."""
        del self._tokens[token.id], self._by_access[token.access]
        if token.refresh:
            del self._by_refresh[token.refresh]

    def expire(self, access: str) -> None:
        """End an access token now; what refreshes it lives on."""
        if access in self._by_access:
            self._by_access[access].ends = 0.0

    def expire_all(self) -> int:
        """End every access token that can expire now; return how many."""
        mortal = [token for token in self._tokens.values() if token.life is not None]
        for token in mortal:
            token.ends = 0.0
        return len(mortal)

    def _in(self, seconds: int) -> str:
        return format_instant(self._clock.now() + timedelta(seconds=seconds))
