"""The filters of Liquid: what can be done to a value before it is put out."""

import re
from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from integrations.runtime.clock import parse_instant
from integrations.sandbox.rules.liquid.template import BrokenTemplate, Words
from integrations.sandbox.rules.liquid.values import Scope, number_of, value_of

LONGEST, MOST_ITEMS, BIGGEST = 65_536, 5000, 10**18
DATE_PARTS = frozenset("aAbBdHIjmMpSyYZ%")
Filter = Callable[..., Any]


def filtered(words: Words, scope: Scope) -> Any:
    """Return the value of an expression: a word, then filters with their arguments."""
    if not words:
        return None
    value = value_of(words[0], scope)
    place = 1
    while place < len(words):
        if words[place] != ("sign", "|") or place + 1 >= len(words):
            raise BrokenTemplate("filter")
        name, arguments = words[place + 1][1], []
        place += 2
        while place < len(words) and words[place] != ("sign", "|"):
            if words[place][0] != "sign":
                arguments.append(value_of(words[place], scope))
            place += 1
        value = _bounded(name, value, arguments)
    return value


def _bounded(name: str, value: Any, arguments: list[Any]) -> Any:
    """Do one filter; an unknown one does nothing, and what grows too long is refused."""
    if name not in FILTERS:
        return value
    try:
        result = FILTERS[name](value, *arguments)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        raise BrokenTemplate(name) from None
    if _is_too_big(result):
        raise BrokenTemplate(name)
    return result


def _is_too_big(result: Any) -> bool:
    if isinstance(result, str):
        return len(result) > LONGEST
    if isinstance(result, list):
        return len(result) > MOST_ITEMS
    return isinstance(result, int | float) and abs(result) > BIGGEST


def shown(value: Any) -> str:
    """Return a value as it is put out: nothing is empty, a list has its items side by side."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "".join(shown(one) for one in value)
    return "" if isinstance(value, dict) else str(value)


def _on_text(change: Callable[..., Any]) -> Filter:
    return lambda value, *more: change(shown(value), *(shown(one) for one in more))


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Filter:
    def change(value: Any, other: Any) -> Any:
        return compute(number_of(value) or 0, number_of(other) or 0)

    return change


def _replace(text: str, old: str, new: str = "") -> str:
    grows = text.count(old) * len(new) + len(text)
    if grows > LONGEST:
        raise ValueError(old)
    return text.replace(old, new) if old else text


def _truncate(value: Any, length: Any = 50, end: Any = "...") -> str:
    text, most = shown(value), int(number_of(length) or 0)
    return text if len(text) <= most else text[: max(0, most - len(shown(end)))] + shown(end)


def _truncate_words(value: Any, how_many: Any = 15, end: Any = "...") -> str:
    words, most = shown(value).split(), int(number_of(how_many) or 0)
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + shown(end)


def _slice(value: Any, start: Any, length: Any = 1) -> Any:
    text = value if isinstance(value, list) else shown(value)
    first = int(number_of(start) or 0)
    first = max(0, first + len(text)) if first < 0 else first
    return text[first : first + max(0, int(number_of(length) or 0))]


def _split(value: Any, by: Any) -> list[str]:
    text = shown(value)
    return text.split(shown(by)) if shown(by) else list(text)


def _date(value: Any, layout: Any) -> str:
    """Write an instant; parts of the layout that every machine knows, and no others."""
    moment = _moment(value)
    if moment is None:
        return shown(value)
    return re.sub(
        r"%(-?)(.)",
        lambda found: _date_part(moment, found[2], bare=bool(found[1])),
        shown(layout),
    )


def _date_part(moment: datetime, part: str, *, bare: bool) -> str:
    if part not in DATE_PARTS:
        return f"%{part}"
    text = moment.strftime(f"%{part}")
    return text.lstrip("0") or "0" if bare else text


def _moment(value: Any) -> datetime | None:
    try:
        return parse_instant(shown(value))
    except ValueError:
        return None


def _default(value: Any, other: Any = "") -> Any:
    return other if value in (None, False, "", []) else value


FILTERS: dict[str, Filter] = {
    "upcase": _on_text(str.upper),
    "downcase": _on_text(str.lower),
    "capitalize": _on_text(str.capitalize),
    "strip": _on_text(str.strip),
    "lstrip": _on_text(str.lstrip),
    "rstrip": _on_text(str.rstrip),
    "strip_newlines": _on_text(lambda text: re.sub(r"[\r\n]", "", text)),
    "strip_html": _on_text(lambda text: re.sub(r"<[^>]*>", "", text)),
    "newline_to_br": _on_text(lambda text: text.replace("\n", "<br />\n")),
    "escape": _on_text(escape),
    "url_encode": _on_text(lambda text: quote(text, safe="")),
    "append": _on_text(lambda text, more: text + more),
    "prepend": _on_text(lambda text, more: more + text),
    "remove": _on_text(lambda text, what: text.replace(what, "") if what else text),
    "remove_first": _on_text(lambda text, what: text.replace(what, "", 1)),
    "replace": _on_text(_replace),
    "replace_first": _on_text(lambda text, old, new="": text.replace(old, new, 1)),
    "truncate": _truncate,
    "truncatewords": _truncate_words,
    "slice": _slice,
    "split": _split,
    "join": lambda value, by=" ": shown(by).join(
        shown(one) for one in (value if isinstance(value, list) else [value])
    ),
    "first": lambda value: value[0] if isinstance(value, list) and value else None,
    "last": lambda value: value[-1] if isinstance(value, list) and value else None,
    "reverse": lambda value: value[::-1] if isinstance(value, list) else value,
    "size": lambda value: len(value) if isinstance(value, list | str) else 0,
    "date": _date,
    "default": _default,
    "plus": _arithmetic(lambda left, right: left + right),
    "minus": _arithmetic(lambda left, right: left - right),
    "times": _arithmetic(lambda left, right: left * right),
    "divided_by": _arithmetic(
        lambda left, right: left // right if isinstance(right, int) else left / right
    ),
    "modulo": _arithmetic(lambda left, right: left % right),
    "round": lambda value: round(number_of(value) or 0),
}
