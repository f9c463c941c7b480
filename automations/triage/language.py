"""Finds the language of a complaint, so that the reply is written in it."""

import re
from functools import lru_cache
from typing import Any, Final

_HAN: Final = re.compile("[\u3400-\u9fff]+")
_OTHER_EAST_ASIAN: Final = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_READ: Final = 1_000  # characters; more does not change the answer
_HAN_SHARE: Final = 0.2  # one Han character carries about as much as four Latin letters
_SURE: Final = 0.6
_OTHERS: Final = (
    "en zh es pt fr de it nl pl tr ru uk ar fa ur hi bn id vi th ja ko ro cs el he".split()
)
# Words that stand in nearly every English sentence or app review, and in few other languages.
_ENGLISH: Final = frozenset(
    "the a an and or but of to in on at for from with by is are was were be been it its this that "
    "i my me we our you your they them their he she his her not no don't can't cant cannot won't "
    "have has had do does did will would could can what why how when who there here so very too "
    "just all any some more than then if after before because still never every out up get got "
    "good great bad best worst app account money help please support love nice easy use like need "
    "want time scam exchange customer service fees trade trading crypto wallet withdraw deposit "
    "update login verify verification fix work works working excellent slow ok thanks".split()
)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Load the identifier only when a text needs it: it costs half a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_OTHERS)
    return identifier


def detect_language(text: str, named: str | None = None) -> str:
    """Return "en", "zh", or the code of another language when the text clearly is in it.

    Where the text shows no language clearly, the one that its sender names counts, or English.
    """
    unclear = named if named in _OTHERS else "en"
    text = text[:_READ]
    others = text if text.isascii() else _HAN.sub("", text)
    han = len(text) - len(others)
    if han and not _OTHER_EAST_ASIAN.search(text):
        return "zh" if han >= (han + len(_LETTER.findall(others))) * _HAN_SHARE else "en"
    words = _WORD.findall(text.lower())
    known = sum(map(_ENGLISH.__contains__, words))
    if text.isascii() and len(words) <= 3:  # noqa: PLR2004
        return "en" if known else unclear
    if text.isascii() and known >= len(words) * 0.25:
        return "en"
    if known >= len(words) * 0.4:
        return "en"
    language, confidence = _identifier().classify(text)
    return str(language) if confidence >= _SURE else unclear
