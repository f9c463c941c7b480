"""What the words of a template stand for: literals, paths into the scope, comparisons."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox.rules.liquid.template import BrokenTemplate, Words

STEP = re.compile(r"\[([^\]]*)\]|([\w-]+\??)", re.ASCII)
CONSTANTS = {"true": True, "false": False, "nil": None, "null": None, "blank": "", "empty": ""}
LONGEST_RANGE = 1000
WIDTH_OF_COMPARISON, WIDTH_OF_RANGE = 3, 5

Scope = Mapping[str, Any]


def value_of(word: tuple[str, str], scope: Scope) -> Any:
    """Return what one word stands for; an unknown path is nothing."""
    kind, written = word
    if kind == "text":
        return written[1:-1]
    if kind == "number":
        return number_of(written)
    if kind == "sign":
        raise BrokenTemplate(written)
    if written in CONSTANTS:
        return CONSTANTS[written]
    value: Any = scope
    for inside, name in STEP.findall(written):
        value = _member(value, _key(inside, scope) if inside else name)
    return value


def _key(inside: str, scope: Scope) -> Any:
    if inside[:1] in "\"'":
        return inside.strip("\"'")
    return (
        int(inside) if inside.isascii() and inside.isdigit() else value_of(("path", inside), scope)
    )


def _member(value: Any, name: Any) -> Any:
    """Return one member of an object or list, or of nothing: nothing. No attribute is read."""
    if isinstance(value, Mapping):
        found = value.get(name)
    elif isinstance(value, list):
        places = {"first": 0, "last": -1}
        place = places.get(name, name)
        in_reach = isinstance(place, int) and -len(value) <= place < len(value)
        found = value[place] if in_reach else None
    else:
        found = None
    if found is None and name == "size" and isinstance(value, list | str):
        return len(value)
    return found() if callable(found) else found


def number_of(value: Any) -> int | float | None:
    """Return a number, or None for what is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value
    text = str(value)
    if not re.fullmatch(r"\s*-?\d{1,15}(\.\d{1,15})?\s*", text, re.ASCII):
        return None
    return float(text) if "." in text else int(text)


def items_of(words: Words, scope: Scope) -> list[Any]:
    """Return what a loop goes over: a list, or a range like (1..5)."""
    if words[0] == ("sign", "(") and len(words) >= WIDTH_OF_RANGE:
        ends = [number_of(value_of(words[place], scope)) or 0 for place in (1, 3)]
        first, last = int(ends[0]), int(ends[1])
        return list(range(first, min(last, first + LONGEST_RANGE) + 1))
    value = value_of(words[0], scope)
    return value if isinstance(value, list) else []


def holds(words: Words, scope: Scope) -> bool:
    """Return whether a condition holds; as in Liquid, `and` and `or` are read from the right."""
    for place, word in enumerate(words):
        if word in (("path", "and"), ("path", "or")):
            left, right = _compared(words[:place], scope), holds(words[place + 1 :], scope)
            return (left and right) if word[1] == "and" else (left or right)
    return _compared(words, scope)


def _compared(words: Words, scope: Scope) -> bool:
    if len(words) == 1:
        value = value_of(words[0], scope)
        return value is not None and value is not False
    if len(words) != WIDTH_OF_COMPARISON or words[1][1] not in COMPARISONS:
        raise BrokenTemplate("condition")
    left, right = value_of(words[0], scope), value_of(words[2], scope)
    if words[2][1] in ("blank", "empty") and left in (None, "", [], False):
        left = ""
    return COMPARISONS[words[1][1]](left, right)


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return str(right) in left
    return isinstance(left, list) and right in left


def _ordered(test: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        mine, theirs = number_of(left), number_of(right)
        return mine is not None and theirs is not None and test(mine, theirs)

    return compare


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "<>": lambda left, right: bool(left != right),
    "contains": _contains,
    "<": _ordered(lambda left, right: left < right),
    ">": _ordered(lambda left, right: left > right),
    "<=": _ordered(lambda left, right: left <= right),
    ">=": _ordered(lambda left, right: left >= right),
}
