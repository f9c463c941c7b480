"""Finds runs of Chinese characters among the terms of a model, all of a text at once.

A run of up to three characters is one number; the known ones stand in a sorted array of some tens
of kilobytes, which stays in the processor's cache where a dictionary of strings would not.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FIRST: Final = 0x3400
_LAST: Final = 0x9FFF
_BITS: Final = 21  # of one character

Columns = NDArray[np.int32]


class HanTerms:
    """The runs of Chinese characters that a model knows, and their columns."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        known = sorted(
            (_number(term), column)
            for term, column in columns.items()
            if all(_FIRST <= ord(character) <= _LAST for character in term)
        )
        self._numbers = np.array([number for number, _ in known], np.int64)
        self._columns = np.array([column for _, column in known], np.int32)

    def find(self, text: str, longest: int) -> tuple[list[Columns], int]:
        """Return the columns of runs up to a length, and how many Chinese characters there are."""
        if text.isascii() or not self._numbers.size:
            return [], _count(text)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
        is_han = (codes >= _FIRST) & (codes <= _LAST)
        numbers, valid = codes, is_han
        found = [self._known(numbers[valid])]
        for n in range(1, longest):
            numbers = (numbers[:-1] << _BITS) | codes[n:]
            valid = valid[:-1] & is_han[n:]
            found.append(self._known(numbers[valid]))
        return found, int(is_han.sum())

    def _known(self, numbers: NDArray[np.int64]) -> Columns:
        """Return the columns of the numbers that are known."""
        places = np.searchsorted(self._numbers, numbers)
        places[places == self._numbers.size] = 0
        known: Columns = self._columns[places[self._numbers[places] == numbers]]
        return known


def _number(term: str) -> int:
    number = 0
    for character in term:
        number = number << _BITS | ord(character)
    return number


def _count(text: str) -> int:
    return 0 if text.isascii() else sum(_FIRST <= ord(character) <= _LAST for character in text)
