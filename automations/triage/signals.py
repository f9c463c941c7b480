"""Collects what an agent would otherwise hunt for: txids, addresses, amounts, ids, times."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from automations.triage.addresses import CANDIDATE, chain_of
from automations.triage.amounts import find_amounts
from automations.triage.leaks import find_leaks, mask
from automations.triage.normalise import normalise

READ: Final = 65_536  # characters; Zendesk's comments are not longer
_MOST: Final = 20  # of each kind; more would not be read by anybody
_TXID: Final = re.compile(r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{64}(?![0-9A-Za-z])")
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
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})(?![\w-])"
)
_PHONE: Final = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,4}(?:[ -]?\d{2,4}){2,3}|"
    r"1[3-9]\d{9})(?![\w.])"
)
_URL: Final = re.compile(r"\bhttps?://[^\s<>\"']{3,200}|\bwww\.[^\s<>\"']{3,200}", re.IGNORECASE)
_TIME: Final = re.compile(
    r"(?<!\d)(?:20\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|"
    r"\d{1,2}月\d{1,2}[日号]"
    r"|\d{1,2}/\d{1,2}/(?:20)?\d\d|\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)(?!\d)"
    r"|\b(?:today|yesterday|this morning|last night|tonight|just now|an hour ago|\d{1,3} "
    r"(?:minutes?|hours?|"
    r"days?|weeks?|months?) ago)\b"
    r"|刚刚|刚才|今天|今早|今晚|昨天|昨晚|前天|凌晨|\d{1,3}(?:分钟|个?小时|天|个月)前",
    re.IGNORECASE,
)


def find_signals(text: str) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the signals by kind, safe to show to agents, and the kinds of leaked secrets."""
    text = normalise(text[:READ])[:READ]  # some characters grow when normalised
    leaks = find_leaks(text)
    safe = mask(text, leaks)
    signals = {kind: _distinct(search(safe)) for kind, search in _SEARCHES.items()}
    secrets = tuple(sorted({leak.kind for leak in leaks}))
    return {kind: found for kind, found in signals.items() if found}, secrets


def mask_contacts(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers shortened."""
    return _PHONE.sub(lambda m: _mask_phone(m[0]), _EMAIL.sub(_mask_email, text))


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]


def _addresses(text: str, *, valid: bool) -> list[str]:
    return [m[0] for m in CANDIDATE.finditer(text) if (chain_of(m[0]) is not None) is valid]


def _doubtful(text: str) -> list[str]:
    """Return look-alikes of addresses whose checksum fails: typing errors or poisoning."""
    return [a for a in _addresses(text, valid=False) if not a.isdigit() and not a.isalpha()]


def _uids(text: str) -> list[str]:
    return [m[1] for m in _UID.finditer(text)] + [m[1] for m in _BARE_UID.finditer(text)]


def _phones(text: str) -> list[str]:
    return [_mask_phone(m[0]) for m in _PHONE.finditer(text)]


def _mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-2:]}"


def _mask_email(match: re.Match[str]) -> str:
    return f"{match[1][:1]}***@{match[2]}"


_SEARCHES: Final[dict[str, Callable[[str], list[str]]]] = {
    "txid": _TXID.findall,
    "address": lambda text: _addresses(text, valid=True),
    "address_doubtful": _doubtful,
    "amount": lambda text: [amount.text for amount in find_amounts(text)],
    "uid": _uids,
    "order_id": lambda text: [m[1] for m in _ORDER.finditer(text)],
    "time": _TIME.findall,
    "url": lambda text: [mask_contacts(url) for url in _URL.findall(text)],
    "email": lambda text: [_mask_email(m) for m in _EMAIL.finditer(text)],
    "phone": _phones,
}
