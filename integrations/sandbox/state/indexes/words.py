"""Finds records by the words of their texts; Chinese and Japanese by pairs of characters."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORDS = re.compile(rf"[{CJK}]+|[^\W{CJK}]+")
SHORTEST_PLURAL = 4
LAST = "\U0010ffff"
MOST_WORDS = 64

Texts = Sequence[str]


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text as searches compare them, in their order."""
    for word in WORDS.findall(text.casefold()):
        if is_cjk(word[0]):
            yield from _pairs(word)
        else:
            yield _singular(word)


def is_cjk(character: str) -> bool:
    """Return whether a character is of a script that puts no spaces between words."""
    return "\u3040" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


def _pairs(run: str) -> Iterator[str]:
    """Yield the pairs of neighbours, and the last character alone so that it can be found too."""
    yield from map("".join, pairwise(run))
    yield run[-1]


def _singular(word: str) -> str:
    """Take the ending of an English plural off: both forms of a word find each other."""
    if len(word) < SHORTEST_PLURAL or word[-1] != "s":
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word if word[-2] in "su" else word[:-1]


def asked_words(text: str) -> list[str]:
    """Return the words that a record must have to be found by this text."""
    words: list[str] = []
    for run in WORDS.findall(text.casefold()):
        wanted = list(words_of(run))
        # the last character of a longer run is part of its last pair already
        words += wanted[:-1] if is_cjk(run[0]) and len(run) > 1 else wanted
    return words


def has_phrase(texts: Iterable[str], phrase: str) -> bool:
    """Return whether one of the texts has these words one after the other."""
    wanted = asked_words(phrase)[:MOST_WORDS]
    return bool(wanted) and any(_runs_in(asked_words(text), wanted) for text in texts)


def _runs_in(words: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(
        fits(words[start], wanted[0]) and all(map(fits, words[start : start + size], wanted))
        for start in range(len(words) - size + 1)
    )


def fits(word: str, wanted: str) -> bool:
    """Return whether a word of a record is the wanted one; one character stands in any pair."""
    return word == wanted or (len(wanted) == 1 and is_cjk(wanted) and wanted in word)


def distinct_words(texts: Texts) -> set[str]:
    """Return the words of some texts, each once."""
    return {word for text in texts for word in words_of(text)}


class WordIndex:
    """Knows which records have a word; it reads what changed when it is next asked.

    `texts` returns the texts of a record, None when there is no such record. `known_words` may
    return the words of a record that is new here, where that is quicker than reading its texts.
    """

    def __init__(
        self,
        texts: Callable[[int], Texts | None],
        known_words: Callable[[int], Iterable[str] | None] = lambda _: None,
    ) -> None:
        self._texts = texts
        self._known_words = known_words
        self._changed: set[int] = set()
        # id -> how many texts were read and their hash, None when only the words were known
        self._read: dict[int, tuple[int, int | None]] = {}
        self._rewritten: set[int] = set()  # lost words that they are still listed under
        self._having: dict[str, array[int]] = {}
        self._sorted: list[str] = []
        self._new_words: list[str] = []

    def note(self, record_id: int) -> None:
        """Remember that the texts of a record may have changed."""
        self._changed.add(record_id)

    def having(self, word: str) -> set[int]:
        """Return the records that have exactly this word."""
        self._catch_up()
        return self._confirmed(word, [word], str.__eq__)

    def starting(self, prefix: str) -> set[int]:
        """Return the records that have a word with this beginning."""
        self._catch_up()
        if self._new_words:
            self._sorted += self._new_words
            self._sorted.sort()
            self._new_words = []
        first = bisect_left(self._sorted, prefix)
        last = bisect_left(self._sorted, prefix + LAST)
        return self._confirmed(prefix, self._sorted[first:last], str.startswith)

    def _confirmed(
        self, wanted: str, words: list[str], fits: Callable[[str, str], bool]
    ) -> set[int]:
        found: set[int] = set()
        for word in words:
            found.update(self._having.get(word, ()))
        for record_id in found & self._rewritten:
            texts = self._texts(record_id) or ()
            if not any(fits(word, wanted) for text in texts for word in words_of(text)):
                found.discard(record_id)
        return found

    def _catch_up(self) -> None:
        for record_id in sorted(self._changed):
            known = None if record_id in self._read else self._known_words(record_id)
            if known is not None:
                self._list(record_id, known)
                self._read[record_id] = (1, None)
                continue
            texts = self._texts(record_id)
            if texts is None:
                self._read.pop(record_id, None)
                self._rewritten.add(record_id)
                continue
            count, before = self._read.get(record_id, (0, 0))
            if count and hash(tuple(texts[:count])) != before:
                self._rewritten.add(record_id)
                count = 0
            self._list(record_id, distinct_words(texts[count:]))
            self._read[record_id] = (len(texts), hash(tuple(texts)))
        self._changed.clear()

    def _list(self, record_id: int, words: Iterable[str]) -> None:
        for word in words:
            listed = self._having.get(word)
            if listed is None:
                self._having[word] = array("q", (record_id,))
                self._new_words.append(word)
            elif listed[-1] != record_id:
                listed.append(record_id)
