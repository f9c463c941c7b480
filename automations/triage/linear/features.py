"""Turns folded text into columns and values; training and inference share it and cannot drift.

Three views, each normalised on its own: words and pairs of neighbours, pieces of words and runs of
Chinese characters, and unordered pairs of word stems, which make short questions distinct.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations, pairwise
from operator import add
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from automations.triage.linear.han import HanTerms
from automations.triage.linear.words import STOP_WORDS, hide_names, stem

FEATURES_VERSION: Final = 3  # raise it whenever the same text gives other terms
VIEWS: Final = ("words", "pieces", "pairs")
_WORD: Final = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:'[a-z]+)?|\d+")
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_SHORT: Final = 4  # words and characters
_MOST_STEMS: Final = 30  # of one text, for pairs; their number grows with the square
_REMEMBERED: Final = 50_000  # words; hostile text cannot fill the memory
_LONGEST: Final = 40  # letters; what is longer is no word

Columns = NDArray[np.intp]
Values = NDArray[np.float32]
Terms = tuple[list[str], ...]
_NOTHING: Final = np.empty(0, np.int32)
_MOST_32_BITS: Final = 2**31
_BATCH: Final = 128  # texts


class Options(msgspec.Struct, frozen=True):
    """What a model looks at."""

    pieces: tuple[int, ...] = (2, 3, 4, 5)  # lengths of the pieces of words
    characters: int = 3  # how many Chinese characters in a row
    pairs: bool = True
    complaints: bool = False  # hide names, codes and numbers, and leave out words of any story
    least_texts: int = 1  # in which a word or piece must stand; pairs need two
    most_terms: int = 150_000


class Readings(NamedTuple):
    """The features of texts, one text behind the other."""

    edges: Columns  # where each text begins, and where the last one ends
    columns: Columns
    values: Values

    def only(self, number: int) -> "Readings":
        """Return the features of one of the texts."""
        start, end = self.edges[number : number + 2].tolist()
        edges = np.array([0, end - start])
        return Readings(edges, self.columns[start:end], self.values[start:end])


class FeatureSpace:
    """The chosen terms of a model and their columns."""

    def __init__(self, options: Options, terms: Sequence[Sequence[str]], idf: Values) -> None:
        self.options = options
        self.terms = [list(view) for view in terms]
        self.idf = idf
        sizes = [len(view) for view in terms]
        self._begins = [0, sizes[0], sizes[0] + sizes[1]]  # the first column of each view
        self._starts = np.array(self._begins)
        self._columns = [
            {term: start + i for i, term in enumerate(view)}
            for view, start in zip(terms, self._begins, strict=True)
        ]
        self._han = HanTerms(self._columns[1])
        self._columns_of = lru_cache(_REMEMBERED)(self._look_up)

    def read(self, texts: Sequence[str]) -> Readings:
        """Return the known terms of folded texts, in order, and their tf-idf values."""
        found = [self._found(folded) for folded in texts]
        sizes = [sum(part.size for part in parts) for parts in found]
        begins = np.arange(len(texts)) * self.idf.size  # each text counts in columns of its own
        if len(texts) * self.idf.size < _MOST_32_BITS:
            begins = begins.astype(np.int32)  # they are sorted in half the time
        keys = np.concatenate([*chain.from_iterable(found), _NOTHING])
        keys, counts = _counted(keys + np.repeat(begins, sizes))
        columns = keys % max(self.idf.size, 1)
        values = ((1.0 + np.log(counts)) * self.idf[columns]).astype(np.float32)
        views = (begins[:, None] + self._starts).ravel()
        edges = np.append(keys.searchsorted(views), keys.size)
        lengths = np.sqrt(sums_between(values * values, edges))
        values /= np.repeat(lengths, np.diff(edges))
        return Readings(edges[:: len(VIEWS)], columns, values)

    def in_batches(self, texts: Sequence[str]) -> Iterator[Readings]:
        """Read any number of texts, some at a time: their terms fit into a few megabytes."""
        for start in range(0, len(texts), _BATCH):
            yield self.read(texts[start : start + _BATCH])

    def term(self, column: int) -> str:
        """Return the term of a column."""
        view = bisect(self._begins, column) - 1
        return self.terms[view][column - self._begins[view]]

    def _found(self, folded: str) -> list[NDArray[np.int32]]:
        """Return the column of every known term of a text."""
        words = words_of(folded, self.options)
        own = np.frombuffer(b"".join(map(self._columns_of, words)), np.int32)
        in_words, _, in_pairs = (each.get for each in self._columns)
        joined = [*map(in_words, map(" ".join, pairwise(words)))]
        if self.options.pairs:
            joined += map(in_pairs, stem_pairs(words))
        han, characters = self._han.find(folded, self.options.characters)
        if len(words) + characters <= _SHORT:
            joined.append(self._columns[0].get("#short"))
        return [own, *han, np.array([each for each in joined if each is not None], np.int32)]

    def _look_up(self, word: str) -> bytes:
        """Return the columns of a word and its pieces, as 32-bit numbers."""
        words, pieces, _ = self._columns
        own = terms_of_word(word, self.options)
        found = [words[term] for term in own[:1] if term in words]
        found += [pieces[term] for term in own[1:] if term in pieces]
        return np.array(found, np.int32).tobytes()


def _grams_of(run: str, longest: int) -> Iterator[Sequence[str]]:
    """Yield the single, double and so on characters of a run of Chinese."""
    grams: Sequence[str] = run
    yield grams
    for n in range(1, longest):
        grams = list(map(add, grams, run[n:]))
        yield grams


def sums_between(rows: Values, edges: Columns) -> Values:
    """Return the sum of the rows from each edge to the next; no rows sum to zero."""
    sums = np.zeros((edges.size - 1, *rows.shape[1:]), np.float32)
    filled = edges[:-1] < edges[1:]
    if filled.any():
        sums[filled] = np.add.reduceat(rows, edges[:-1][filled])
    return sums


def _counted(found: Columns) -> tuple[Columns, Columns]:
    """Return the distinct columns in order, and how often each was found."""
    found.sort()
    is_new = np.ones(found.size, bool)
    np.not_equal(found[1:], found[:-1], out=is_new[1:])
    starts = np.flatnonzero(is_new)
    counts = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1])
    counts[-1:] = found.size - starts[-1:]
    return found[starts], counts


def words_of(folded: str, options: Options) -> list[str]:
    """Return the words and numbers of a text."""
    if options.complaints:
        folded = hide_names(folded)
    return [word[:_LONGEST] for word in _WORD.findall(folded)]


def terms_of_word(word: str, options: Options) -> list[str]:
    """Return a word and its pieces; words of any story and hidden names have none."""
    if options.complaints:
        if word in STOP_WORDS:
            return [""]
        if word.startswith("z") and word[1:] in _HIDDEN:
            return [word]
    edged = f"<{word}>"
    pieces = [edged[i : i + n] for n in options.pieces for i in range(len(edged) - n + 1)]
    return [word, *(piece for piece in pieces if piece != edged)]


_HIDDEN: Final = frozenset("url mail handle hash exchange code num".split())


def stem_pairs(words: Sequence[str]) -> list[str]:
    """Return every pair of the first distinct stems, whatever their order."""
    stems = sorted(dict.fromkeys(stem(word) for word in words[: 2 * _MOST_STEMS]))[:_MOST_STEMS]
    return [f"{first}&{second}" for first, second in combinations(stems, 2)]


def choose_terms(texts: Iterable[str], options: Options) -> FeatureSpace:
    """Choose the terms that stand in most texts, in a fixed order, with their rarity."""
    spread: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    total = 0
    for folded in texts:
        total += 1
        for counter, found in zip(spread, _all_terms(folded, options), strict=True):
            counter.update(found)
    least = (options.least_texts, options.least_texts, max(2, options.least_texts))
    chosen = [
        (-n, view, term)
        for view, counter in enumerate(spread)
        for term, n in counter.items()
        if n >= least[view]
    ]
    kept = sorted(chosen)[: options.most_terms]
    terms = [sorted(term for _, view, term in kept if view == i) for i in range(len(VIEWS))]
    counts = [spread[i][term] for i, view in enumerate(terms) for term in view]
    idf = (1.0 + np.log((1.0 + total) / (1.0 + np.array(counts)))).astype(np.float32)
    return FeatureSpace(options, terms, idf)


def _all_terms(folded: str, options: Options) -> tuple[set[str], ...]:
    """Return every term of a text, by view."""
    words = words_of(folded, options)
    own = [terms_of_word(word, options) for word in dict.fromkeys(words)]
    singles = {each[0] for each in own if each[0]}
    neighbours = {
        f"{first} {second}"
        for first, second in pairwise(words)
        if not options.complaints or first not in STOP_WORDS or second not in STOP_WORDS
    }
    pieces = {piece for each in own for piece in each[1:]}
    runs = _HAN.findall(folded)
    pieces |= {
        gram for run in runs for grams in _grams_of(run, options.characters) for gram in grams
    }
    short = {"#short"} if len(words) + sum(map(len, runs)) <= _SHORT else set()
    return singles | neighbours | short, pieces, set(stem_pairs(words)) if options.pairs else set()
