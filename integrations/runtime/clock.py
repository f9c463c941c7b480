"""The one place that reads the machine's clock; everything else is given `now`."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present instant, UTC-aware."""
    return datetime.now(UTC)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant as Zendesk writes it (`2025-01-08T10:12:07Z`, also with ns).

    Raises ValueError when the text is no instant, names no time zone or lies outside the calendar.
    """
    head, dot, rest = text.partition(".")
    if dot:  # nanoseconds are cut: Python keeps microseconds
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{head}.{rest[: min(digits, 6)]:0<6}{rest[digits:]}"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is outside the calendar") from None


def format_instant(moment: datetime) -> str:
    """Write an instant as Zendesk does: whole seconds, UTC, `Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
