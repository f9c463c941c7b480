"""Compares values as search operators do: instants, days, times ago, and words with an order."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.runtime.clock import utc_now

UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
DAY = timedelta(days=1)
DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y")
LONGEST_NUMBER = 6
WRITTEN_LENGTH = len("2024-01-01T00:00:00Z")

Span = tuple[datetime, datetime]  # the first instant, and the first that is no longer in it


def in_time(operator: str, value: str, now: datetime) -> Callable[[Any], bool]:
    """Return a test for instants written as text; a value that is no time fits nothing."""
    span = _span(value, now)
    if span is None:
        return lambda _: False
    first, end = map(_written, span)
    tests: dict[str, Callable[[str], bool]] = {
        ":": lambda text: first <= text < end,
        "<": lambda text: text < first,
        "<=": lambda text: text < end,
        ">": lambda text: text >= end,
        ">=": lambda text: text >= first,
    }
    test = tests[operator]
    return lambda text: bool(text) and test(_comparable(text))


def _written(moment: datetime) -> str:
    """Return an instant so that texts compare as instants do: this is how records have it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _comparable(text: str) -> str:
    if len(text) == WRITTEN_LENGTH and text[-1] == "Z":
        return text
    span = _span(text, utc_now())
    return _written(span[0]) if span else ""


def _span(value: str, now: datetime) -> Span | None:
    """Return the second, or the day, that a value names."""
    ago = _ago(value)
    if ago is not None:
        return now - ago, now - ago
    for shape in DAY_FORMATS:
        try:
            day = datetime.strptime(value, shape).replace(tzinfo=UTC)
            return day, day + DAY
        except (ValueError, OverflowError):
            continue
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC), moment.astimezone(UTC) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None


def _ago(value: str) -> timedelta | None:
    number = value.lower().rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = UNITS.get(value[len(number) :].lower().removesuffix("s"))
    if unit is None or not (number.isascii() and number.isdigit()) or len(number) > LONGEST_NUMBER:
        return None
    try:
        return timedelta(seconds=min(unit.total_seconds() * int(number), 3e10))
    except OverflowError:
        return None


def in_order(operator: str, value: str, words: Sequence[str]) -> set[str]:
    """Return the words of a scale that a comparison leaves; an unknown value leaves none."""
    if value not in words:
        return set()
    place = words.index(value)
    return {
        ":": {value},
        "<": set(words[:place]),
        "<=": set(words[: place + 1]),
        ">": set(words[place + 1 :]),
        ">=": set(words[place:]),
    }[operator]


def in_numbers(operator: str, value: str, found: str) -> bool:
    """Return whether a number compares so with a value; what is no number is compared as text."""
    left: float | str
    right: float | str
    try:
        left, right = float(found), float(value)
    except ValueError:
        left, right = found, value
    return {
        ":": left == right,
        "<": left < right,  # type: ignore[operator]
        "<=": left <= right,  # type: ignore[operator]
        ">": left > right,  # type: ignore[operator]
        ">=": left >= right,  # type: ignore[operator]
    }[operator]
