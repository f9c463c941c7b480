"""Finds every phrase of all rules in one pass over the units of a text.

An Aho-Corasick automaton looks for the literal words of all phrases at once; the few phrases that
hold more than literal words are checked where those stand.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from automations.triage.rules.units import is_latin, is_number, units_of

NUMBER: Final = "{number}"
LATIN: Final = "{latin}"
ANY: Final = "{any}"
BUILT_IN: Final = frozenset({NUMBER, LATIN, ANY})
_NUMBER: Final = re.compile(r"\d(?<= .)")
_MARK: Final = "#"  # before each number, which makes {number} a beginning like others
_SPACE: Final = ord(" ")
_NOWHERE: Final = "   "  # one space stands between units

Span = tuple[int, int]


class _Cue(NamedTuple):
    """How a phrase is found: by literal words, and by what must stand around them."""

    literal: str  # with spaces around whole words
    first: int  # word of the phrase with which the literal begins
    others: tuple[tuple[int, str], ...]  # words of the phrase that the literal does not hold


class Found:
    """Where phrases stand in a text; what takes a closer look is only done for who asks."""

    def __init__(
        self,
        units: Sequence[str],
        spans: Mapping[int, list[Span]],
        order: Sequence[int],
        loose: Mapping[int, _Cue],
    ) -> None:
        self.units = units
        self.order = order  # of the phrases' ends; some may turn out not to stand there
        self.phrases = frozenset(spans)  # the same, without order
        self._spans = dict(spans)
        self._loose = loose
        self._checked: set[int] = set()

    def spans(self, phrase: int) -> list[Span]:
        """Return the first unit of each place where a phrase stands, and the unit after it."""
        if phrase in self._loose and phrase not in self._checked:
            self._spans[phrase] = list(self._closer(phrase))
            self._checked.add(phrase)
        return self._spans[phrase]

    def _closer(self, phrase: int) -> Iterable[Span]:
        cue = self._loose[phrase]
        if cue.literal == _NOWHERE:  # {latin} alone
            return ((i, i + 1) for i, unit in enumerate(self.units) if is_latin(unit))
        return _checked(cue, self._spans[phrase], self.units)


class Vocabulary:
    """All phrases of all rules, by number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._words: list[tuple[str, ...]] = []
        self._sizes: list[int] = []
        self._literals: list[str] = []
        self._loose: dict[int, _Cue] = {}  # phrases that hold more than literal words
        self._automaton: BytesAhoCorasick | None = None
        self._latin = self.add(LATIN)

    def add(self, phrase: str) -> int:
        """Return the number of a phrase, which may end in the middle of a word with *."""
        words = patterns_of(phrase)
        number = self._numbers.setdefault(words, len(self._numbers))
        if number == len(self._words):
            cue = _cue_of(words)
            if cue.others or cue.literal == _NOWHERE:
                self._loose[number] = cue
            self._words.append(words)
            self._sizes.append(len(words))
            self._literals.append(cue.literal)
            self._automaton = None
        return number

    def words(self, number: int) -> tuple[str, ...]:
        """Return the word patterns of a phrase."""
        return self._words[number]

    def __len__(self) -> int:
        return len(self._words)

    def find(self, units: Sequence[str]) -> "Found":
        """Look for every phrase at once."""
        text = _written(units).encode("utf-8", "surrogatepass")
        # For each byte the unit in which it stands, or before which it is the space.
        unit_at = (np.cumsum(np.frombuffer(text, np.uint8) == _SPACE) - 1).tolist()
        matches = self._built().find_matches_as_indexes(text, overlapping=True)
        sizes = self._sizes
        spans: defaultdict[int, list[Span]] = defaultdict(list)
        for phrase, start, _ in matches:
            first = unit_at[start]
            spans[phrase].append((first, first + sizes[phrase]))
        order = [phrase for phrase, _, _ in matches]
        if any(map(is_latin, units)):
            spans[self._latin] = []  # they are nearly everywhere: looked for when asked for
            order = [self._latin, *order, self._latin]  # it may stand before and behind all others
        return Found(units, spans, order, self._loose)

    def _built(self) -> BytesAhoCorasick:
        if self._automaton is None:
            self._automaton = BytesAhoCorasick([literal.encode() for literal in self._literals])
        return self._automaton


def _written(words: Iterable[str]) -> str:
    """Return words with spaces around them and marks before numbers."""
    return _NUMBER.sub(rf"{_MARK}\g<0>", f" {' '.join(words)} ")


def _cue_of(words: Sequence[str]) -> _Cue:
    """Choose the words by which the automaton finds a phrase: the longest, which are the rarest."""
    if words[0].startswith("*") and all(map(_is_whole, words[1:])):
        return _Cue(_written(words)[2:], 0, ())
    cues = [_cue_at(words, i) for i, word in enumerate(words) if _has_beginning(word)]
    return max(cues, key=lambda cue: len(cue.literal), default=_Cue(_NOWHERE, 0, ()))


def _cue_at(words: Sequence[str], first: int) -> _Cue:
    """Return the cue that begins with a word: whole words, and the beginning of the next one."""
    whole = list(takewhile(_is_whole, words[first:]))
    literal, size = _written(whole) if whole else " ", len(whole)
    following = words[first + size : first + size + 1]
    if following and _has_beginning(following[0]):
        size += 1
        beginning = following[0].removesuffix("*")
        literal += _MARK if beginning == NUMBER else _written([beginning])[1:-1]
    inside = range(first, first + size)
    others = tuple((i, word) for i, word in enumerate(words) if i not in inside)
    return _Cue(literal, first, others)


def _is_whole(word: str) -> bool:
    return word not in BUILT_IN and "*" not in word


def _has_beginning(word: str) -> bool:
    return word == NUMBER or (word not in BUILT_IN and not word.startswith("*"))


def _checked(cue: _Cue, spans: Iterable[Span], units: Sequence[str]) -> Iterator[Span]:
    """Yield the spans of a whole phrase around what was found of it."""
    for start, end in spans:
        first, last = start - cue.first, end - cue.first
        if (
            first >= 0
            and last <= len(units)
            and all(_stands_for(word, units[first + i]) for i, word in cue.others)
        ):
            yield first, last


def _stands_for(word: str, unit: str) -> bool:
    """Tell whether a word of a phrase stands for a unit."""
    if word in BUILT_IN:
        return word == ANY or (is_number(unit) if word == NUMBER else is_latin(unit))
    if word.startswith("*"):
        return is_latin(unit) and unit.endswith(word[1:])
    if word.endswith("*"):
        return is_latin(unit) and unit.startswith(word[:-1])
    return unit == word


def patterns_of(phrase: str) -> tuple[str, ...]:
    """Cut a phrase into word patterns: units, stems, endings, or built-in kinds of units."""
    patterns: list[str] = []
    for word in phrase.split():
        if word in BUILT_IN:
            patterns.append(word)
            continue
        units = units_of(word.replace("*", ""))
        if units and word.endswith("*"):
            units[-1] += "*"
        if units and word.startswith("*"):
            units[0] = "*" + units[0]
        patterns += units
    return tuple(patterns)
