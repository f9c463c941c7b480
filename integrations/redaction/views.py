"""How a text is looked at: without hidden characters and markup, each character in its place."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from integrations.redaction.secret import Secret

_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
_WIDE: Final = re.compile("[\u3000\uff01-\uff5e\U0001d400-\U0001d7ff]")
_TAG: Final = re.compile(
    r"</?(?:a|p|br|div|span|b|i|u|s|em|strong|ul|ol|li|table|tbody|thead|tr|td|th|h[1-6]|pre|code"
    r"|img|hr|blockquote|font|wbr|small|sub|sup)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(nbsp|amp|lt|gt|quot|apos|#x?[0-9a-fA-F]{1,6});")
_MEANING: Final = {"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MEANING_BY_NUMBER: Final = {
    "#39": "'",
    "#34": '"',
    "#160": " ",
    "#38": "&",
    "#60": "<",
    "#62": ">",
}
PLACEHOLDER: Final = re.compile(r"\[REDACTED:([A-Z_]{2,24})(?::[0-9a-f]{8}(?:\.\d{1,3})?)?\]")
_TAKEN: Final = "\x01"  # stands where a placeholder is; no detector looks across it


@dataclass(frozen=True, slots=True)
class View:
    """A text as detectors read it; `places` maps its characters to those of the original."""

    text: str
    places: list[int] | None = None  # None: each character is where it was

    def in_original(self, secret: Secret) -> Secret:
        """Return the secret where it stands in the original."""
        if self.places is None:
            return secret
        start, end = self.places[secret.start], self.places[secret.end - 1] + 1
        return Secret(secret.kind, start, end, secret.value)


def views_of(text: str) -> list[View]:
    """Return the text as it is read: plainly, and without markup where there is some."""
    view = _plain(text)
    if "<" not in view.text and "&" not in view.text:
        return [view]
    bare = _without_markup(view)
    return [view] if bare == view.text else [view, View(bare, view.places)]


def _plain(text: str) -> View:
    if "[REDACTED:" in text:
        text = PLACEHOLDER.sub(lambda found: _TAKEN * len(found[0]), text)
    if text.isascii():
        return View(text)
    text = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0])[:1], text)
    if not _HIDDEN.search(text):
        return View(text)
    places = [place for place, sign in enumerate(text) if not _HIDDEN.match(sign)]
    return View("".join(text[place] for place in places), places)


def _without_markup(view: View) -> str:
    """Return a text as long as the view's, with spaces where markup is."""
    bare = _TAG.sub(lambda found: " " * len(found[0]), view.text)
    return _ENTITY.sub(_entity, bare)


def _entity(found: re.Match[str]) -> str:
    sign = _MEANING.get(found[1]) or _MEANING_BY_NUMBER.get(found[1], " ")
    return sign + " " * (len(found[0]) - 1)
