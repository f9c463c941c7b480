"""Signed deliveries as Zendesk sends them, and a receiver that takes them."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, RowMapping, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from integrations.runtime.clock import format_instant, utc_now
from integrations.runtime.database import reading
from integrations.runtime.settings import Settings
from integrations.webhooks.events import Delivery, parse_delivery
from integrations.webhooks.inbox import InboxWriter
from integrations.webhooks.signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from integrations.webhooks.tables import deliveries
from integrations.webhooks.views import PATH, webhook_route

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIXTURES = Path(__file__).resolve().parents[1] / "integrations" / "webhooks" / "fixtures"


def body_of(event: str) -> bytes:
    """Return the body of a recorded-looking delivery, named after its event."""
    return (FIXTURES / f"{event}.json").read_bytes()


def make_body(event_id: str = "evt-1", **changes: Any) -> bytes:
    """Build the body of a `created` event; None as a change leaves the key out."""
    event = {
        "account_id": 90001,
        "id": event_id,
        "type": "zen:event-type:ticket.created",
        "subject": "zen:ticket:17",
        "time": "2026-03-03T11:59:58.123456789Z",
        "zendesk_event_version": "2022-11-06",
        "event": {},
        "detail": {"id": "17", "actor_id": "501", "tags": None},
    } | changes
    return json.dumps({key: value for key, value in event.items() if value is not None}).encode()


def make_delivery(event_id: str = "evt-1", **changes: Any) -> Delivery:
    """Build what the inbox stores of a `created` event."""
    return parse_delivery(make_body(event_id, **changes))


def signed(secret: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the two headers that sign a body."""
    timestamp = format_instant(at)
    return {SIGNATURE_HEADER: sign(secret, timestamp, body), TIMESTAMP_HEADER: timestamp}


def stored(engine: Engine) -> Sequence[RowMapping]:
    """Return everything in the inbox, oldest first."""
    with reading(engine) as connection:
        return connection.execute(select(deliveries).order_by(deliveries.c.id)).mappings().all()


class Receiver:
    """The webhook receiver behind a test client; `told` are the tickets of each stored batch."""

    def __init__(self, engine: Engine, client: TestClient, told: list[list[int]]) -> None:
        self.engine = engine
        self.client = client
        self.told = told

    def deliver(
        self,
        body: bytes,
        *,
        signer: str = "new",
        age: timedelta = timedelta(0),
        headers: Mapping[str, str] | None = None,
        in_pieces: int | None = None,
    ) -> int:
        """Send a body and return the status; `in_pieces` sends it chunked, without a length."""
        content = _pieces(body, in_pieces) if in_pieces else body
        chosen = signed(signer, body, at=utc_now() - age) if headers is None else dict(headers)
        return self.client.post(PATH, content=content, headers=chosen).status_code

    @property
    def rows(self) -> Sequence[RowMapping]:
        """Return everything in the inbox, oldest first."""
        return stored(self.engine)


def _pieces(body: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def make_settings(**changes: Any) -> Settings:
    """Build settings with two webhook secrets, as during a rotation."""
    return Settings(webhook_secrets=(SecretStr("new"), SecretStr("old")), **changes)


@contextmanager
def receiving(
    engine: Engine, *, on_stored: Callable[[Collection[int]], None] | None = None
) -> Iterator[Receiver]:
    """Run the receiver on a database."""
    told: list[list[int]] = []
    writer = InboxWriter(engine, on_stored or (lambda tickets: told.append(list(tickets))))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> Any:
        writer.start()
        yield
        writer.stop()

    app = Starlette(routes=[webhook_route(make_settings(), writer)], lifespan=lifespan)
    with TestClient(app) as client:
        yield Receiver(engine, client, told)
