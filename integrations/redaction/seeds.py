"""Finds seed phrases: rows of words of the BIP 39 lists, whole or a little wrong."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from integrations.redaction.secret import Kind, Secret
from integrations.redaction.word_lists import (
    LENGTHS,
    chinese,
    english,
    english_beginnings,
    fits_checksum,
)

LEAST: Final = 11  # words in a row: people leave one out
_LEAST_WITH_CUE: Final = 8
_LOOKED_AT, _REACH = 26, 600  # words after a cue, within so many characters
_DENSE: Final = 0.75  # share of the list's words among them
_NEAR: Final = 48  # characters between a cue and the first word
_SHORTEST, _LONGEST, _BEGINNING = 3, 8, 4  # letters of a word, and of a word's beginning
_WORD: Final = re.compile(r"[A-Za-z]+")
# Between words: space, punctuation, numbers of a list. Letters belong to another sentence.
_SEPARATOR: Final = re.compile(
    r"[^0-9A-Za-z\u3400-\u9fff\x01]{0,60}(?:[0-9]{1,2}[^0-9A-Za-z\u3400-\u9fff\x01]{0,8})?"
)
_CUE: Final = re.compile(
    r"seed|mnemonic|phrase|(?:recovery|secret|backup|wallet)[ _-]{0,2}words?"
    r"|(?:12|15|18|21|24|twelve|twenty[ -]four)[ -]words?"
    r"|助记|助記|恢复词|恢復詞|种子|種子|备份词|備份詞|口令词",
    re.IGNORECASE,
)
_HAN: Final = "[\u3400-\u9fff]"
_CHINESE_ROW: Final = re.compile(
    rf"(?:{_HAN}(?:[ \t\r\n]{{0,3}}[,、.;|/·-]|[ \t\r\n]|\d{{1,2}}[.、)])[ \t\r\n]{{0,3}}"
    rf"(?:\d{{1,2}}[.、) ]{{1,3}})?){{10,30}}{_HAN}"
)
_CHINESE_AFTER_CUE: Final = re.compile(
    r"(?:助记|助記|恢复词|恢復詞|种子|種子|备份词|備份詞)[^\n:]{0,8}[:\s]\s{0,3}"
    rf"({_HAN}{{12,24}})(?!{_HAN})"
)
_IN_SENTENCES: Final = frozenset("的了我是在不有你他这们就都也被和给会能要没")
_NO_LETTERS: Final = bytes(
    code if ord("a") <= code <= ord("z") else ord(" ") for code in bytes(range(256)).lower()
)
_ROWS: Final = (b"\1" * LEAST, *(b"\1" * k + b"\0" + b"\1" * (LEAST - k) for k in range(1, LEAST)))
# Words of ordinary English that are on no list and never stand in a phrase.
_PROSE: Final = frozenset(
    "the and for was are but not with from has had been were his her our out its she him who did"
    " does got get how why yes sir too please thanks hello account withdraw deposit app crypto"
    " bitcoin exchange never which their would could these those into lost sent made said told gave"
    " took want need help before because still while since being every always even your them then"
    " there money than some where going after other more only over time says asked password".split()
)

# Words of the list that every other sentence has: of twelve random words, hardly one is among them.
_COMMON: Final = frozenset(
    "you this that have will can all they any what when very much now use one about again ask add"
    " buy call coin cash fee find good great help into keep know just like make most need never new"
    " only other over pay people please problem real same say still sure thank then time trade try"
    " until update verify wait want way work year day end long off old own put side such there"
    " tell".split()
)
_MOST_COMMON: Final = 3
_MOST_WORDS: Final = 60  # of a row in which phrases are told apart


def may_hold_phrase(data: bytes) -> bool:
    """Tell whether bytes hold as many words of the list in a row as a phrase has; one may miss."""
    words = data.translate(_NO_LETTERS).split()
    is_listed = bytes(map(_listed().__contains__, words))
    return any(row in is_listed for row in _ROWS)


def find_seeds(text: str, *, has_cue: bool) -> list[Secret]:
    """Return the seed phrases in a text; behind a cue fewer and doubtful words are enough."""
    found = [secret for row in _rows(text) for secret in _phrases(row)]
    if has_cue:
        doubtful = _after_cues(text)
        ends = [secret.end for secret in found]
        found += [each for each in doubtful if not _is_told(each, found, ends)]
        found += _chinese_after_cues(text)
    return found + list(_chinese_rows(text))


def _is_told(doubtful: Secret, found: Sequence[Secret], ends: Sequence[int]) -> bool:
    """Tell whether a phrase that needs no cue lies in what a cue announces; both are in order."""
    place = bisect_right(ends, doubtful.start)
    return place < len(found) and found[place].start < doubtful.end


def _rows(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the words of a text in rows that nothing but punctuation and numbers interrupts."""
    row: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if row and not _SEPARATOR.fullmatch(text, row[-1].end(), word.start()):
            yield row
            row = []
        row.append(word)
    yield row


def _phrases(row: Sequence[re.Match[str]]) -> Iterator[Secret]:
    """Yield the stretches of listed words in a row; one word in a stretch may be mistyped."""
    start, misses, last_miss = 0, 0, -1
    for place in range(len(row) + 1):
        word = row[place][0].lower() if place < len(row) else ""
        if word in english():
            continue
        is_whole = place - start in LENGTHS
        if misses == 0 and place > start and not is_whole and _may_be_mistyped(word):
            misses, last_miss = 1, place
            continue
        yield from _stretch(row, start, place)
        # The stretch behind the earlier miss may go on beyond this one.
        goes_on = misses == 1 and last_miss + 1 < place and _may_be_mistyped(word)
        start = last_miss + 1 if goes_on else place + 1
        misses, last_miss = (1, place) if goes_on else (0, -1)


def _stretch(row: Sequence[re.Match[str]], start: int, end: int) -> Iterator[Secret]:
    """Yield the phrases in a part of a row: several may follow each other."""
    part = row[start:end]
    while part and part[-1][0].lower() not in english():
        part = part[:-1]
    words = [word[0].lower() for word in part]
    if sum(word in english() for word in words) >= LEAST and _is_no_sentence(words):
        first, length, is_set_apart = _whole_phrase(part)
        value = "".join(words[first : first + length])
        if is_set_apart:
            yield from _stretch(part, 0, first)
            yield Secret(Kind.SEED, part[first].start(), part[first + length - 1].end(), value)
            yield from _stretch(part, first + length, len(part))
        else:  # what fits may be chance: all of it is taken out
            yield Secret(Kind.SEED, part[0].start(), part[-1].end(), value)


def _whole_phrase(part: Sequence[re.Match[str]]) -> tuple[int, int, bool]:
    """Return first place and length of the words with the right checksum, and if they stand apart.

    Words beside a phrase may be listed too, as "seed" and "phrase" are.

    Several parts may fit by chance; the phrase is the one that punctuation sets apart.
    """
    words = [word[0].lower() for word in part]
    if len(words) > _MOST_WORDS:  # no customer writes so many, and looking costs time
        return 0, len(words), False
    fitting = [
        (_is_set_apart(part, first) + _is_set_apart(part, first + length), length, first)
        for length in LENGTHS
        for first in range(len(words) - length + 1)
        if fits_checksum(words[first : first + length])
    ]
    sides, length, first = max(fitting, default=(0, len(words), 0))
    return first, length, sides == len(("before", "behind"))


def _is_set_apart(part: Sequence[re.Match[str]], place: int) -> bool:
    """Tell whether there is more than space and commas before the word at this place."""
    if place in {0, len(part)}:
        return True
    between = part[place].string[part[place - 1].end() : part[place].start()]
    return bool(between.strip(" ,"))


def _is_no_sentence(words: Sequence[str]) -> bool:
    """Tell a random choice of words from a sentence, which uses the commonest of the list."""
    return sum(word in _COMMON for word in words) <= _MOST_COMMON or fits_checksum(words)


def _may_be_mistyped(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word not in _PROSE


def _after_cues(text: str) -> Iterator[Secret]:
    """Yield what looks like a phrase behind a cue: most words are listed, or begin like one."""
    for cue in _CUE.finditer(text):
        end = cue.end() + _REACH
        words = list(islice(_WORD.finditer(text, cue.end(), end), _LOOKED_AT))
        if words and words[0].start() - cue.end() <= _NEAR:
            best = _densest([word[0].lower() for word in words])
            if best is not None:
                chosen = words[best[0] : best[1] + 1]
                value = "".join(word[0].lower() for word in chosen)
                yield Secret(Kind.SEED, chosen[0].start(), chosen[-1].end(), value)


def _densest(words: Sequence[str]) -> tuple[int, int] | None:
    """Return the first and last place of the longest part that consists mostly of listed words."""
    good = [place for place, word in enumerate(words) if _is_part(word)]
    for count in range(len(good), _LEAST_WITH_CUE - 1, -1):
        for skipped in range(len(good) - count + 1):
            first, last = good[skipped], good[skipped + count - 1]
            part = words[first : last + 1]
            if count >= _DENSE * len(part) and sum(word in _PROSE for word in part) <= 1:
                return first, last
    return None


def _is_part(word: str) -> bool:
    return word in english() or (len(word) == _BEGINNING and word in english_beginnings())


def _chinese_rows(text: str) -> Iterator[Secret]:
    """Yield single Chinese characters of the list with something between them: no sentence."""
    for match in _CHINESE_ROW.finditer(text):
        signs = re.findall(_HAN, match[0])
        if sum(sign not in chinese() for sign in signs) <= 1:
            yield Secret(Kind.SEED, *match.span(), "".join(signs))


def _chinese_after_cues(text: str) -> Iterator[Secret]:
    """Yield characters without anything between them, where a cue announces them."""
    for match in _CHINESE_AFTER_CUE.finditer(text):
        signs = match[1]
        is_phrase = len(signs) in LENGTHS and chinese().issuperset(signs)
        is_sentence = bool(_IN_SENTENCES.intersection(signs))
        if is_phrase and (not is_sentence or fits_checksum(signs, is_chinese=True)):
            yield Secret(Kind.SEED, *match.span(1), signs)


@cache
def _listed() -> frozenset[bytes]:
    return frozenset(word.encode() for word in english())
