"""Text that no spreadsheet runs: what could be a formula gets an apostrophe in front.

A spreadsheet takes a cell for a formula when it begins with = + - @ or a full-width twin of these,
also behind blanks, invisible characters and, in some programs, a tab or a line break. A program
that expects another separator than the comma cuts cells elsewhere, so the place behind every
separator, quote and line break inside a text is guarded as the beginning is.
"""

import re

GUARD = "'"
# Characters that show nothing, and U+FFFD, which may stand for one.
_INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffd\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_BLANK = r"[^\S\t\n\r]"  # every white space but tabs and line breaks, which part cells
# The four signs and every character that Unicode takes for one of them, and the minus sign.
_BEGINS = (
    "=+\\-@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\u2a75\u2a76\ufb29"
    "\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
)
_PASSED_OVER = rf"(?:{_BLANK}|[{GUARD}{_INVISIBLE}])*"
_AT_START = rf"\A(?=(?:{_PASSED_OVER})[{_BEGINS}\t\r\n])"
_INSIDE = rf"(?<=[,;|\"\t\r\n])(?={_PASSED_OVER}[{_BEGINS}])"
_ARMED = re.compile(f"{_AT_START}|{_INSIDE}")
_DISARMED = re.compile(
    rf"\A{GUARD}(?=(?:{_PASSED_OVER})[{_BEGINS}\t\r\n])"
    rf"|(?<=[,;|\"\t\r\n]){GUARD}(?={_PASSED_OVER}[{_BEGINS}])"
)
# Characters that no CSV file carries safely: controls but tab and line break, half surrogates.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def defused(text: str) -> str:
    """Return the text as a cell that stays text; `restored` takes the apostrophes away again.

    Control characters and half surrogates become U+FFFD, and that cannot be undone.
    """
    return _ARMED.sub(GUARD, _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text))


def restored(cell: str) -> str:
    """Return the text that `defused` was given, but for its control characters."""
    return _DISARMED.sub("", cell)
