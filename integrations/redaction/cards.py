"""Finds payment cards and their codes; numbers of users and orders are as long."""

import re
from collections.abc import Iterator
from typing import Final

from integrations.redaction.labels import label_before
from integrations.redaction.secret import Kind, Secret

_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z.])\d(?:[ -]?\d){12,18}(?![0-9A-Za-z])")
_BRAND: Final = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|6[37])\d{11,17})\Z"
)
# Without a word about cards only what is unlike any other number of an exchange.
_SURE: Final = re.compile(
    r"(?:4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14})\Z"
)
_GROUPS: Final = re.compile(
    r"\d+\Z|\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?\Z|\d{4}[ -]\d{6}[ -]\d{4,5}\Z"
    r"|\d{6}[ -]\d{10,13}\Z"
)
_NEAR: Final = 40
_CARD_CUE: Final = re.compile(
    r"card|visa|master|amex|maestro|debit|credit|\bpan\b"
    r"|卡号|卡號|银行卡|銀行卡|信用卡|储蓄卡|借记卡|尾号",
    re.IGNORECASE,
)
_NUMBER_CUE: Final = re.compile(
    r"(?:card ?(?:number|no\.?|num|#)|卡号|卡號)[ :：#是为為is]{0,6}\Z", re.IGNORECASE
)
_OTHER_CUE: Final = re.compile(
    r"\buid|user|\bid\b|order|ticket|\btx|trade|reference|account"
    r"|订单|訂單|單號|单号|编号|編號|流水|工单|账号|帳號|imei|tracking",
    re.IGNORECASE,
)
# A word that says directly before a number what else it is: "account locked 4111..." says nothing.
_OTHER_LABEL: Final = label_before(_OTHER_CUE.pattern, between="id|no|number|num|nr|is|was")
_CODE: Final = re.compile(
    r"(?<![A-Za-z])(?:cv[vcn]2?|card verification (?:code|value)"
    r"|安全码|安全碼|校验码|背面三位数?|(?<!号)(?<!号的)后三位)"
    r"(?: ?(?:code|number|码|碼))?"
    r"[^0-9A-Za-z\n\x01]{0,6}(?:is|was|是|为|為)?[^0-9A-Za-z\n\x01]{0,4}(\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_SECURITY_CODE: Final = re.compile(
    r"security code[^0-9\n\x01]{0,12}(?<!\d)(\d{3,4})(?!\d)", re.IGNORECASE
)
_NEAR_CARD: Final = 160  # characters between a card and its security code


def find_cards(text: str) -> Iterator[Secret]:
    """Yield numbers that length, brand, checksum and the words before them show to be cards."""
    for match in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not _BRAND.match(digits):
            continue
        before = text[max(0, match.start() - _NEAR) : match.start()]
        cue, other = _last(_CARD_CUE, before), _last(_OTHER_CUE, before)
        is_valid = fits_luhn(digits)
        is_sure = (
            _SURE.match(digits) and _GROUPS.match(match[0]) and not _OTHER_LABEL.search(before)
        )
        if _NUMBER_CUE.search(before) or (is_valid and (cue > other or is_sure)):
            yield Secret(Kind.CARD, *match.span(), digits)


def find_card_codes(text: str, cards: list[Secret]) -> Iterator[Secret]:
    """Yield security codes of cards: those that are named so, and others near a card."""
    for match in _CODE.finditer(text):
        yield Secret(Kind.CARD_CODE, *match.span(1), match[1])
    for match in _SECURITY_CODE.finditer(text):
        if any(
            card.start - _NEAR_CARD <= match.start(1) <= card.end + _NEAR_CARD for card in cards
        ):
            yield Secret(Kind.CARD_CODE, *match.span(1), match[1])


def fits_luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of ISO/IEC 7812-1."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match ends; -1 when there is none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)
