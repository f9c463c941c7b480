"""Stems of English words, words that stand in any story, and names that must not be learnt."""

import re
from functools import lru_cache
from typing import Final

# Words that only tell that somebody writes a long story; they would speak for story-like families.
STOP_WORDS: Final = frozenset(
    "a an the and or but of to in on at for from with by as is are was were be been being am it "
    "its it's this that these those i i'm i've me my we our us you your they them their he she him "
    "her his who what which when where there here so very too just all any some more most than "
    "then also have has had do does did done will would could should can may might about into out "
    "up over again only own same such one two if because while after before until now get "
    "got".split()
)
_LINKS: Final = re.compile(r"https?://\S{1,300}|\bwww\.\S{1,300}|\b(?:t|wa)\.me/\S{1,100}")
_AT: Final = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,10}"), " zmail "),
    (re.compile(r"(?<!\w)@[a-z]\w{2,32}"), " zhandle "),
)
# Patterns that begin with a plain character are looked for much faster than those with a condition;
# so conditions on what stands before are written behind the first character or the whole name.
_LATIN_EXCHANGES: Final = (
    *("binance", "coinbase", "kucoin", "ku coin", "okx", "okex", "huobi", "kraken"),
    *("bybit", r"gate\.io", "mexc", r"crypto\.com", "gemini", "bitget"),
)
_EXCHANGES: Final = re.compile(
    "|".join(
        (
            *("币安", "火币", "欧易", "库币", "酷币", "芝麻", "抹茶"),
            *(rf"{name}\b(?<=\b{name})" for name in _LATIN_EXCHANGES),
        )
    )
)
# Digits beside letters: without them there are neither hashes nor codes.
_MIXED: Final = re.compile(r"\d(?:[a-z_]|(?<=[a-z_].)|\d{39})")
_CODES: Final = (
    (re.compile(r"\b(?:0x)?[0-9a-f]{40,64}\b"), " zhash "),
    (
        re.compile(r"(?<![a-z0-9])(?=[a-z_]{0,20}\d)(?=\d{0,20}[a-z_])[a-z0-9_]{6,20}(?![a-z0-9])"),
        " zcode ",
    ),
)
_NUMBERS: Final = (
    (re.compile(r"\d(?<![\d.].)\d{6,11}(?![\d.])"), " zcode "),
    (re.compile(r"\d+(?:[.,:]\d+)*"), " znum "),
)
_DIGIT: Final = re.compile(r"\d")
_ENDINGS: Final = ("'s", "ing", "ed", "es", "s", "ly")
_LEAST: Final = 3  # letters that must remain of a word


def hide_names(folded: str) -> str:
    """Replace links, contacts, exchanges, codes and numbers by what they are."""
    if "http" in folded or "www." in folded or ".me/" in folded:
        folded = _LINKS.sub(" zurl ", folded)
    if "@" in folded:
        for pattern, name in _AT:
            folded = pattern.sub(name, folded)
    folded = _EXCHANGES.sub(" zexchange ", folded)
    if _DIGIT.search(folded):
        for pattern, name in (*_CODES, *_NUMBERS) if _MIXED.search(folded) else _NUMBERS:
            folded = pattern.sub(name, folded)
    return folded


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return an English word without its most common endings: "transferring" is "transfer"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            word = word[: -len(ending)]
            break
    if len(word) <= _LEAST:
        return word
    if word[-1] == word[-2] and word[-1] not in "slz":
        return word[:-1]
    if word[-1] == "e":
        return word[:-1]
    return word[:-1] + "y" if word[-1] == "i" else word
