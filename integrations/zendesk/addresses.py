"""Which address credentials may be sent to."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from integrations.runtime.errors import ConfigError, ZendeskRefused


def check_address(base_url: str) -> SplitResult:
    """Return scheme and host; ConfigError unless it is https, or http on this machine."""
    try:
        base = urlsplit(base_url.strip().lower())
        plain = base.path.strip("/") == "" and not base.query and "@" not in base.netloc
        safe = base.scheme == "https" or (base.scheme == "http" and is_loopback(base))
        usable = bool(base.hostname) and base.port != 0 and plain and safe
    except ValueError:  # a port that is no number, half an IPv6 address
        usable = False
    if not usable:
        raise ConfigError(
            "RISKDESK_ZENDESK_URL is not an address that credentials may be sent to.",
            hint="use https://your-account.zendesk.com, or http://127.0.0.1:port for the sandbox.",
        )
    return base._replace(path="", fragment="")


def is_loopback(base: SplitResult) -> bool:
    """Tell whether the host is this machine."""
    host = base.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def within(base: SplitResult, url: str) -> str:
    """Return the full address of a path or link of the account; refuse any other host."""
    parts = urlsplit(url)
    if parts.netloc and parts.netloc.lower() != base.netloc:
        raise ZendeskRefused(
            f"An address outside the Zendesk account was asked for: {parts.hostname}.",
            hint="check that RISKDESK_ZENDESK_URL is the address Zendesk uses in its links.",
        )
    return parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()
