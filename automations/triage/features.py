"""Turns folded text into counted terms; training and inference share it, so they cannot drift."""

import re
from collections import Counter
from typing import Final

FEATURES_VERSION: Final = 1  # raise it whenever the same text gives other terms

_PLACEHOLDERS: Final = (
    (re.compile(r"https?://\S{1,300}|\bwww\.\S{1,300}|\b(?:t|wa)\.me/\S{1,100}"), " zurl "),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,10}"), " zmail "),
    (re.compile(r"(?<!\w)@[a-z]\w{2,32}"), " zhandle "),
    (re.compile(r"\b(?:0x)?[0-9a-f]{40,64}\b"), " zhash "),
    (re.compile(r"(?:币安|火币|欧易|库币|酷币|芝麻|抹茶)|\b(?:binance|coinbase|kucoin|ku ?coin|okx|okex|"
                r"huobi|kraken|bybit|gate\.io|mexc|crypto\.com|gemini|bitget)\b"), " zexchange "),
    (re.compile(r"(?<![a-z0-9])(?=[a-z_]{0,20}\d)(?=\d{0,20}[a-z_])[a-z0-9_]{6,20}(?![a-z0-9])"),
     " zcode "),
    (re.compile(r"(?<![\d.])\d{7,12}(?![\d.])"), " zcode "),
    (re.compile(r"\d+(?:[.,:]\d+)*"), " znum "),
)
_WORD: Final = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:'[a-z]+)?")
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_CHARS: Final = (3, 4, 5)
_HAN_CHARS: Final = (1, 2, 3)
_SHORT: Final = 4


def terms(folded: str) -> Counter[str]:
    """Count word 1-2-grams, character n-grams inside words, and n-grams of Chinese characters."""
    for pattern, placeholder in _PLACEHOLDERS:
        folded = pattern.sub(placeholder, folded)
    words = _WORD.findall(folded)
    counts = Counter(words)
    counts.update(f"{first} {second}" for first, second in zip(words, words[1:], strict=False))
    for word in words:
        if not word.startswith("z") or word not in _NAMES:
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
