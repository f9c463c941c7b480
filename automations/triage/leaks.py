"""Finds secrets that a customer should never have sent; tells their kind, masks their value."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from automations.triage.addresses import base58_payload

_HEX64: Final = re.compile(r"(?<![0-9A-Za-z])(0x)?([0-9A-Fa-f]{64})(?![0-9A-Za-z])")
_WIF: Final = re.compile(r"(?<![0-9A-Za-z])[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![0-9A-Za-z])")
_PEM: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
)
_KEY_CUE: Final = re.compile(
    r"(?:private[ _-]?key|priv[ _-]?key|secret key|私钥|私鑰|密钥|导出|seed)[^\n]{0,40}\Z",
    re.IGNORECASE,
)
_TX_CUE: Final = re.compile(
    r"(?:\btx|hash|transaction|transfer|deposit|withdraw|explorer|scan\.|哈希|交易|转账|轉帳|"
    r"充值|提[币幣现現]|"
    r"链上|记录)[^\n]{0,80}\Z",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    r"(?<![a-z])[a-z]{3,8}(?:(?:[ \t,]|[ \t,]*\d{0,2}[.):])[ \t]{0,3}[a-z]{3,8}){11,23}(?![a-z])"
)
_CUED_SEED: Final = re.compile(
    r"(?:(?:seed|mnemonic|recovery|secret|backup|12[- ]word|24[- ]word)\s{0,2}(?:phrase|words?)?|"
    r"mnemonic"
    r"|助记词|助記詞|恢复词)[^\n:：]{0,24}[:：\n]\s{0,4}"
    r"((?:\d{0,2}[.、)]?\s?[A-Za-z]{3,8}[\s,，、]{1,3}){8,23}[A-Za-z]{3,8})",
    re.IGNORECASE,
)
_CHINESE_SEED: Final = re.compile(
    r"(?:助记词|助記詞|"
    r"恢复词)[^\n:：]{0,12}[:：\n]\s{0,4}((?:[\u4e00-\u9fff][\s、,，]{0,2}){11,23}[\u4e00-\u9fff])"
)
# Words of ordinary English that no list of BIP 39 contains.
_PROSE: Final = frozenset(
    "the and for was are but not with from have has had been were very please money they them "
    "then his "
    "her our out its she him who did does got get how why yes sir too also please thanks hello "
    "account "
    "withdraw deposit app crypto bitcoin exchange support email never which when what there "
    "their would "
    "could these those into lost sent made said told gave took want help need after before "
    "because still "
    "while since being every always".split()
) - {"want", "help", "need", "every", "because", "before", "after", "there", "these", "into"}
_OTP: Final = re.compile(
    r"(?:\botp\b|(?<!referral )(?<!invite )(?<!invitation )(?<!promo )(?<!ref )(?<!error )\bcode|"
    r"\b2fa\b|authenticator|\bpin\b|验证码|驗證碼|动态码|动态口令)"
    r"(?:(?!code)[^\n\d]){0,24}?(?<!\d)(\d{6})(?!\d)",
    re.IGNORECASE,
)
# After "is" only a value with a digit or a sign counts: "my password is wrong" gives nothing away.
_PASSWORD: Final = re.compile(
    r"(?:\bpass ?word|\bpasswd|\bpwd|\bpasscode|密码|密碼|口令)\s{0,2}(?:is|was|为|是|為)?\s{0,2}"
    r"(?:[:：=]\s{0,3}|(?:\bis|是|为|為)\s{0,3}(?=[^\s,，。;；]{0,63}[\d@#$%^&*_]))([^\s,，。;；]{4,64})",
    re.IGNORECASE,
)
_API: Final = re.compile(
    r"(?:api[ _-]?(?:secret|key|passphrase)|secret[ _-]?key|passphrase)\s{0,3}(?:is\s|"
    r"[:：=])\s{0,3}"
    r"([A-Za-z0-9+/=_-]{12,128})",
    re.IGNORECASE,
)
_CARD: Final = re.compile(r"(?<![\dA-Za-z])(?:\d[ -]?){12,18}\d(?![\dA-Za-z])")
_CARD_BRAND: Final = re.compile(
    r"(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|62\d{14,17})\Z"
)
_ID_CUE: Final = re.compile(
    r"(?:uid|user id|\bid|order|订单|單號|单号|编号|ticket)[^\n\d]{0,12}\Z", re.IGNORECASE
)
_LEAST_SEED: Final = 11  # people mistype or leave out a word
_WIF_VERSIONS: Final = frozenset({0x80, 0xEF})


class Leak(NamedTuple):
    """Where a secret stands and of which kind it is."""

    kind: str
    start: int
    end: int


def find_leaks(text: str) -> list[Leak]:
    """Return every secret, in the order of the text, without overlaps."""
    found = [leak for search in _SEARCHES for leak in search(text)]
    kept: list[Leak] = []
    for leak in sorted(found, key=lambda leak: (leak.start, -leak.end)):
        if not kept or leak.start >= kept[-1].end:
            kept.append(leak)
    return kept


def mask(text: str, leaks: list[Leak] | None = None) -> str:
    """Return the text with every secret replaced by its kind."""
    pieces, position = [], 0
    for leak in find_leaks(text) if leaks is None else leaks:
        pieces += [text[position : leak.start], f"[REDACTED:{leak.kind.upper()}]"]
        position = leak.end
    return "".join([*pieces, text[position:]])


def _seeds(text: str) -> list[Leak]:
    leaks = [
        Leak("seed_phrase", *match.span(1))
        for pattern in (_CUED_SEED, _CHINESE_SEED)
        for match in pattern.finditer(text)
        if pattern is _CHINESE_SEED or _looks_like_seed(match[1], cued=True)
    ]
    uncued = (match for match in _WORDS.finditer(text) if _looks_like_seed(match[0], cued=False))
    return leaks + [Leak("seed_phrase", *match.span()) for match in uncued]


def _looks_like_seed(words: str, *, cued: bool) -> bool:
    """Prose holds articles and pronouns within any dozen words; a seed phrase never does."""
    found = re.findall("[a-z]+", words.lower())
    prose = sum(word in _PROSE for word in found)
    return prose <= 1 if cued else len(found) >= _LEAST_SEED and prose == 0


def _keys(text: str) -> list[Leak]:
    leaks = [Leak("private_key", *match.span()) for match in _PEM.finditer(text)]
    for match in _HEX64.finditer(text):
        before = text[max(0, match.start() - 90) : match.start()]
        if _KEY_CUE.search(before):
            leaks.append(Leak("private_key", *match.span()))
        elif not match[1] and not _TX_CUE.search(before):
            leaks.append(Leak("possible_private_key", *match.span()))
    for match in _WIF.finditer(text):
        payload = base58_payload(match[0])
        if payload and payload[0] in _WIF_VERSIONS:
            leaks.append(Leak("private_key", *match.span()))
    return leaks


def _values(pattern: re.Pattern[str], kind: str) -> Callable[[str], list[Leak]]:
    return lambda text: [Leak(kind, *match.span(1)) for match in pattern.finditer(text)]


def _cards(text: str) -> list[Leak]:
    """Find card numbers; UIDs are as long, so brand, Luhn's sum and label must agree."""
    leaks = []
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        before = text[max(0, match.start() - 24) : match.start()]
        if _CARD_BRAND.match(digits) and _luhn(digits) and not _ID_CUE.search(before):
            leaks.append(Leak("card_number", *match.span()))
    return leaks


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


_SEARCHES: Final[tuple[Callable[[str], list[Leak]], ...]] = (
    _keys,
    _seeds,
    _values(_OTP, "otp"),
    _values(_PASSWORD, "password"),
    _values(_API, "api_secret"),
    _cards,
)
