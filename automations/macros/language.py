"""Which language a macro is written in, told by its signs and its commonest words."""

import re

LANGUAGES = ("en", "zh")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_BLANK = re.compile(r"\{\{.*?\}\}")
_LATIN_WORD = re.compile(r"[a-z']+")
_EVERYDAY_ENGLISH = re.compile(
    r"\b(?:the|an?|and|or|of|to|in|on|for|with|from|is|are|be|was|has|have|it|this|that|you|your"
    r"|we|our|us|not|do|if|when|please|at|by|as)\b"
)
MIN_ENGLISH_SHARE = 0.25  # English prose has 35 to 50 % of these words, other languages below 10 %
MIN_HAN_SHARE = 0.7  # product words (UID, P2P, TXID) stay Latin in Chinese


def is_written_in(language: str, text: str) -> bool:
    """Tell whether the text is English (`en`) or Simplified Chinese (`zh`)."""
    prose = _BLANK.sub(" ", text)
    return _is_simplified_chinese(prose) if language == "zh" else _is_english(prose)


def _is_english(prose: str) -> bool:
    words, everyday = (len(p.findall(prose.lower())) for p in (_LATIN_WORD, _EVERYDAY_ENGLISH))
    return not _HAN.search(prose) and everyday > MIN_ENGLISH_SHARE * words


def _is_simplified_chinese(prose: str) -> bool:
    han = "".join(_HAN.findall(prose))
    try:
        han.encode("gb2312")  # the mainland's set: traditional forms are not in it
    except UnicodeEncodeError:
        return False
    return len(han) > MIN_HAN_SHARE * len(_LETTER.findall(prose))
