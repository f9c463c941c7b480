"""Words that stand directly before a number or a token and say what it is."""

import re


def label_before(words: str, *, between: str) -> re.Pattern[str]:
    """Return what finds one of these words at the end of the text before a token.

    Both are alternatives of a regular expression. Only signs and words of `between`, or their
    Chinese equals, may follow: "order no. is:" is a label, "order locked" is none.
    """
    return re.compile(
        rf"(?:{words})s?[^\w\n]{{0,4}}"
        rf"(?:(?:{between})\b[^\w\n]{{0,4}}|[号號码碼是为為][^\w\n]{{0,2}}){{0,3}}\Z",
        re.IGNORECASE,
    )
