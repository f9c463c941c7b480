"""Fills a template with what its placeholders stand for.

Templates are written by strangers: nothing in them runs code, and each filling has a bound on its
loops and on what it writes. A template that is broken stays as it is written.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from integrations.sandbox.rules.liquid.filters import filtered, shown
from integrations.sandbox.rules.liquid.template import BrokenTemplate, Node, Words, parsed
from integrations.sandbox.rules.liquid.values import holds, items_of, number_of, value_of

LONGEST_TEMPLATE, LONGEST_TEXT, MOST_STEPS = 65_536, 262_144, 5000
SIGN_WIDTH = 2


@dataclass(slots=True)
class _Run:
    """One filling: its variables, and how much of its bounds is used."""

    scope: dict[str, Any]
    escape: Callable[[str], str]
    steps: int = 0
    length: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise BrokenTemplate("too many steps")

    def written(self, text: str) -> str:
        self.length += len(text)
        if self.length > LONGEST_TEXT:
            raise BrokenTemplate("too long")
        return text


class _Leave(Exception):
    """A loop is left, or its turn is."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def render(
    template: str, scope: Mapping[str, Any], escape: Callable[[str], str] = lambda text: text
) -> str:
    """Return a template filled from `scope`; `escape` is done to every value that is put out.

    A value of the scope may be a function: it is called when a template asks for it.
    """
    if "{" not in template or len(template) > LONGEST_TEMPLATE:
        return template
    try:
        return "".join(_texts(parsed(template), _Run(dict(scope), escape)))
    except (BrokenTemplate, _Leave):
        return template


def _texts(nodes: list[Node], run: _Run) -> Iterator[str]:
    for node in nodes:
        run.step()
        if node.tag == "text":
            yield run.written(node.text)
        elif node.tag == "output":
            yield run.written(run.escape(shown(filtered(node.words, run.scope))))
        elif node.tag in ("break", "continue"):
            raise _Leave(node.tag)
        else:
            yield from DOING[node.tag](node, run)


def _assign(node: Node, run: _Run) -> Iterator[str]:
    if len(node.words) <= SIGN_WIDTH or node.words[1] != ("sign", "="):
        raise BrokenTemplate("assign")
    value = filtered(node.words[SIGN_WIDTH:], run.scope)
    run.scope[node.words[0][1]] = run.written(value) if isinstance(value, str) else value
    yield ""


def _capture(node: Node, run: _Run) -> Iterator[str]:
    if len(node.words) != 1:
        raise BrokenTemplate("capture")
    run.scope[node.words[0][1].strip("'\"")] = "".join(_texts(node.branches[0][2], run))
    yield ""


def _comment(_: Node, __: _Run) -> Iterator[str]:
    yield ""


def _choose(node: Node, run: _Run) -> Iterator[str]:
    """Put out the first branch that holds."""
    subject = filtered(node.words, run.scope) if node.tag == "case" else None
    for tag, words, inside in node.branches:
        if _is_chosen(tag, words, subject, run):
            yield from _texts(inside, run)
            return


def _is_chosen(tag: str, words: Words, subject: Any, run: _Run) -> bool:
    if tag == "when":
        values = [value_of(word, run.scope) for word in words if word[0] != "sign"]
        return subject in values
    if tag in ("if", "elsif"):
        return holds(words, run.scope)
    return tag == "else" or (tag == "unless" and not holds(words, run.scope))


def _loop(node: Node, run: _Run) -> Iterator[str]:
    """Put out the inside for each item; `forloop` tells where the loop is."""
    words = node.words
    if len(words) <= SIGN_WIDTH or words[1] != ("path", "in"):
        raise BrokenTemplate("for")
    items = _window(items_of(words[SIGN_WIDTH:], run.scope), words, run)
    if not items:
        for _, _, inside in node.branches[1:]:
            yield from _texts(inside, run)
        return
    for place, item in enumerate(items):
        run.step()
        at = {"index": place + 1, "index0": place, "first": place == 0, "length": len(items)}
        run.scope |= {words[0][1]: item, "forloop": at | {"last": place + 1 == len(items)}}
        try:
            yield from _texts(node.branches[0][2], run)
        except _Leave as leave:
            if leave.tag == "break":
                return


def _window(items: list[Any], words: Words, run: _Run) -> list[Any]:
    named = {
        name: number_of(value_of(words[place + 2], run.scope)) or 0
        for place, (_, name) in enumerate(words[:-2])
        if name in ("limit", "offset") and words[place + 1] == ("sign", ":")
    }
    offset = max(0, int(named.get("offset", 0)))
    limit = max(0, int(named.get("limit", MOST_STEPS)))
    chosen = list(islice(items, offset, offset + limit))
    return chosen[::-1] if ("path", "reversed") in words else chosen


DOING: dict[str, Callable[[Node, _Run], Iterator[str]]] = {
    "assign": _assign,
    "capture": _capture,
    "comment": _comment,
    "if": _choose,
    "unless": _choose,
    "case": _choose,
    "for": _loop,
}
