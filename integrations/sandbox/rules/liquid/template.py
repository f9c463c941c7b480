"""Reads a Liquid template into a tree: texts, outputs, and tags with what stands inside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST, MOST_WORDS = 20, 200
OPENING = re.compile(r"\{\{|\{%")
CLOSING = {"{{": "}}", "{%": "%}"}
WORD = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d{1,15}(?:\.\d{1,15})?)(?!\w|\.\d)"""
    r"""|(?P<path>[A-Za-z_][\w-]*\??(?:\.[\w-]+\??|\[[^\]]{1,100}\])*)"""
    r"""|(?P<sign>==|!=|<>|<=|>=|\.\.|[<>|:,=()]))""",
    re.ASCII,
)
RAW_END = re.compile(r"\{%-?\s*endraw\s*-?%\}")
BLOCKS = frozenset(("if", "unless", "case", "for", "capture", "comment"))
BRANCHES = frozenset(("elsif", "else", "when"))
PLAIN = frozenset(("assign", "break", "continue"))

Words = list[tuple[str, str]]  # (text, number, path or sign; what is written)


class BrokenTemplate(ValueError):
    """The template cannot be understood, or asks for too much."""


@dataclass(slots=True)
class Node:
    """A piece of a template; a block has branches: (tag, words, what stands inside)."""

    tag: str
    words: Words = field(default_factory=list)
    text: str = ""
    branches: list[tuple[str, Words, list["Node"]]] = field(default_factory=list)


def parsed(template: str) -> list[Node]:
    """Return the pieces of a template."""
    top: list[Node] = []
    blocks: list[tuple[Node, list[Node]]] = []  # open ones, with the list that they stand in
    here = top
    for node in _nodes(template):
        if node.tag in BLOCKS:
            here.append(node)
            blocks.append((node, here))
            here = []
            node.branches.append((node.tag, node.words, here))
        elif node.tag in BRANCHES and blocks:
            here = []
            blocks[-1][0].branches.append((node.tag, node.words, here))
        elif node.tag.startswith("end") and blocks and node.tag == f"end{blocks[-1][0].tag}":
            here = blocks.pop()[1]
        elif node.tag in ("text", "output", *PLAIN):
            here.append(node)
        else:
            raise BrokenTemplate(node.tag)
        if len(blocks) > DEEPEST:
            raise BrokenTemplate("too deep")
    if blocks:
        raise BrokenTemplate("a tag is not closed")
    return top


def _nodes(template: str) -> Iterator[Node]:
    """Yield texts, outputs and tags in a row; what stands in raw is text."""
    place, strips = 0, False
    while found := OPENING.search(template, place):
        end = template.find(CLOSING[found[0]], found.end())
        if end < 0:
            raise BrokenTemplate("a tag does not end")
        inner, before = template[found.end() : end], template[place : found.start()]
        before = before.lstrip() if strips else before
        yield Node("text", text=before.rstrip() if inner.startswith("-") else before)
        place, strips = end + len(found[0]), inner.endswith("-")
        inner = inner.strip("-").strip()
        if found[0] == "{{":
            yield Node("output", words_of(inner))
            continue
        name, rest = [*inner.split(None, 1), "", ""][:2]
        if name == "raw":
            raw_end = RAW_END.search(template, place)
            if raw_end is None:
                raise BrokenTemplate("raw")
            yield Node("text", text=template[place : raw_end.start()])
            place = raw_end.end()
        else:
            yield Node(name, [] if name == "comment" else words_of(rest))
    yield Node("text", text=template[place:].lstrip() if strips else template[place:])


def words_of(text: str) -> Words:
    """Return the words of a tag."""
    words: Words = []
    place, end = 0, len(text.rstrip())
    while place < end:
        found = WORD.match(text, place)
        if found is None or found.lastgroup is None or len(words) == MOST_WORDS:
            raise BrokenTemplate(text)
        words.append((found.lastgroup, found[found.lastgroup]))
        place = found.end()
    return words
