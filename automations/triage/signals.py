"""Collects what an agent would otherwise hunt for: txids, addresses, amounts, ids, times."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from automations.triage.addresses import CANDIDATE, chain_of, has_checksum
from automations.triage.amounts import CURRENCY_NAMES, find_amounts
from automations.triage.contacts import find_emails, find_links, find_phones
from automations.triage.normalise import normalise
from integrations.redaction.automaton import Automaton, words
from integrations.redaction.base58 import decoded
from integrations.redaction.placeholders import kinds_in
from integrations.redaction.redactor import masked

READ: Final = 65_536  # characters; Zendesk's comments are not longer
_MOST: Final = 20  # of each kind; more would not be read by anybody
_TXID: Final = re.compile(r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{64}(?![0-9A-Za-z])")
_SIGNATURE: Final = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{86,88}(?![0-9A-Za-z])")
_SIGNATURE_BYTES: Final = 64
_UID: Final = re.compile(
    r"(?:(?<![a-z])(?:uid|user ?id|account (?:id|number|no))|用户(?:id|编号)|我的id|账户id|"
    r"(?<![a-z])id)"
    r"[^\n\d]{0,6}(\d{6,18})(?!\d)",
    re.IGNORECASE,
)
_BARE_UID: Final = re.compile(r"(?<![\d.])(\d{17,18})(?![\d.])")
_ORDER: Final = re.compile(
    r"(?:order|订单|訂單|withdrawal id|提币单|流水)\s{0,2}(?:id|no|number|num|编号|号码|号|號|"
    r"#)?[.\s:：#是为]{0,4}"
    r"((?=[A-Za-z-]{0,12}\d)[A-Za-z0-9-]{6,32})(?![A-Za-z0-9-])",
    re.IGNORECASE,
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH_STARTS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_TIME: Final = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9jfmasondtyl刚今昨前凌上])"
    r"(?:(?:20\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|"
    r"\d{1,2}月\d{1,2}[日号]"
    r"|\d{1,2}/\d{1,2}/(?:20)?\d\d|\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b(?:,? 20\d\d)?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? 20\d\d)?"
    r"|(?:today|yesterday|this morning|last night|tonight|just now|an hour ago|\d{1,3} "
    r"(?:minutes?|hours?|days?|weeks?|months?) ago"
    r"|last (?:week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b"
    r"|刚刚|刚才|今天|今早|今晚|昨天|昨晚|前天|凌晨|上周[一二三四五六日天]?|上个?月"
    r"|\d{1,3}(?:分钟|个?小时|天|个月)前)",
    re.IGNORECASE,
)


def find_signals(text: str) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the signals by kind, safe to show to agents, and the kinds of leaked secrets.

    The text may hold secrets, or the placeholders of secrets that were taken out of it.
    """
    return signals_in(masked(normalise(text[:READ])[:READ]))  # some characters grow


def signals_in(safe: str) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the same for a text that is normalised and masked already."""
    numbers = _signs().seen_in(safe.encode("utf-8", "replace"))
    kinds = {kind for number in numbers for kind in _SIGNS[number][0]}
    signals = {kind: _distinct(find(safe)) for kind, find in _SEARCHES.items() if kind in kinds}
    secrets = tuple(kind.value for kind in kinds_in(safe))
    return {kind: found for kind, found in signals.items() if found}, secrets


@cache
def _signs() -> Automaton:
    return Automaton([pattern for _, pattern in _SIGNS])


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]


def _hashes(text: str) -> list[str]:
    """Return hashes of transactions, and what Solana has instead: signatures."""
    signatures = (match[0] for match in _SIGNATURE.finditer(text))
    return _TXID.findall(text) + [
        each for each in signatures if len(decoded(each) or b"") == _SIGNATURE_BYTES
    ]


def _addresses(text: str) -> list[str]:
    found = CANDIDATE.finditer(text)
    return [match[0] for match in found if chain_of(match[0]) is not None]


def _doubtful(text: str) -> list[str]:
    """Return look-alikes of addresses whose checksum fails: typing errors or poisoning."""
    found = CANDIDATE.finditer(text)
    return [
        match[0]
        for match in found
        if not match[0].isdigit()
        and not match[0].isalpha()
        and has_checksum(match[0])
        and chain_of(match[0]) is None
    ]


def _uids(text: str) -> list[str]:
    return [m[1] for m in _UID.finditer(text)] + [m[1] for m in _BARE_UID.finditer(text)]


def _order_ids(text: str) -> list[str]:
    return [match[1] for match in _ORDER.finditer(text)]


def _amounts(text: str) -> list[str]:
    return [amount.text for amount in find_amounts(text)]


_SEARCHES: Final[dict[str, Callable[[str], list[str]]]] = {
    "txid": _hashes,
    "address": _addresses,
    "address_doubtful": _doubtful,
    "amount": _amounts,
    "uid": _uids,
    "order_id": _order_ids,
    "time": _TIME.findall,
    "url": find_links,
    "email": find_emails,
    "phone": find_phones,
}

_MONEY: Final = words(*CURRENCY_NAMES)
_NUMERALS: Final = words(*"一二两三四五六七八九十半百千万亿")
# The cheap look: what a text must hold for a search to find anything.
_SIGNS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("txid", "address", "address_doubtful"),
        r"[0-9a-z]{25}|\b(?:bc|tb|ltc)[a-z]{0,2}1[0-9a-z]{6}",
    ),
    (("amount",), rf"\d.{{0,12}}?(?:{_MONEY})"),
    (("amount",), rf"(?:{_MONEY}) ?\d"),
    (("amount",), rf"(?:{_NUMERALS})(?:{_MONEY}| |{words('个', '枚')})"),
    (("uid",), rf"(?:id|account|{words('编号')}).{{0,24}}\d{{6}}|\d{{17}}"),
    (
        ("order_id",),
        rf"(?:order|withdrawal id|{words('订单', '訂單', '提币单', '流水')}).{{0,30}}\d",
    ),
    (("time",), r"\d[-/:.]\d|" + words("年", "月")),
    (("time",), r"\b(?:to|last |this |just |an )|yesterday|\bago\b"),
    (
        ("time",),
        rf"\b(?:{_MONTH_STARTS})[a-z]{{0,6}} \d|\d[a-z]{{0,2}} (?:of )?(?:{_MONTH_STARTS})",
    ),
    (
        ("time",),
        words(*("刚刚", "刚才", "今天", "今早", "今晚", "昨天", "昨晚", "凌晨", "上", "前")),
    ),
    (("url",), r"https?://|www\.|[a-z0-9]\.[a-z]{2,8}\b"),
    (("email",), "@"),
    (("phone",), r"\+\d|00[1-9]\d{9}|1[3-9]\d{9}"),
)
