"""Conditions of a policy's filter: whether a ticket meets them, or that nobody can tell."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

TAGS_FIELD, TAGS = "current_tags", "tags"
_CUSTOM_FIELD = re.compile(r"(?:custom_fields|ticket_fields)_(\d+)")

Values = frozenset[str]
Verdict = bool | None  # None: nobody can tell
Known = frozenset[str] | None  # all fields that tickets here are known by; None: any


class Condition:
    """One condition `{field, operator, value}`; `doubt` says why it cannot be answered."""

    __slots__ = ("_holds", "doubt", "field", "looks_at_all", "wanted")

    def __init__(self, record: object, known: Known = None) -> None:
        """Read a condition; custom fields are always known, a ticket may have no value in one."""
        self.doubt = _doubt(record, known)
        self.field, self.wanted, self.looks_at_all = "", values(None), False
        if self.doubt is None and isinstance(record, Mapping):
            self.field = field_name(record["field"])
            self.wanted = seen_in(self.field, record.get("value"))
            self.looks_at_all = record["operator"] in {"is", "is_not"}
            self._holds = _OPERATORS[record["operator"]]

    @classmethod
    def doubtful(cls, reason: str) -> "Condition":
        """Return a condition that nobody can answer."""
        unread = cls(None)
        unread.doubt = reason
        return unread

    def answer(self, seen: Mapping[str, Values]) -> Verdict:
        """Judge a ticket by the values of its fields."""
        return None if self.doubt else self._holds(seen[self.field], self.wanted)


class Filter:
    """All of `all` must hold, and one of `any` if there are any."""

    __slots__ = ("alternatives", "required")

    def __init__(
        self, record: object = None, known: Known = None, doubts: Sequence[str] = ()
    ) -> None:
        """Read `{all, any}`; what cannot be read is a condition nobody can answer.

        `doubts` are more of these.
        """
        parts = record if isinstance(record, Mapping) else {}
        self.required = _conditions(parts.get("all"), known)
        self.alternatives = _conditions(parts.get("any"), known)
        if record is not None and not isinstance(record, Mapping):
            self.required = [Condition.doubtful("its filter cannot be read")]
        self.required += map(Condition.doubtful, doubts)

    @property
    def conditions(self) -> Sequence[Condition]:
        """Every condition; none: the filter is empty."""
        return (*self.required, *self.alternatives)

    @property
    def doubt(self) -> str | None:
        """Return why a verdict may be None."""
        return next((each.doubt for each in self.conditions if each.doubt), None)

    def verdict(self, seen: Mapping[str, Values]) -> Verdict:
        """Return whether a ticket with these values falls under the filter."""
        required = [each.answer(seen) for each in self.required]
        alternatives = [each.answer(seen) for each in self.alternatives]
        if False in required or (alternatives and alternatives.count(False) == len(alternatives)):
            return False
        is_open = bool(alternatives) and True not in alternatives
        return None if None in required or is_open else True


def field_name(name: str) -> str:
    """Return what a ticket calls the field of a condition: custom fields by their number."""
    custom = _CUSTOM_FIELD.fullmatch(name)
    return TAGS if name == TAGS_FIELD else custom[1] if custom else name


def seen_in(field: str, value: object) -> Values:
    """Return the value of a field as a set of texts, tags as the set of their words."""
    return words(value) if field == TAGS else values(value)


def values(value: object) -> Values:
    """Return a value as a set of texts; Zendesk sends ids as numbers or as text."""
    if isinstance(value, list | tuple):
        return frozenset([_text(item) for item in value])
    return frozenset((_text(value),))


def words(value: object) -> Values:
    """Return tags, which come as a list or as one text with spaces."""
    items: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    return frozenset([word for item in items for word in _text(item).split()])


def _conditions(records: object, known: Known) -> list[Condition]:
    if records is None:
        return []
    listed = records if isinstance(records, list | tuple) else [records]
    return [Condition(each, known) for each in listed]


def _doubt(record: object, known: Known) -> str | None:
    """Return why a condition cannot be answered."""
    if not isinstance(record, Mapping) or not isinstance(record.get("field"), str):
        return "a condition cannot be read"
    name, operator = record["field"], record.get("operator")
    if not isinstance(operator, str) or operator not in _OPERATORS:
        return f"the operator {str(operator)[:40]!r} is unknown"
    if known is None or name in known or field_name(name) != name:
        return None
    return f"nobody knows the field {name[:40]!r} of a ticket"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


_OPERATORS: Mapping[str, Callable[[Values, Values], bool]] = {
    "is": lambda actual, wanted: actual == wanted,
    "is_not": lambda actual, wanted: actual != wanted,
    "includes": lambda actual, wanted: not actual.isdisjoint(wanted),
    "not_includes": lambda actual, wanted: actual.isdisjoint(wanted),
}
