"""Other people's tests get a sandbox by naming the fixture."""

import pytest
import requests

from integrations.sandbox.server import Sandbox

BEARER = {"Authorization": "Bearer sandbox"}


def tickets(sandbox: Sandbox) -> int:
    url = f"{sandbox.url}/api/v2/tickets/count.json"
    count: int = requests.get(url, headers=BEARER, timeout=10).json()["count"]["value"]
    return count


def test_the_fixture_gives_an_empty_sandbox(zendesk_sandbox: Sandbox) -> None:
    assert tickets(zendesk_sandbox) == 0


@pytest.mark.zendesk_sandbox(tickets=5, seed=7)
def test_a_marker_gives_it_a_past(zendesk_sandbox: Sandbox) -> None:
    assert tickets(zendesk_sandbox) == 5
