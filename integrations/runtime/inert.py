"""Foreign text made harmless: it stays readable and can no longer do anything."""

import re
import unicodedata

MAX_LENGTH = 120  # the longest chain addresses have about 105 characters

# Signs with a meaning in Markdown, HTML or Zendesk's own {{placeholders}} become their
# full-width twins: a person still reads them, no program does.
_ACTIVE = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "{}<>[]()*`~#|\\!&%"})
_DOT_OF_A_DOMAIN = re.compile(
    r"(?<=\w)\.(?=[^\W\d])"
)  # mail programs turn evil.example into a link
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # controls, bidi marks, line ends …


def one_line(text: str, *, limit: int = MAX_LENGTH) -> str:
    """Return the text on one line, without invisible signs, markup or links, cut at the limit."""
    visible = "".join(
        " " if unicodedata.category(sign) in _INVISIBLE else sign for sign in text[: 4 * limit]
    )
    line = " ".join(unicodedata.normalize("NFC", visible).split()).translate(_ACTIVE)
    line = _DOT_OF_A_DOMAIN.sub("．", line.replace("://", "：//"))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def readable(text: str, *, limit: int) -> str:
    """Return the text on one line without invisible signs, cut at the limit.

    Its markup stays as it is: whoever shows it in a markup escapes it.
    """
    shown = "".join(
        " " if unicodedata.category(sign) in _INVISIBLE else sign for sign in text[: 4 * limit]
    )
    line = " ".join(shown.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
