"""Which addresses may see credentials."""

import pytest

from integrations.runtime.errors import ConfigError
from integrations.zendesk.addresses import check_address


@pytest.mark.parametrize(
    ("url", "netloc"),
    [
        ("https://acme.zendesk.com", "acme.zendesk.com"),
        ("https://ACME.zendesk.com/", "acme.zendesk.com"),
        ("http://127.0.0.1:8123/", "127.0.0.1:8123"),
        ("http://localhost:8123", "localhost:8123"),
        ("http://[::1]:8123", "[::1]:8123"),
    ],
)
def test_an_account_and_a_local_sandbox_are_addresses(url: str, netloc: str) -> None:
    assert check_address(url).netloc == netloc


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.zendesk.com",
        "http://127.0.0.1.evil.example",
        "https://acme.zendesk.com/api/v2",
        "https://acme.zendesk.com/?x=1",
        "https://me:secret@acme.zendesk.com",
        "https://",
        "https://acme.zendesk.com:port",
        "https://[::1",
        "ftp://acme.zendesk.com",
        "acme.zendesk.com",
        "",
    ],
)
def test_anything_else_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError, match="RISKDESK_ZENDESK_URL"):
        check_address(url)
