"""Finds numbers of identity papers: those whose checksum proves them, others behind a cue."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from integrations.redaction.secret import Kind, Secret

_CHINESE: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx](?![0-9A-Za-z])"
)
_CHINESE_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHINESE_CHECKS: Final = "10X98765432"  # GB 11643
_HONG_KONG: Final = re.compile(
    r"(?<![0-9A-Za-z])([A-Za-z]{1,2})(\d{6})(\(?)([0-9Aa])\)?(?![0-9A-Za-z])"
)
_CUE: Final = re.compile(
    r"(?:identity|hk ?id|national id|citizen id|nric|aadhaar|ssn|social security|tax id|id card"
    r"|(?<!user )(?<!order )(?<!account )\bid ?(?:no\b|number|num\b)|passport|driver'?s? licen[cs]e"
    r"|身份证|身份證|证件|證件|护照|護照|驾照)"
    r"(?: ?(?:card|no|number|num|#|号码|號碼|号|號)\.?){0,2}"
    r"[\s:#是为為(]{0,6}(?:is|was)?[\s:#]{0,4}",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(
    r"(?=[A-Z-]{0,4}\d)[A-Z0-9](?:[A-Z0-9]|-(?=[A-Z0-9])| (?=\d{2,4}\b)){5,20}(?:\([0-9A]\))?"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_LEAST_DIGITS: Final = 6


def find_identity_numbers(text: str) -> Iterator[Secret]:
    """Yield identity numbers of mainland China and Hong Kong, and what a cue announces."""
    for match in _CHINESE.finditer(text):
        if is_chinese_id(match[0]):
            yield _secret(match, match[0])
    for match in _HONG_KONG.finditer(text):
        if match[3] and fits_hong_kong(match[1], match[2], match[4]):
            yield _secret(match, match[0])
    for cue in _CUE.finditer(text):
        value = _VALUE.match(text, cue.end())
        if value and sum(sign.isdigit() for sign in value[0]) >= _LEAST_DIGITS:
            yield _secret(value, value[0])


def is_chinese_id(text: str) -> bool:
    """Tell whether 18 characters have a date of birth and the check character of GB 11643."""
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _CHINESE_WEIGHTS, strict=False))
    return _CHINESE_CHECKS[total % 11] == text[17].upper()


def fits_hong_kong(letters: str, digits: str, check: str) -> bool:
    """Tell whether the check digit of a Hong Kong identity card is right."""
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters.upper()]
    total = sum(
        value * weight
        for value, weight in zip([*values, *map(int, digits)], range(9, 1, -1), strict=True)
    )
    expected = -total % 11
    return check.upper() == ("A" if expected == 10 else str(expected))  # noqa: PLR2004


def _secret(match: re.Match[str], text: str) -> Secret:
    value = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return Secret(Kind.IDENTITY, *match.span(), value)
