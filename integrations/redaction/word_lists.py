"""The word lists of BIP 39 and their checksum."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from mnemonic import Mnemonic

LENGTHS: Final = frozenset({12, 15, 18, 21, 24})  # words of a whole phrase
_BITS: Final = 11  # of each word
_PREFIX: Final = 4  # letters that tell every English word apart
_CHINESE: Final = ("chinese_simplified", "chinese_traditional")


@cache
def english() -> Mapping[str, int]:
    """Return the English words with their places."""
    return _places("english")


@cache
def english_beginnings() -> frozenset[str]:
    """Return the first four letters of the English words, which some people write down alone."""
    return frozenset(word[:_PREFIX] for word in english())


@cache
def chinese() -> frozenset[str]:
    """Return the characters of both Chinese lists."""
    return frozenset(sign for name in _CHINESE for sign in _places(name))


def fits_checksum(words: Sequence[str], *, is_chinese: bool = False) -> bool:
    """Tell whether the words are a whole phrase of one list with the right checksum."""
    lists = [_places(name) for name in _CHINESE] if is_chinese else [english()]
    return len(words) in LENGTHS and any(_fits(words, places) for places in lists)


def _fits(words: Sequence[str], places: Mapping[str, int]) -> bool:
    number = 0
    for word in words:
        if word not in places:
            return False
        number = number << _BITS | places[word]
    checksum = len(words) * _BITS // 33  # one bit for each 32 bits of entropy
    entropy = (number >> checksum).to_bytes(checksum * 4, "big")
    expected = hashlib.sha256(entropy).digest()[0] >> (8 - checksum)
    return number & ((1 << checksum) - 1) == expected


@cache
def _places(name: str) -> Mapping[str, int]:
    return {word: place for place, word in enumerate(Mnemonic(name).wordlist)}
