"""The newest OAuth tokens: kept by this process, or sealed where all processes find them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

import msgspec
from pydantic import SecretStr
from sqlalchemy import select

from integrations.runtime.database import insert_into
from integrations.zendesk.meeting_point import FAILURES, MeetingPoint, now, tokens
from integrations.zendesk.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, how long it is good, and the refresh token that came with it."""

    access: SecretStr
    refresh: SecretStr | None = None
    good_for_s: float | None = None  # None: without an end


class TokenStore(Protocol):
    """Where the newest tokens are."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else renew meanwhile."""

    def newest(self) -> Tokens | None:
        """Return the newest tokens, good or not."""

    def keep(self, found: Tokens) -> None:
        """Make these the newest."""


@dataclass(slots=True)
class OwnTokens:
    """The tokens of this process alone."""

    tokens: Tokens | None = field(default=None, repr=False)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else renew meanwhile: nobody else is there."""
        yield

    def newest(self) -> Tokens | None:
        """Return nothing: whoever asks has them already."""
        return self.tokens

    def keep(self, found: Tokens) -> None:
        """Make these the newest."""
        # How long they are good is measured by the login; here only the refresh token counts.
        self.tokens = Tokens(found.access, found.refresh, good_for_s=0.0)


class SharedTokens:
    """The tokens of all processes with the same account and OAuth client."""

    def __init__(
        self, meeting_point: MeetingPoint, account: str, client_id: str, secret: SecretStr
    ) -> None:
        self._meeting_point = meeting_point
        self._secret = secret
        self._login = f"{account} {sha256(client_id.encode()).hexdigest()[:16]}"
        self._own = OwnTokens()  # where there is no place to meet

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else renew meanwhile, in any process."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._meeting_point.alone())
            except FAILURES as error:
                self._meeting_point.failed(error)
            yield

    def newest(self) -> Tokens | None:
        """Return the newest tokens, good or not; None when nobody left any that we can read."""
        try:
            with self._meeting_point.open() as connection:
                if connection is not None:
                    query = select(tokens.c.sealed, tokens.c.good_until)
                    row = connection.execute(query.where(tokens.c.login == self._login)).first()
                    if row is not None:
                        good_until = row.good_until
                        good = None if good_until is None else good_until - now(connection)
                        return self._unsealed(row.sealed, good)
        except FAILURES as error:
            self._meeting_point.failed(error)
        return self._own.newest()

    def keep(self, found: Tokens) -> None:
        """Make these the newest of all processes."""
        self._own.keep(found)
        refresh = found.refresh.get_secret_value() if found.refresh else None
        pair = msgspec.json.encode([found.access.get_secret_value(), refresh]).decode()
        sealed = seal(self._secret.get_secret_value(), pair)
        try:
            with self._meeting_point.open() as connection:
                if connection is not None:
                    good = found.good_for_s
                    until = None if good is None else now(connection) + good
                    insert = insert_into(connection, tokens).values(
                        login=self._login, sealed=sealed, good_until=until
                    )
                    newer = {"sealed": sealed, "good_until": until}
                    connection.execute(
                        insert.on_conflict_do_update(index_elements=["login"], set_=newer)
                    )
        except FAILURES as error:
            self._meeting_point.failed(error)

    def _unsealed(self, sealed: str, good_for_s: float | None) -> Tokens | None:
        pair = unseal(self._secret.get_secret_value(), sealed)
        if pair is None:  # the client has a new secret since
            return None
        access, refresh = msgspec.json.decode(pair, type=tuple[str, str | None])
        return Tokens(SecretStr(access), SecretStr(refresh) if refresh else None, good_for_s)
