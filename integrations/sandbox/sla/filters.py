"""Which tickets a policy is for: the conditions of its filter."""

from collections.abc import Iterable
from typing import Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state.store import Record

# stored policies may name these by number, as Zendesk's own screens write them
NUMBERED = {
    "ticket_type_id": ("type", {"question": "1", "incident": "2", "problem": "3", "task": "4"}),
    "priority_id": ("priority", {"low": "1", "normal": "2", "high": "3", "urgent": "4"}),
    "status_id": (
        "status",
        {"new": "0", "open": "1", "pending": "2", "solved": "3", "closed": "4", "hold": "6"},
    ),
}
CHANNEL_NUMBERS = {"web": "0", "email": "4", "api": "5", "chat": "29", "voice": "33"}
PLAIN = frozenset(
    (
        "type priority status group_id assignee_id requester_id organization_id brand_id "
        "ticket_form_id custom_status_id"
    ).split()
)
CUSTOM = ("custom_fields_", "ticket_fields_")
OPERATORS = frozenset(
    (
        "is is_not includes not_includes less_than less_than_equal greater_than greater_than_equal"
    ).split()
)


def fits(ticket: Record, wanted: Any) -> bool:
    """Return whether a ticket meets a filter: all of `all` and, if there are any, one of `any`."""
    every, some = _conditions(wanted, "all"), _conditions(wanted, "any")
    return all(_holds(ticket, one) for one in every) and (
        not some or any(_holds(ticket, one) for one in some)
    )


def is_known_field(field: str) -> bool:
    """Return whether a filter may look at this field."""
    return (
        field in PLAIN
        or field in NUMBERED
        or field in ("current_tags", "via_id", "exact_created_at")
        or field.startswith(CUSTOM)
    )


def _conditions(wanted: Any, name: str) -> list[Record]:
    return (wanted.get(name) or []) if isinstance(wanted, dict) else []


def _holds(ticket: Record, condition: Record) -> bool:
    field, operator = condition.get("field"), condition.get("operator")
    if not isinstance(field, str) or not is_known_field(field):
        return False
    actual, wanted = _actual(ticket, field), _wanted(field, condition.get("value"))
    if operator in ("is", "includes"):
        return not actual.isdisjoint(wanted)
    if operator in ("is_not", "not_includes"):
        return actual.isdisjoint(wanted)
    return _compares(next(iter(actual), ""), str(operator), next(iter(wanted), ""))


def _actual(ticket: Record, field: str) -> set[str]:
    """Return the words that the ticket holds in a field; nothing is the empty word."""
    if field == "current_tags":
        return set(ticket["tags"])
    if field == "via_id":
        channel = ticket["via"]["channel"]
        return {CHANNEL_NUMBERS.get(channel, channel)}
    if field == "exact_created_at":
        return {ticket["created_at"]}
    if field in NUMBERED:
        name, numbers = NUMBERED[field]
        return {numbers.get(ticket[name], ""), ticket[name] or ""}
    if field.startswith(CUSTOM):
        number = field.rpartition("_")[2]
        values = [one["value"] for one in ticket["custom_fields"] if str(one["id"]) == number]
        return set(_words(values[0] if values else None))
    return set(_words(ticket[field]))


def _wanted(field: str, value: Any) -> list[str]:
    return value.split() if field == "current_tags" and isinstance(value, str) else _words(value)


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return ["" if value is None else str(value)]


def _compares(actual: str, operator: str, wanted: str) -> bool:
    pair = _comparable((actual, wanted))
    if pair is None:
        return False
    left, right = pair
    return {
        "less_than": left < right,
        "less_than_equal": left <= right,
        "greater_than": left > right,
        "greater_than_equal": left >= right,
    }.get(operator, False)


def _comparable(words: Iterable[str]) -> list[float] | None:
    """Return two words as numbers or as instants; None when they are neither."""
    for read in (float, lambda word: parse_instant(word).timestamp()):
        try:
            return [read(word) for word in words]
        except (ValueError, OverflowError):
            continue
    return None
