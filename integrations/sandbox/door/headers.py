"""The header that every answer of the sandbox bears: its own time."""

from email.utils import format_datetime

from integrations.sandbox.state.account import Account


def date_header(account: Account) -> dict[str, str]:
    """Return the Date header by the record clock."""
    return {"Date": format_datetime(account.clock.now(), usegmt=True)}
