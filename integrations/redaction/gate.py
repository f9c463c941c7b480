"""The cheap look: which kinds of secrets a text may hold at all; for most texts, none.

One pass of an automaton over the bytes, whatever the number of patterns. The bytes may be text or
JSON as it comes from Zendesk. What the look lets pass is certainly free of secrets for the
detectors behind it; what it stops is looked at properly.
"""

from functools import cache
from typing import Final

from integrations.redaction import seeds
from integrations.redaction.automaton import Automaton, words


class Signs:
    """What was seen, as bits of a number, by the detectors that have to look."""

    ODD = 1 << 0  # hidden characters, full-width forms, escapes of JSON
    SEED_RUN = 1 << 1
    SEED_CUE = 1 << 2
    HEX = 1 << 3
    LONG_TOKEN = 1 << 4
    FILE = 1 << 5
    API = 1 << 6
    PASSWORD = 1 << 7
    CODE = 1 << 8
    CARD = 1 << 9
    CARD_CUE = 1 << 10
    CARD_CODE = 1 << 11
    IDENTITY = 1 << 12


# A row of words as long as those of English phrases. Articles and pronouns of three letters that no
# list contains end the row, so that ordinary sentences rarely have one; so do words of one or two
# letters, or of ten. Nine letters, because a line break is a backslash and an n in JSON.
_WORD: Final = (
    r"(?:[b-egh-su-vx-z][a-z][a-z]|t[a-gi-z][a-z]|a[a-mo-z][a-z]|an[a-ce-z]|f[a-np-z][a-z]"
    r"|fo[a-qs-z]|w[b-z][a-z]|wa[a-rt-z]|[a-z]{4,9})"
)
_ROW_OF_WORDS: Final = rf"(?:[^a-z\x22_\xe4-\xe9]+{_WORD}){{10}}"
_SEED_CUES: Final = words(
    *("seed", "mnemonic", "phrase", "recovery", r"backup ?words?", r"\d\d ?words", "secret"),
    *("助记", "助記", "恢复词", "恢復詞", "种子", "種子", "口令词", "備份詞", "备份词"),
)
_CODE_CUES: Final = words(
    *(r"\botp", "code", r"\b2fa", r"\bpin\b", "password", "passcode", "authenticator"),
    *("验证码", "驗證碼", "验證碼", "动态码", "動態碼", "动态口令", "校验码", "谷歌码", "安全码"),
    *("短信码", "口令"),
)
_HAN_PASSWORD: Final = words("密码", "密碼", "口令")
_PATTERNS: Final[tuple[tuple[int, str], ...]] = (
    (
        Signs.ODD,
        r"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xc2\xad"
        r"|\xef\xbc[\x90-\x99\xa1-\xba]|\xef\xbd[\x81-\x9a]|\xf0\x9d[\x90-\x9f]"
        r"|\\u[0-9a-f]{4}",
    ),
    (Signs.SEED_RUN, r"(?:[a-z]{3,8}\\\x22[^a-z]{1,6}\\\x22){10}"),
    (Signs.SEED_RUN, r"(?:[\xe4-\xe9][\x80-\xbf]{2}[^a-z\x22\x80-\xff]{1,8}){10}"),
    (
        Signs.SEED_RUN,
        rf"(?:[\xe4-\xe9][\x80-\xbf]{{2}} {{0,2}}(?:{words('、', '，')}) {{0,2}}){{10}}",
    ),
    (Signs.SEED_CUE, _SEED_CUES),
    (Signs.HEX, r"[0-9a-f]{64}"),
    (Signs.LONG_TOKEN, r"[0-9a-z]{50}"),
    (Signs.FILE, r"PRIVATE KEY|ciphertext"),
    (
        Signs.API,
        r"[^/]\bapi|^api|secret|access.?(?:key|token)|private.?key|passphrase|bearer|authenticator|"
        r"\bsk[-_]|\bgh[pousr]_|\bAKIA|\bxox[abprs]-|\bAIza|\beyJ|"
        + words("密钥", "密鑰", "私钥", "私鑰", "谷歌验证", "令牌", "接口"),
    ),
    (
        Signs.PASSWORD,
        rf"(?:pass ?wor[dt]s?|passwd|\bpwd|pass ?code|passphrase|\bpass\b|{_HAN_PASSWORD})"
        rf"(?:[\x22' \\]|\\[nrt]|<[^<>]{{1,20}}>|&nbsp;){{0,6}}"
        rf"(?:[:=]|is\b|was\b|{words('是', '为', '為', '：', '＝')})",
    ),
    (Signs.PASSWORD, rf"(?:{_HAN_PASSWORD}) {{0,2}}[!-~]"),
    (Signs.CODE, rf"(?:{_CODE_CUES})[^\r\n]{{0,48}}\d[ -]?\d[ -]?\d[ -]?\d"),
    (Signs.CODE, rf"\d[ -]?\d[ -]?\d[ -]?\d[^\r\n]{{0,48}}(?:{_CODE_CUES})"),
    (Signs.CARD, r"(?:\d[ -]?){14}[\dX]"),
    (
        Signs.CARD_CUE,
        r"(?:card|visa|mastercard|amex|debit|credit|"
        + words("卡号", "卡號", "银行卡", "銀行卡", "信用卡", "储蓄卡")
        + r")[^\r\n]{0,48}(?:\d[ -]?){12}\d",
    ),
    (
        Signs.CARD_CODE,
        r"\bcv[vcn]2?|security code|" + words("安全码", "安全碼", "校验码", "背面三位", "后三位"),
    ),
    (Signs.IDENTITY, r"[a-z]\d{6}\([0-9a]\)"),
    (
        Signs.IDENTITY,
        r"(?:passport|social security|\bssn|\bhk ?id|national id|identity"
        r"|id ?(?:card|number|no|num)|tax id|citizen id|licen[cs]e|\bnric|aadhaar|"
        + words("护照", "護照", "身份证", "身份證", "证件", "證件", "驾照")
        + r")[^\r\n]{0,48}\d[0-9 -]{3}",
    ),
)


def signs_in(data: bytes) -> int:
    """Return what was seen in UTF-8 bytes of any length."""
    several, rows = _automata()
    signs = 0
    for number in several.seen_in(data):
        signs |= _PATTERNS[number][0]
    if rows.seen_in(data) and seeds.may_hold_phrase(data):
        signs |= Signs.SEED_RUN
    return signs


@cache
def _automata() -> tuple[Automaton, Automaton]:
    """Return the automata of the many patterns and of rows of words; one would be far slower."""
    return Automaton([pattern for _, pattern in _PATTERNS]), Automaton([_ROW_OF_WORDS])
