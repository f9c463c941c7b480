"""Finds what opens an account: API keys, passwords, one-time codes, authenticators' keys."""

import re
from collections.abc import Iterator
from typing import Final

from integrations.redaction.base58 import RIPPLE, checked, decoded
from integrations.redaction.labels import label_before
from integrations.redaction.secret import Kind, Secret

_SHAPES: Final = re.compile(
    r"(?<![0-9A-Za-z_])(?:sk[-_](?:live[-_]|test[-_]|proj[-_])?[A-Za-z0-9_-]{20,200}"
    r"|gh[pousr]_[A-Za-z0-9]{36,100}|AKIA[0-9A-Z]{16}|xox[abprs]-[A-Za-z0-9-]{10,100}"
    r"|AIza[0-9A-Za-z_-]{35}"
    r"|eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,500})"
    r"(?![0-9A-Za-z_])"
)
_API_CUE: Final = re.compile(
    r"api[ _-]?(?:key|secret|token|pass(?:phrase|word)?|密钥|密鑰|密码)|\bapi\b|secret[ _-]?key"
    r"|access[ _-]?(?:key|token)|client[ _-]?secret|\bsecret\b|passphrase|bearer"
    r"|密钥|密鑰|秘钥|令牌",
    re.IGNORECASE,
)
_API_AFTER: Final = 260  # characters behind a cue; keys, secrets and phrases stand together
_API_TOKEN: Final = re.compile(
    r"(?<![0-9A-Za-z+/_.@-])[0-9A-Za-z+/_=-]{16,128}(?![0-9A-Za-z+/_@-])"
)
_LABELLED: Final = re.compile(
    r"(?:pass ?phrase|secret(?:[ _-]?key)?|api[ _-]?(?:key|secret|pass\w{0,6})|access[ _-]?token"
    r"|密钥|密鑰)"
    r"[\"']?\s{0,3}(?:[:=]|\bis\b|是|为|為)\s{0,3}[\"']?([^\s\"',;，。；\x01]{6,128})",
    re.IGNORECASE,
)
_LONGEST_TOKEN: Final = 128
_LONGEST_ADDRESS, _SOLANA_BYTES = 44, 32
_LABEL: Final = 40  # characters before a token in which its label is looked for
_OTHER_LABEL: Final = label_before(
    r"order|\btx\w{0,4}|hash|\buid|ticket|trade|reference|\bref|addr(?:ess)?|wallet|transaction"
    r"|订单|訂單|编号|編號|哈希|地址|流水|单号|單號",
    between="id|no|number|is|was",
)
# Raw keys and hashes have a detector of their own, which looks at what stands around them.
_HEX64: Final = re.compile(r"(?:0[xX])?[0-9A-Fa-f]{64}\Z")
_ADDRESS: Final = re.compile(r"0x[0-9A-Fa-f]{40}\Z|(?:bc|tb|ltc)1[0-9a-z]{20,}\Z|[0-9]+\Z")
_AUTHENTICATOR: Final = re.compile(
    r"(?:authenticator|2fa|totp|secret|setup key|谷歌验证|谷歌驗證|验证器|密钥|密鑰)"
    r"[^\n\x01]{0,40}?"
    r"(?<![0-9A-Za-z])((?:[A-Z2-7]{4}[ -]){3,12}[A-Z2-7]{4}|[A-Z2-7]{16,52})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_PASSWORD: Final = re.compile(
    r"(?:\bpass ?wor[dt]s?|\bpasswd|\bpwd|\bpass ?code|\bpassphrase|\bpass(?=\s{0,2}[:=])"
    r"|密码|密碼|口令)(?:[\"'\s]{0,12}(?:[:=]|\bis\b|\bwas\b|是|为|為){1,2})?[\"'\s]{0,12}"
    r"([\x21-\x7e]{4,72})",
    re.IGNORECASE,
)
_ANNOUNCED: Final = re.compile(r"[:=][\"'\s]{0,12}\Z")
_SAID: Final = re.compile(r"(?:\bis|\bwas|是|为|為)[\"'\s]{0,12}\Z", re.IGNORECASE)
_HAN_CUE: Final = re.compile(r"(?:密码|密碼|口令)\s{0,2}\Z")
# What people write behind "password:" when they do not tell it.
_NO_PASSWORD: Final = frozenset(
    "forgot forgotten reset change changed wrong incorrect invalid error please help none null true"
    " false unknown lost required need needed work working sent email mail login code and but the"
    " not this that has have was can cannot i'm i've when what same correct".split()
)
_CODE_WORD: Final = (
    r"(?:\botp\b|\b2fa\b|(?<![a-z])pin\b(?! ?code)|passcode|(?<!bar)\bcodes?\b|authenticator"
    r"|验证码|驗證碼|验證碼|动态码|動態碼|动态口令|动态密码|短信码|谷歌码|校验码)"
)
# Codes that open nothing: of referrals, errors, places, banks.
_OTHER_CODE: Final = re.compile(
    r"refer\w*|invit\w*|promo\w*|sign ?up|sign(?:ed)? up|regist\w*|bonus|discount|error|zip|postal"
    r"|country|area|\bqr|swift|sort|status|source|refused|denied|fail|邀请|推荐|返佣|错误",
    re.IGNORECASE,
)
# Whose number it is when this stands between the word and the digits.
_OTHER_NUMBER: Final = re.compile(
    r"\buid|\bid\b|order|ticket|phone|mobile|account|amount|waited|times"
    r"|订单|訂單|单号|單號|编号|手机|手機|电话|電話|账号|帳號|金额|金額|尾号|卡号|等了|次",
    re.IGNORECASE,
)
_STRONG_CODE: Final = re.compile(
    r"otp|2fa|pin|passcode|authenticator|verif|security|login|sms|backup|confirm"
    r"|验|驗|动态|動態|短信|谷歌|口令|校",
    re.IGNORECASE,
)
_USUAL: Final = 6  # digits of a one-time code
_CODE_CONTEXT: Final = 32  # characters before the word that tell whose code it is
_CODE_BEFORE: Final = re.compile(
    _CODE_WORD + r"(?:(?!codes?\b)[^\n\d\x01]){0,28}?(?<![\d.,$€£¥+#-])(\d{3}[ -]\d{3}|\d{6}|\d{8})"
    r"(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)
_SHORT_CODE: Final = re.compile(
    _CODE_WORD + r"\s{0,2}(?:[:=]|\bis\b|\bwas\b|是|为|為)\s{0,2}(\d{4,8})(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)
_CODE_AFTER: Final = re.compile(
    r"(?<![\d.,$€£¥+#-])(\d{3}[ -]\d{3}|\d{4,8})(?!\d)[\s(（【\[]{0,3}"
    r"(?:is (?:your|my|the)\b[^\n\d]{0,40}?(?:code|otp|pin|password)"
    r"|是?(?:您的|我的|你的)?[^\n\d]{0,6}(?:动态|短信|登录|提币|手机)?(?:验证码|驗證碼|校验码))",
    re.IGNORECASE,
)


def find_api_secrets(text: str) -> Iterator[Secret]:
    """Yield keys that show their service, and random words behind a cue; pairs and triples too."""
    for match in _SHAPES.finditer(text):
        yield Secret(Kind.API_SECRET, *match.span(), match[0])
    for match in _LABELLED.finditer(text):
        if _is_random(match[1], least=8):
            yield Secret(Kind.API_SECRET, *match.span(1), match[1])
    looked_at = 0
    for cue in _API_CUE.finditer(text):
        end = cue.end() + _API_AFTER
        # The search ends later than the tokens begin: what is cut off would look like another one.
        for match in _API_TOKEN.finditer(text, max(looked_at, cue.end()), end + _LONGEST_TOKEN + 1):
            if match.start() < end and _is_api_token(text, match):
                yield Secret(Kind.API_SECRET, *match.span(), match[0])
        looked_at = max(looked_at, end)


def _is_api_token(text: str, match: re.Match[str]) -> bool:
    """Tell whether a token near a cue can be a key: not what its form or its label says else."""
    token = match[0]
    if not _is_random(token, least=16) or _ADDRESS.match(token) or _HEX64.match(token):
        return False
    if len(token) <= _LONGEST_ADDRESS and _may_be_an_address(token):
        return False
    return not _OTHER_LABEL.search(text[max(0, match.start() - _LABEL) : match.start()])


def _may_be_an_address(token: str) -> bool:
    """Tell whether a token is a coin's address in Base58; those of Solana have no checksum."""
    raw = decoded(token)
    if raw is not None and len(raw) == _SOLANA_BYTES:
        return True
    return checked(token) is not None or checked(token, RIPPLE) is not None


def _is_random(word: str, *, least: int) -> bool:
    """Tell whether a word mixes letters and digits as nobody writes them."""
    return (
        len(word) >= least
        and any(sign.isdigit() for sign in word)
        and any(sign.isalpha() for sign in word)
        and "://" not in word
    )


def find_authenticator_keys(text: str) -> Iterator[Secret]:
    """Yield keys that were copied from the set-up of an authenticator app: Base32."""
    for match in _AUTHENTICATOR.finditer(text):
        value = re.sub(r"[ -]", "", match[1]).upper()
        if len(value) % 8 == 0 and any(sign.isdigit() for sign in value):
            yield Secret(Kind.AUTHENTICATOR, *match.span(1), value)


def find_passwords(text: str) -> Iterator[Secret]:
    """Yield what follows a word for passwords and is one, by its form or by what announces it."""
    for match in _PASSWORD.finditer(text):
        value = match[1].rstrip(".,;!?)]}\"'")
        if len(value) >= 4 and _is_password(value, text[match.start() : match.start(1)]):  # noqa: PLR2004
            start = match.start(1)
            yield Secret(Kind.PASSWORD, start, start + len(value), value)


def _is_password(value: str, before: str) -> bool:
    if "://" in value or value.lower().strip("\"'.,!") in _NO_PASSWORD:
        return False
    has_digit = any(sign.isdigit() for sign in value)
    has_sign = any(sign in "@#$%^&*_" for sign in value)
    if _ANNOUNCED.search(before):
        return True
    if _SAID.search(before):
        return has_digit or has_sign
    return bool(_HAN_CUE.search(before)) and has_digit and len(value) >= 6  # noqa: PLR2004


def find_codes(text: str) -> Iterator[Secret]:
    """Yield one-time codes near a word for them; codes of referrals and errors are none."""
    for pattern in (_CODE_BEFORE, _SHORT_CODE, _CODE_AFTER):
        for match in pattern.finditer(text):
            digits = re.sub(r"\D", "", match[1])
            context = text[max(0, match.start() - _CODE_CONTEXT) : match.end()]
            is_strong = _STRONG_CODE.search(context) is not None
            if _OTHER_NUMBER.search(match[0]):
                continue
            if is_strong or (len(digits) == _USUAL and not _OTHER_CODE.search(context)):
                yield Secret(Kind.ONE_TIME_CODE, *match.span(1), digits)
