"""Reads words that mix Latin with look-alike letters of other scripts as Latin words.

Only for matching: the original stands as it was written. A word wholly in Cyrillic or Greek is a
word of those languages and stays one.
"""

import re
from typing import Final

_GREEK_AND_CYRILLIC: Final = "\u0370-\u03ff\u0400-\u052f"
_OTHER: Final = re.compile(f"[{_GREEK_AND_CYRILLIC}\u0251\u0261\u0131\u0269\u0280\u1d00-\u1d22]")
_WORD: Final = re.compile(f"[a-z{_GREEK_AND_CYRILLIC}\u0251\u0261\u0131\u0269\u0280\u1d00-\u1d22]+")
_LATIN: Final = re.compile("[a-z]")
# Lower case only: the text is folded before.
_SAME_SHAPE: Final = str.maketrans(
    "абгдезкмнопрстухѕіјћԁԛԝүһӏԍ" + "αβγεζηικνορτυχωϲϳ" + "ɑɡıɩʀᴀʙᴄᴅᴇᴊᴋʟᴍɴᴏᴘᴛᴜᴠᴡᴢ",
    "a6rde3kmhonpctyxsijhdqwyhlg" + "abyeznikvoptuxwcj" + "agiirabcdejklmnoptuvwz",
)


def as_latin(folded: str) -> str:
    """Return lower-case text of the same length with look-alikes inside Latin words replaced."""
    if _OTHER.search(folded) is None:
        return folded
    return _WORD.sub(_latin_word, folded)


def _latin_word(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or _LATIN.search(word) is None:
        return word
    return word.translate(_SAME_SHAPE)
