"""Finds how people are reached: e-mail addresses, telephone numbers, links and bare domains."""

import re
from functools import lru_cache
from typing import Final

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)

_EMAIL: Final = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})(?![\w-])"
)
_PHONE: Final = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5}|00[1-9]\d{9,13}|1[3-9]\d{9})(?![\w.]?\d)"
)
_LEAST_DIGITS: Final = 9  # shorter ones are service numbers
_URL: Final = re.compile(
    r"\bhttps?://[^\s<>\"'，。；）】]{3,200}|\bwww\.[^\s<>\"'，。；）】]{3,200}", re.IGNORECASE
)
_DOMAIN: Final = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    r"(?:com|net|org|io|cc|top|xyz|vip|app|pro|info|online|site|shop|club|live|cn|hk|ru|biz|finance"
    r"|exchange|trade|link|tech|fun|icu|store|world|digital|capital|fund|ltd|asia|uk|de|eu|co|me|us)"
    r"(?:/[^\s<>\"'，。；）】]{0,200})?(?![\w-])",
    re.IGNORECASE,
)
_END_OF_SENTENCE: Final = ".,;:!?)]}"


def find_emails(text: str) -> list[str]:
    """Return e-mail addresses, shortened."""
    return [_short_email(match) for match in _EMAIL.finditer(text)] if "@" in text else []


def find_phones(text: str) -> list[str]:
    """Return telephone numbers that exist, shortened: with a country's code, or Chinese mobiles."""
    return [_short_phone(match[0]) for match in _PHONE.finditer(text) if is_phone(match[0])]


def phones_in(text: str) -> list[str]:
    """Return telephone numbers in full, one way to write each: only to be hashed."""
    found = []
    for match in _PHONE.finditer(text):
        if is_phone(match[0]):
            number = f"+{match[0][2:]}" if match[0].startswith("00") else match[0]
            found.append(format_number(parse(number, "CN"), PhoneNumberFormat.E164))
    return found


def emails_in(text: str) -> list[str]:
    """Return e-mail addresses in full: only to be hashed."""
    return [match[0] for match in _EMAIL.finditer(text)] if "@" in text else []


def find_links(text: str) -> list[str]:
    """Return links and domains as they are written, without e-mail addresses in them."""
    if "." not in text:
        return []
    found = [match[0].rstrip(_END_OF_SENTENCE) for match in _URL.finditer(text)]
    rest = _URL.sub(" ", text)
    found += [match[0].rstrip(_END_OF_SENTENCE) for match in _DOMAIN.finditer(rest)]
    return [mask_contacts(link) for link in found]


@lru_cache(maxsize=4096)
def is_phone(number: str) -> bool:
    """Tell whether a written number is one that its country gives out."""
    international = f"+{number[2:]}" if number.startswith("00") else number
    try:
        return is_valid_number(parse(international, "CN"))
    except NumberParseException:
        return False


def mask_contacts(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers shortened."""
    if "@" in text:
        text = _EMAIL.sub(_short_email, text)
    return _PHONE.sub(lambda found: _short_phone(found[0]), text)


def _short_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-2:]}"


def _short_email(match: re.Match[str]) -> str:
    return f"{match[1][:1]}***@{match[2]}"
