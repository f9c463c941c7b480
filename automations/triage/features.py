"""Turns folded text into counted terms; training and inference share it, so they cannot drift."""

import re
from collections import Counter
from itertools import pairwise
from typing import Final

FEATURES_VERSION: Final = 1  # raise it whenever the same text gives other terms

_PLACEHOLDERS: Final = (
    (re.compile(r"https?://\S{1,300}|\bwww\.\S{1,300}|\b(?:t|wa)\.me/\S{1,100}"), " zurl "),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,10}"), " zmail "),
    (re.compile(r"(?<!\w)@[a-z]\w{2,32}"), " zhandle "),
    (re.compile(r"\b(?:0x)?[0-9a-f]{40,64}\b"), " zhash "),
    (
        re.compile(
            r"(?:币安|火币|欧易|库币|酷币|芝麻|抹茶)|\b(?:binance|coinbase|kucoin|ku ?coin|okx|"
            r"okex|"
            r"huobi|kraken|bybit|gate\.io|mexc|crypto\.com|gemini|bitget)\b"
        ),
        " zexchange ",
    ),
    (
        re.compile(r"(?<![a-z0-9])(?=[a-z_]{0,20}\d)(?=\d{0,20}[a-z_])[a-z0-9_]{6,20}(?![a-z0-9])"),
        " zcode ",
    ),
    (re.compile(r"(?<![\d.])\d{7,12}(?![\d.])"), " zcode "),
    (re.compile(r"\d+(?:[.,:]\d+)*"), " znum "),
)
_WORD: Final = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:'[a-z]+)?")
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_CHARS: Final = (3, 4, 5)
_HAN_CHARS: Final = (1, 2, 3)
_SHORT: Final = 4
# Words that only tell that somebody writes a long story; they would speak for story-like families.
_STOP: Final = frozenset(
    "a an the and or but of to in on at for from with by as is are was were be been being am it "
    "its it's "
    "this that these those i i'm i've me my we our us you your they them their he she him her "
    "his who "
    "what which when where there here so very too just all any some more most than then also "
    "have has had "
    "do does did done will would could should can may might about into out up over again only "
    "own same "
    "such one two if because while after before until now get got".split()
)


def terms(folded: str) -> Counter[str]:
    """Count word 1-2-grams, character n-grams inside words, and n-grams of Chinese characters."""
    for pattern, placeholder in _PLACEHOLDERS:
        folded = pattern.sub(placeholder, folded)
    words = _WORD.findall(folded)
    counts = Counter(word for word in words if word not in _STOP)
    for first, second in pairwise(words):
        if first not in _STOP or second not in _STOP:
            counts[f"{first} {second}"] += 1
    for word in words:
        if word not in _STOP and word not in _NAMES:
            counts.update(_pieces(f"<{word}>", _CHARS))
    runs = _HAN.findall(folded)
    for run in runs:
        counts.update(_pieces(run, _HAN_CHARS))
    if len(words) + sum(map(len, runs)) <= _SHORT:
        counts["#short"] = 1
    return counts


_NAMES: Final = frozenset(name.strip() for _, name in _PLACEHOLDERS)


def _pieces(word: str, lengths: tuple[int, ...]) -> list[str]:
    return [word[i : i + n] for n in lengths for i in range(len(word) - n + 1)]
