"""The real client on a running sandbox, for the contract tests."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.runtime.settings import Settings
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from integrations.zendesk.account import connect
from integrations.zendesk.client import ZendeskClient
from tests.support.sandbox import LIFTED

TICKETS = 120

OAUTH = {"client_id": "riskdesk", "client_secret": "sandbox-secret"}
BEARER = {"access_token": "sandbox"}
API_TOKEN = {"email": "admin@example.com", "api_token": "sandbox"}


def connected(url: str, credentials: dict[str, str]) -> ZendeskClient:
    empty = dict.fromkeys([*OAUTH, *BEARER, *API_TOKEN])
    settings = {f"zendesk_{name}": value for name, value in (empty | credentials).items()}
    return connect(
        Settings(
            zendesk_url=url,
            requests_per_minute=100_000,
            export_requests_per_minute=100_000,
            ticket_updates_per_minute=100_000,
            **settings,  # type: ignore[arg-type]
        )
    )


def sandbox_with(**config: Any) -> SandboxConfig:
    return SandboxConfig(seed=3, export_lag=timedelta(0), **(LIFTED | config))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_sandbox(sandbox_with(tickets=TICKETS)) as sandbox:
        yield sandbox.url


@pytest.fixture(scope="module")
def client(url: str) -> ZendeskClient:
    return connected(url, BEARER)


def complaint(client: ZendeskClient, key: str, subject: str = "冻结 frozen 👍") -> dict[str, Any]:
    ticket = {"subject": subject, "comment": {"body": "My account is frozen."}, "tags": ["desk"]}
    return client.create_ticket(ticket, idempotency_key=key)
