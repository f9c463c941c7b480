"""Reads a search query: words, phrases, and keywords with an operator and a value."""

import re
from dataclasses import dataclass, replace
from itertools import islice

MOST_TERMS = 64
TERM = re.compile(
    r"""(?P<minus>-?)
    (?:(?P<key>[A-Za-z_][A-Za-z0-9_]*)(?P<operator>:|<=|>=|<|>)(?=\S))?
    (?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))""",
    re.VERBOSE,
)
TYPES = ("ticket", "user", "organization", "group")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a record must have, or must not."""

    value: str
    key: str = ""  # empty for free text
    operator: str = ":"
    is_phrase: bool = False
    is_negated: bool = False

    def as_text(self) -> "Term":
        """Return the term as free text: what becomes of a keyword that nobody knows."""
        text = f"{self.key}{self.operator}{self.value}"
        return replace(self, value=text, key="", operator=":", is_phrase=True)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read."""

    terms: tuple[Term, ...]
    types: tuple[str, ...] = ()  # none: all of them
    order_by: str = ""
    direction: str = ""


def parse(text: str) -> Query:
    """Return what a query asks for; nothing is an error, as in Zendesk."""
    terms: list[Term] = []
    types: list[str] = []
    settings = {"order_by": "", "sort": ""}
    for found in islice(TERM.finditer(text), MOST_TERMS):
        term = _term(found)
        if term.key == "type" and not term.is_negated:
            types.append(term.value.lower())
        elif term.key in settings:
            settings[term.key] = term.value.lower()
        elif term.value.strip():
            terms.append(term)
    return Query(tuple(terms), tuple(types), settings["order_by"], settings["sort"])


def _term(found: re.Match[str]) -> Term:
    phrase = found["phrase"]
    return Term(
        value=found["word"] if phrase is None else phrase,
        key=(found["key"] or "").lower(),
        operator=found["operator"] or ":",
        is_phrase=phrase is not None,
        is_negated=bool(found["minus"]),
    )
