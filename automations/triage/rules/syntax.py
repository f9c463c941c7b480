"""The language of rule files: concepts, rules, examples; every mistake names its file and line.

`docs/triage_rules.md` explains the language to the people who write rules.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from automations.triage.rules.vocabulary import BUILT_IN
from automations.triage.taxonomy import current_code
from integrations.runtime.errors import ConfigError

START: Final = "^"
END: Final = "$"
MOST_GAP: Final = 40  # units; bounded, so that time grows linearly with the text
_MOST_WEIGHT: Final = 5.0
_NAME: Final = re.compile(r"[\w][\w -]*")
_CODE: Final = re.compile(r"\?|[A-Z]\d{0,2}")
_TOKEN: Final = re.compile(r"(?:\.\.|>>)\d*|[()|\[\]^$]|\{[^{}]*\}|[^\s()|\[\]{}]+")
_BRACKETS: Final = {"(": ")", "[": "]", ")": "", "]": "", "|": ""}
_MODIFIERS: Final = re.compile(
    r"\b(unless followed by|unless preceded by|only beside|even if denied)\b"
)


class Place(NamedTuple):
    """Where something stands, for messages."""

    file: str
    line: int

    def error(self, problem: str, hint: str) -> ConfigError:
        """Return an error that names the place."""
        return ConfigError(f"{self.file}, line {self.line}: {problem}.", hint=hint)


class Element(msgspec.Struct, frozen=True):
    """One of several phrases or concepts, or the start or end of the text."""

    options: tuple[str, ...]  # phrases; a concept stands in braces
    gap: int  # units that may stand before it, counted from the element before
    across: bool = False  # a sentence may end in the gap
    optional: bool = False


class Pattern(msgspec.Struct, frozen=True):
    """Elements in their order inside one sentence, and what must not stand around them."""

    elements: tuple[Element, ...]
    place: Place
    unless_followed: Element | None = None
    unless_preceded: Element | None = None
    only_beside: Element | None = None
    even_if_denied: bool = False


class Rule(msgspec.Struct):
    """What a rule speaks for, how much, its patterns, and texts that prove it."""

    code: str
    weight: float
    place: Place
    patterns: list[Pattern]
    hits: list[str]
    misses: list[str]


class Concept(msgspec.Struct, frozen=True):
    """A named list of phrases; what stands inside an exception does not count."""

    name: str
    options: tuple[str, ...]
    exceptions: tuple[str, ...]
    place: Place


def read_concepts(path: Path) -> list[Concept]:
    """Read lines such as `funds: money | coin* | {currency}`; indented lines continue."""
    concepts = []
    for place, text in _joined(path):
        name, colon, rest = text.partition(":")
        if not colon or not _NAME.fullmatch(name.strip()):
            raise place.error(
                "this is no concept", "write a name, a colon, and phrases divided by |"
            )
        options, _, exceptions = rest.partition(" except ")
        concepts.append(
            Concept(
                name.strip(),
                _phrases(options, place),
                _phrases(exceptions, place) if exceptions else (),
                place,
            )
        )
    return concepts


def read_rules(path: Path) -> list[Rule]:
    """Read rules: code, weight, pattern; `|`, `+` and `-` lines belong to the rule above."""
    rules: list[Rule] = []
    for place, line in _lines(path):
        text = line.strip()
        if text[0] not in "|+-":
            rules.append(_rule(text, place))
            continue
        if not rules:
            raise place.error("this line belongs to no rule", "write the rule above it")
        if text[0] == "|":
            rules[-1].patterns.append(_pattern(text[1:], place))
        else:
            (rules[-1].hits if text[0] == "+" else rules[-1].misses).append(text[1:].strip())
    return rules


def _lines(path: Path) -> Iterator[tuple[Place, str]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"The rule file {path.name} cannot be read.", hint="write it as UTF-8 text."
        ) from None
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield Place(path.name, number), line


def _joined(path: Path) -> Iterator[tuple[Place, str]]:
    """Join indented lines with the line that they continue."""
    place, text = None, ""
    for here, line in _lines(path):
        if place is not None and line[0].isspace():
            text += " " + line.strip()
            continue
        if place is not None:
            yield place, text
        place, text = here, line
    if place is not None:
        yield place, text


def _phrases(text: str, place: Place) -> tuple[str, ...]:
    phrases = tuple(" ".join(part.split()) for part in text.strip().strip("()").split("|"))
    if not all(phrases):
        raise place.error("a phrase is empty", "write something on both sides of each |")
    return phrases


def _rule(text: str, place: Place) -> Rule:
    code, _, rest = text.partition(" ")
    weight, _, pattern = rest.strip().partition(" ")
    if not _CODE.fullmatch(code):
        raise place.error(
            f"{code!r} is no code", "begin a rule with a family or a reason, such as A1, or ?"
        )
    try:
        value = float(weight)
    except ValueError:
        value = 0.0
    if not 0 < value <= _MOST_WEIGHT:
        raise place.error(
            f"{weight!r} is no weight", f"write a number above 0 and up to {_MOST_WEIGHT:g}"
        )
    # A rule of an older edition of the taxonomy speaks of the code that took its place.
    return Rule(current_code(code) or code, value, place, [_pattern(pattern, place)], [], [])


def _pattern(text: str, place: Place) -> Pattern:
    main, *parts = _MODIFIERS.split(text)
    elements = _elements(main, place)
    if all(element.optional or element.options[0] in {START, END} for element in elements):
        raise place.error("the pattern looks for nothing", "write words or a {concept}")
    found: dict[str, Element | None] = dict.fromkeys(parts[::2])
    if len(found) != len(parts[::2]):
        raise place.error("a condition stands twice", "join the words with |")
    for name, rest in zip(parts[::2], parts[1::2], strict=True):
        inside = _elements(rest, place)
        if len(inside) != (0 if name == "even if denied" else 1):
            raise place.error(f"{name!r} needs one list of words", f"write `{name} (this | that)`")
        found[name] = inside[0] if inside else None
    return Pattern(
        elements,
        place,
        unless_followed=found.get("unless followed by"),
        unless_preceded=found.get("unless preceded by"),
        only_beside=found.get("only beside"),
        even_if_denied="even if denied" in found,
    )


def _elements(text: str, place: Place) -> tuple[Element, ...]:
    """Read words, (lists | of words), [optional words] and gaps: ..3, or >>3 over stops."""
    pieces = _TOKEN.findall(text)
    elements: list[Element] = []
    gap, across, at = 0, False, 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.startswith(("..", ">>")):
            gap, across, at = int(piece[2:] or MOST_GAP), piece[0] == ">", at + 1
            if gap > MOST_GAP:
                raise place.error("the gap is too wide", f"write at most ..{MOST_GAP}")
            continue
        options, after = _options(pieces, at, place)
        if not gap and elements and _is_word(piece) and _is_word(pieces[at - 1]):
            (before,) = elements[-1].options
            elements[-1] = msgspec.structs.replace(elements[-1], options=(f"{before} {piece}",))
        else:
            elements.append(Element(options, gap, across, optional=piece == "["))
        gap, across, at = 0, False, after
    if gap:
        raise place.error("a gap leads to nothing", "write words or a {concept} after it")
    return tuple(elements)


def _is_word(piece: str) -> bool:
    """Tell whether a piece is a word: words in a row are one phrase."""
    is_concept = piece[0] == "{" and piece not in BUILT_IN
    return (
        not is_concept and piece not in {START, END, *_BRACKETS} and piece[:2] not in {"..", ">>"}
    )


def _options(pieces: list[str], at: int, place: Place) -> tuple[tuple[str, ...], int]:
    """Return the phrases of the element that begins at a piece, and where the next one begins."""
    if pieces[at] not in _BRACKETS:
        return (pieces[at],), at + 1
    end = _closing(pieces, at, place)
    return _phrases(" ".join(pieces[at + 1 : end]), place), end + 1


def _closing(pieces: list[str], start: int, place: Place) -> int:
    """Return where a list ends."""
    closing = _BRACKETS[pieces[start]]
    end = next((i for i in range(start + 1, len(pieces)) if pieces[i] in "()[]"), None)
    if end is None or pieces[end] != closing:
        raise place.error(
            f"{pieces[start]!r} is not closed", "lists may not stand inside lists: name a concept"
        )
    return end
