"""Finds every phrase of all rules in one pass over the units of a text.

Phrases form a trie over word patterns. What a unit can stand for (itself, stems such as
`withdraw*`, endings such as `*n't`) is looked up once and remembered.
"""

from collections.abc import Sequence
from typing import Final

from automations.triage.rules.units import is_latin, is_number, units_of

NUMBER: Final = "{number}"
LATIN: Final = "{latin}"
ANY: Final = "{any}"
BUILT_IN: Final = frozenset({NUMBER, LATIN, ANY})
_REMEMBERED: Final = 50_000  # units; beyond, memory starts anew: hostile text cannot fill it
_SHORT: Final = 4  # letters
_COMMON: Final = 40  # times as common as a longer word or a phrase of several
_LONGEST: Final = 32  # letters; longer units are not remembered and match no stem's end


class Node:
    """A place in the trie: the phrase that ends here and what may follow."""

    __slots__ = ("children", "phrase")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.phrase: int | None = None


Spans = dict[int, list[tuple[int, int]]]
_Meanings = tuple[tuple[str, ...], tuple[Node, ...]]


class Vocabulary:
    """All phrases of all rules, by number."""

    def __init__(self) -> None:
        self._root = Node()
        self._numbers: dict[tuple[str, ...], int] = {}
        self._words: list[tuple[str, ...]] = []
        self._stems: set[str] = set()
        self._endings: set[str] = set()
        self._lengths: tuple[range, range] | None = None
        self._known: dict[str, _Meanings] = {}

    def add(self, phrase: str) -> int:
        """Return the number of a phrase, which may end in the middle of a word with *."""
        words = patterns_of(phrase)
        number = self._numbers.setdefault(words, len(self._numbers))
        if number == len(self._words):
            self._words.append(words)
        node = self._root
        for word in words:
            node = node.children.setdefault(word, Node())
            if word.endswith("*"):
                self._stems.add(word)
            elif word.startswith("*"):
                self._endings.add(word)
        node.phrase = number
        self._lengths = None
        self._known.clear()
        return number

    def words(self, number: int) -> tuple[str, ...]:
        """Return the word patterns of a phrase."""
        return self._words[number]

    def commonness(self, number: int) -> int:
        """Return how common a phrase probably is: short single words are everywhere."""
        words = self._words[number]
        return _COMMON if len(words) == 1 and len(words[0]) <= _SHORT else 1

    def find(self, units: Sequence[str]) -> Spans:
        """Return where each phrase stands: first unit, and the unit after its last."""
        found: Spans = {}
        known = self._known
        for i, unit in enumerate(units):
            meanings = known.get(unit) or self._look_up(unit)
            for node in meanings[1]:
                if node.phrase is not None:
                    found.setdefault(node.phrase, []).append((i, i + 1))
                if node.children:
                    self._follow(node, units, i, found)
        return found

    def _follow(self, node: Node, units: Sequence[str], start: int, found: Spans) -> None:
        """Walk down the trie from a first word; its depth bounds the work."""
        nodes, at = [node], start + 1
        while nodes and at < len(units):
            meanings = self._known.get(units[at]) or self._look_up(units[at])
            at += 1
            nodes = [
                child
                for node in nodes
                if node.children
                for word in meanings[0]
                if (child := node.children.get(word)) is not None
            ]
            for child in nodes:
                if child.phrase is not None:
                    found.setdefault(child.phrase, []).append((start, at))

    def _look_up(self, unit: str) -> _Meanings:
        """Return the word patterns that a unit stands for, and the trie's branches they open."""
        words = [unit, ANY]
        if is_number(unit):
            words.append(NUMBER)
        elif is_latin(unit):
            words.append(LATIN)
            stems, endings = self._lengths = self._lengths or self._measure()
            heads = (f"{unit[:n]}*" for n in stems if n <= len(unit))
            words += [head for head in heads if head in self._stems]
            tails = (f"*{unit[-n:]}" for n in endings if n <= len(unit))
            words += [tail for tail in tails if tail in self._endings]
        children = self._root.children
        meanings = (
            tuple(words),
            tuple(children[word] for word in words if word in children),
        )
        if len(unit) <= _LONGEST:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[unit] = meanings
        return meanings

    def _measure(self) -> tuple[range, range]:
        """Return which lengths stems and endings have, so that no other is tried."""
        stems = max(map(len, self._stems), default=0)
        endings = max(map(len, self._endings), default=0)
        return range(1, stems), range(1, endings)


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
