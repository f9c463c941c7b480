"""A Zendesk for other people's tests: the fixture `zendesk_sandbox`, there where riskdesk is.

```python
@pytest.mark.zendesk_sandbox(tickets=50, seed=7)
def test_our_client_reads_every_ticket(zendesk_sandbox):
    client = OurClient(zendesk_sandbox.url, token="sandbox")
    assert len(client.tickets()) == 50
```
"""

from collections.abc import Iterator

import pytest

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import Sandbox, running_sandbox

MARKER = "zendesk_sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    about = f"{MARKER}(**settings): start the sandbox with these fields of its SandboxConfig"
    config.addinivalue_line("markers", about)


@pytest.fixture
def zendesk_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Give a fresh sandbox on a free port: `.url`, `.state`, `.deliveries` and `.dice`."""
    marker = request.node.get_closest_marker(MARKER)
    with running_sandbox(SandboxConfig(**(marker.kwargs if marker else {}))) as sandbox:
        yield sandbox
