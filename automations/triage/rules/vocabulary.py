"""Finds every phrase of all rules in one pass over the units of a text.

Phrases form a trie over word patterns. What a unit can stand for (itself, stems such as
`withdraw*`, endings such as `*n't`) is looked up once and remembered.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

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


class _Meaning(NamedTuple):
    """What a unit can be: a later word of phrases, phrases by itself, the first word of others."""

    later: tuple[str, ...]
    phrases: tuple[int, ...]
    openings: tuple[dict[str, Node], ...]


class Vocabulary:
    """All phrases of all rules, by number."""

    def __init__(self) -> None:
        self._root = Node()
        self._numbers: dict[tuple[str, ...], int] = {}
        self._words: list[tuple[str, ...]] = []
        self._stems: set[str] = set()
        self._endings: set[str] = set()
        self._lengths: tuple[range, range] | None = None
        self._later: set[str] = set()  # words that stand behind the first of some phrase
        self._known: dict[str, _Meaning] = {}

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
        self._later.update(words[1:])
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
        meanings = [known.get(unit) or self._look_up(unit) for unit in units]
        last = len(meanings) - 1
        for i, (_, phrases, openings) in enumerate(meanings):
            for phrase in phrases:
                found.setdefault(phrase, []).append((i, i + 1))
            if openings and i < last:
                later = meanings[i + 1].later
                for children in openings:
                    for word in later:
                        if word in children:
                            _follow(children[word], meanings, i, found)
        return found

    def _look_up(self, unit: str) -> _Meaning:
        """Return what a unit can be; ordinary units are remembered."""
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
        nodes = [self._root.children[word] for word in words if word in self._root.children]
        meaning = _Meaning(
            tuple(word for word in words if word in self._later),
            tuple(node.phrase for node in nodes if node.phrase is not None),
            tuple(node.children for node in nodes if node.children),
        )
        if len(unit) <= _LONGEST:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[unit] = meaning
        return meaning

    def _measure(self) -> tuple[range, range]:
        """Return which lengths stems and endings have, so that no other is tried."""
        stems = max(map(len, self._stems), default=0)
        endings = max(map(len, self._endings), default=0)
        return range(1, stems), range(1, endings)


def _follow(node: Node, meanings: Sequence[_Meaning], start: int, found: Spans) -> None:
    """Walk down the trie from a second word; its depth bounds the work."""
    nodes = [node]
    for at in range(start + 2, len(meanings) + 1):
        for each in nodes:
            if each.phrase is not None:
                found.setdefault(each.phrase, []).append((start, at))
        nodes = [each for each in nodes if each.children]
        if not nodes or at == len(meanings):
            return
        later = meanings[at].later
        nodes = [each.children[word] for each in nodes for word in later if word in each.children]


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
