"""Cuts folded text into units: one Latin word, one number, one Chinese character, one stop.

Everything in rules is counted in units, so that "up to three" means three words of English and
three characters of Chinese. Commas, quotes, hyphens and brackets are no units: "log-in" is like
"log in".
"""

import re
from typing import Final

_UNIT: Final = re.compile(
    r"([a-z]+(?:'[a-z]+)*"
    r"|[\u3400-\u9fff]"
    r"|[!?。！？\n]+|(?<!\.)\.(?!\.)"  # an ellipsis ends no sentence
    r"|\d+(?:[.,:]\d+)*"
    r"|[+@%$€£¥\u2600-\u27bf\U0001f300-\U0001faff]"
    r"|[^\W\d_a-z\u3400-\u9fff]+)"
)
STOPS: Final = frozenset(".!?。！？\n")  # a unit that begins so ends a sentence


def units_of(folded: str) -> list[str]:
    """Return the units of lower-case, simplified text."""
    return _UNIT.findall(folded)


def pieces_of(folded: str) -> list[str]:
    """Return the units, each between what stands before and behind it, which may be nothing."""
    return _UNIT.split(folded)


def is_number(unit: str) -> bool:
    """Tell whether a unit is a number."""
    return unit[0].isdigit()


def is_latin(unit: str) -> bool:
    """Tell whether a unit is a Latin word."""
    return "a" <= unit[0] <= "z"
