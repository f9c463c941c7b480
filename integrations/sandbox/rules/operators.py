"""How conditions compare: for each kind of field, what its operators mean.

A test gets what the field holds and the texts that the condition names. The texts of a reference
are already resolved (`current_user` has become an id); an empty text stands for "nothing".
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from integrations.sandbox.rules.facts import Facts
from integrations.sandbox.state.hours.business_time import business_minutes
from integrations.sandbox.state.ticketing.fields import PRIORITIES, STATUSES

Texts = tuple[str, ...]
Test = Callable[[Any, Texts, Facts], bool]
Span = tuple[Any, Any]  # from, until: what hours are counted in

SCORES = ("unoffered", "offered", "bad", "bad_with_comment", "good", "good_with_comment")
ORDERS = {
    "status": STATUSES,
    "priority": ("", *PRIORITIES),
    "satisfaction": SCORES,
}
HOUR_S, HOUR_MINUTES = 3600, 60
TITLES = {
    "is": "Is",
    "is_not": "Is not",
    "less_than": "Less than",
    "greater_than": "Greater than",
    "less_than_equal": "Less than or equal to",
    "greater_than_equal": "Greater than or equal to",
    "includes": "Contains at least one of the following",
    "not_includes": "Contains none of the following",
    "includes_string": "Contains the following string",
    "not_includes_string": "Does not contain the following string",
    "present": "Present",
    "not_present": "Not present",
    "within_previous_n_days": "Is within the previous",
    "within_next_n_days": "Is within the next",
    "is_business_hours": "(business) Is",
    "less_than_business_hours": "(business) Less than",
    "greater_than_business_hours": "(business) Greater than",
    "changed": "Changed",
    "value": "Changed to",
    "value_previous": "Changed from",
    "not_changed": "Not changed",
    "not_value": "Not changed to",
    "not_value_previous": "Not changed from",
    "changed_to": "Changed to",
    "changed_from": "Changed from",
    "not_changed_to": "Not changed to",
    "not_changed_from": "Not changed from",
}
WITHOUT_VALUE = ("changed", "not_changed", "present", "not_present")


def text_of(value: Any) -> str:
    """Return what a field holds as conditions write it: nothing is empty, a switch is a word."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _negated(test: Test) -> Test:
    return lambda held, wanted, facts: not test(held, wanted, facts)


def _is(held: Any, wanted: Texts, _: Facts) -> bool:
    return text_of(held) in wanted


def _is_text(held: Any, wanted: Texts, _: Facts) -> bool:
    return text_of(held).casefold() in {text.casefold() for text in wanted}


def _shares(held: Iterable[str], wanted: Texts, _: Facts) -> bool:
    return not set(held).isdisjoint(wanted)


def _has_word(held: Any, wanted: Texts, _: Facts) -> bool:
    text = text_of(held).casefold()
    words = [word for part in wanted for word in part.casefold().split()]
    return any(_stands_in(word, text) for word in words)


def _stands_in(word: str, text: str) -> bool:
    """Tell whether a word stands alone in a text; scripts without spaces have no "alone"."""
    if not word.isascii():
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _contains(held: Any, wanted: Texts, _: Facts) -> bool:
    text = text_of(held).casefold()
    return any(part.casefold() in text for part in wanted)


def _includes(held: Any, wanted: Texts, facts: Facts) -> bool:
    if isinstance(held, list):
        return _shares([text_of(one) for one in held], wanted, facts)
    return _has_word(held, wanted, facts)


def _is_present(held: Any, _: Texts, __: Facts) -> bool:
    return held not in (None, "", [], False)


def _ranked(kind: str, sign: int) -> Test:
    """Compare places in a fixed order: new < open < pending < hold < solved < closed."""
    order = ORDERS[kind]

    def test(held: Any, wanted: Texts, _: Facts) -> bool:
        text = text_of(held)
        if text not in order or wanted[0] not in order:
            return False
        return (order.index(text) - order.index(wanted[0])) * sign > 0

    return test


def _measured(sign: int, *, or_equal: bool = False) -> Test:
    """Compare numbers as numbers and days as days; what is neither is never less or more."""

    def test(held: Any, wanted: Texts, _: Facts) -> bool:
        mine, theirs = _measure(text_of(held)), _measure(wanted[0])
        if mine is None or theirs is None or mine[0] != theirs[0]:
            return False
        return or_equal if mine == theirs else (mine > theirs) == (sign > 0)

    return test


def _measure(text: str) -> tuple[str, float, str] | None:
    """Return what orders a text among its kind: numbers by size, days and instants as written."""
    if re.fullmatch(r"-?\d{1,300}(\.\d{1,300})?", text, re.ASCII):
        return "number", float(text), ""
    return ("day", 0, text) if re.match(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None


def _within_days(sign: int) -> Test:
    def test(held: Any, wanted: Texts, facts: Facts) -> bool:
        try:
            away = (date.fromisoformat(text_of(held)[:10]) - facts.now.date()) * sign
        except ValueError:
            return False
        return timedelta(0) <= away <= timedelta(days=int(wanted[0]))

    return test


def hours_of(span: Span, facts: Facts, *, business: bool) -> float:
    """Return the hours in a span, by the calendar or by the account's first schedule."""
    start, end = span
    schedules = facts.account.schedules.all()
    if business and schedules:
        return business_minutes(schedules[0], start, end) / HOUR_MINUTES
    return float((end - start).total_seconds() / HOUR_S)


def _hours(name: str, *, business: bool = False) -> Test:
    """Compare hours; "is" holds for one hour, since automations look once an hour."""

    def test(span: Span | None, wanted: Texts, facts: Facts) -> bool:
        if span is None or span[0] > span[1]:
            return False
        hours, asked = hours_of(span, facts, business=business), int(wanted[0])
        if name == "is":
            return int(hours) == asked
        return hours < asked if name == "less_than" else hours > asked

    return test


EQUALITY = {"is": _is, "is_not": _negated(_is)}
WORDS = {
    "includes": _has_word,
    "not_includes": _negated(_has_word),
    "is": _contains,
    "is_not": _negated(_contains),
}
COUNTS = {"is": _is, "less_than": _measured(-1), "greater_than": _measured(1)}
KINDS: dict[str, dict[str, Test]] = {
    "status": EQUALITY | {"less_than": _ranked("status", -1), "greater_than": _ranked("status", 1)},
    "priority": EQUALITY
    | {"less_than": _ranked("priority", -1), "greater_than": _ranked("priority", 1)},
    "satisfaction": EQUALITY
    | {"less_than": _ranked("satisfaction", -1), "greater_than": _ranked("satisfaction", 1)},
    "choice": EQUALITY,
    "reference": EQUALITY | {"includes": _is, "not_includes": _negated(_is)},
    "tags": {"includes": _shares, "not_includes": _negated(_shares)},
    "one_of": {"is": _shares, "is_not": _negated(_shares)},
    "words": WORDS,
    "count": COUNTS,
    "moment": {
        "less_than": _measured(-1),
        "less_than_equal": _measured(-1, or_equal=True),
        "greater_than": _measured(1),
        "greater_than_equal": _measured(1, or_equal=True),
    },
    "hours": {
        "is": _hours("is"),
        "less_than": _hours("less_than"),
        "greater_than": _hours("greater_than"),
        "is_business_hours": _hours("is", business=True),
        "less_than_business_hours": _hours("less_than", business=True),
        "greater_than_business_hours": _hours("greater_than", business=True),
    },
    "custom": {
        "is": _is_text,
        "is_not": _negated(_is_text),
        "present": _is_present,
        "not_present": _negated(_is_present),
        "includes": _includes,
        "not_includes": _negated(_includes),
        "includes_string": _contains,
        "not_includes_string": _negated(_contains),
        "less_than": _measured(-1),
        "greater_than": _measured(1),
        "less_than_equal": _measured(-1, or_equal=True),
        "greater_than_equal": _measured(1, or_equal=True),
        "within_previous_n_days": _within_days(-1),
        "within_next_n_days": _within_days(1),
    },
}
