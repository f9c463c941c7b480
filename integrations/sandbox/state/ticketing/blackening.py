"""Redaction of text: the same characters are blackened in plain text and in its HTML.

Both forms of a comment hold the same visible characters, but not the same spaces and breaks. So a
place is the number of a character that is no space, counted from the start.
"""

import re
from collections.abc import Iterator
from html import unescape

BLACK = "\u2587"
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z0-9]{2,32});")
TAG_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9-]*)")
TAG_START = re.compile(r"<[a-zA-Z/!?]")
MARKED_TAG = re.compile(r"\sredact(?=[\s/>=])", re.IGNORECASE)
ADDRESS = re.compile(r"""\s(?:src|href)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
VOID = ("br", "img", "hr", "input", "wbr")

Piece = tuple[str, str]  # (source, visible text); a tag shows nothing


def visible(text: str) -> str:
    """Return the characters of a text that are no spaces."""
    return "".join(text.split())


def places_of(wanted: str, text: str) -> set[int]:
    """Return the places of every occurrence of some words in a text."""
    found: set[int] = set()
    needle = visible(wanted)
    start = text.find(wanted) if needle else -1
    counted, seen = 0, 0
    while start >= 0:
        counted += len(visible(text[seen:start]))
        found |= set(range(counted, counted + len(needle)))
        seen = start
        start = text.find(wanted, start + len(wanted))
    return found


def blackened(text: str, places: set[int]) -> str:
    """Return plain text with the characters at these places, and spaces between them, in black."""
    return "".join(_black(((one, one) for one in text), places))


def blackened_html(html: str, places: set[int], tags: frozenset[int] = frozenset()) -> str:
    """Return HTML with characters in black and without the tags that have these numbers."""
    kept = [
        (source, shown)
        for number, (source, shown) in _numbered(html)
        if number is None or number not in tags
    ]
    return "".join(_black(kept, places))


class Marks:
    """What the `<redact>` tags and `redact` attributes in a copy of a comment's HTML ask for."""

    def __init__(self, html: str) -> None:
        self.places: set[int] = set()
        self.tags: set[int] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.names: list[str] = []
        self._depth = 0
        self._open: list[tuple[str, bool]] = []
        for source, shown in _pieces(html):
            if shown or not source.startswith("<"):
                self._see(visible(shown))
            else:
                self._pass_tag(source)

    def _see(self, characters: str) -> None:
        if self._depth:
            self.places |= set(range(len(self.text), len(self.text) + len(characters)))
        self.text += characters

    def _pass_tag(self, source: str) -> None:
        name = _name(source)
        if name == "redact":
            self._depth = max(0, self._depth + (-1 if source.startswith("</") else 1))
            return
        number = len(self.names)
        self.names.append(name)
        if source.startswith("</"):
            is_marked = self._close(name)
        else:
            is_marked = MARKED_TAG.search(source) is not None
            self.addresses += ADDRESS.findall(source) if is_marked else []
            if name not in VOID:
                self._open.append((name, is_marked))
        if is_marked:
            self.tags.add(number)

    def _close(self, name: str) -> bool:
        while self._open:
            opened, is_marked = self._open.pop()
            if opened == name:
                return is_marked
        return False


def tag_names(html: str) -> list[str]:
    """Return the names of all tags in their order."""
    return [_name(source) for number, (source, _) in _numbered(html) if number is not None]


def _name(source: str) -> str:
    found = TAG_NAME.match(source)
    return found[1].lower() if found else ""


def _numbered(html: str) -> Iterator[tuple[int | None, Piece]]:
    number = 0
    for source, shown in _pieces(html):
        if shown or not source.startswith("<"):
            yield None, (source, shown)
        else:
            yield number, (source, shown)
            number += 1


def _pieces(html: str) -> Iterator[Piece]:
    """Yield tags, entities and single characters; every character is looked at once."""
    place, last_close = 0, html.rfind(">")
    while place < len(html):
        source = shown = html[place]
        if source == "<" and place < last_close and TAG_START.match(html, place):
            source, shown = html[place : html.index(">", place) + 1], ""
        elif source == "&" and (entity := ENTITY.match(html, place)):
            source, shown = entity[0], unescape(entity[0])
        yield source, shown
        place += len(source)


def _black(pieces: Iterator[Piece] | list[Piece], places: set[int]) -> Iterator[str]:
    counted = 0
    for source, shown in pieces:
        characters = visible(shown)
        if characters:
            yield BLACK * len(characters) if counted in places else source
            counted += len(characters)
        elif shown.isspace() and shown != "\n" and {counted - 1, counted} <= places:
            yield BLACK
        else:
            yield source
