"""What a reply must never say, checked before an agent can send it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from automations.macros.language import LANGUAGES
from automations.macros.loader import Macro

MAX_CHARACTERS = 1500

# Telling a customer that a report or an examination exists is an offence in most places where the
# desk works, so the vocabulary of both is out, also in harmless sentences.
_TIPPING_OFF = {
    "en": r"\bSARs?\b|\bSTRs?\b|\bAML\b|(?i:suspicio|\bsuspect|launder|terroris|financial crime"
    r"|under investigation|watch ?list|black ?list|financial intelligence)",
    "zh": r"洗钱|反洗|恐怖融资|可疑|涉嫌|嫌疑|怀疑您|黑名单|监控名单|调查您|被调查|金融情报|涉案",
}
_INTERNALS = {
    "en": r"(?i:risk (?:score|engine|model)|\brules? (?:no\.? ?)?\d|rule engine|detection rule)"
    r"|\brisk_\w|\b[A-KNX]\d\b|\b[A-Z]{2,}_[A-Z0-9_]+",
    "zh": r"风险评分|风控(?:规则|模型|引擎|策略)|命中|触发了?规则|risk_\w|\b[A-KNX]\d\b",
}
_PROMISES = {
    "en": r"(?i:\bwe (?:promise|guarantee|assure)\b|\bguaranteed\b"
    r"|\b(?:will|shall|is going to) (?:be |definitely |certainly )?"
    r"(?:refund|unfreeze|unfrozen|unblock|reimburse|recover|lift|release)(?:ed|d)?\b)",
    "zh": r"(?<![不法能])(?:保证|承诺|一定会?|必定|肯定会?|将会?|会)(?:为您|帮您|给您|全额)?"
    r"(?:解冻|解除限制|退款|退还|追回|赔偿|赔付)",
}
_SECRETS = {
    "en": r"(?i)password|passcode|verification code|2fa code|one-time code|seed phrase"
    r"|recovery phrase|private key|secret key|\bcvv\b|\bpin\b",
    "zh": r"密码|验证码|助记词|私钥|密钥|安全码|CVV",
}
_ASKING = {
    "en": r"(?i)\b(?:send|tell|give|share|provide|reply|attach|enter|confirm|type|write|need)\b",
    "zh": r"提供|发送|发给|告知|告诉|回复|填写|上传|提交|输入|附上|需要",
}
_NEGATION = {"en": r"(?i)\b(?:never|not|nobody|no one|without)\b|n't\b", "zh": r"[不勿别切]|没有人"}
_SENTENCE_END = re.compile(r"[.!?。！？；;\n]+")
_SIGNATURE = re.compile(
    r"(?i)(?:regards|sincerely|yours|cheers|此致|敬礼|敬上|祝好|顺颂商祺)[,，。.]?$"
)
_HALF_WIDTH_AFTER_HAN = re.compile(r"[\u3400-\u9fff][,;:?!]")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to correct in one macro."""

    slug: str
    language: str
    rule: str
    what: str


def lint(macros: Iterable[Macro]) -> list[Finding]:
    """Return everything that must be corrected, sorted by macro."""
    checked = tuple(macros)
    findings = [
        Finding(macro.slug, macro.language, rule, what)
        for macro in checked
        for rule, what in lint_text(macro.text, macro.language)
    ]
    return sorted(findings + _missing_translations(checked))


def lint_text(text: str, language: str) -> list[tuple[str, str]]:
    """Return (rule, what) for every fault of one reply; also for a text that an agent edited."""
    found = [
        (rule, match.group(0))
        for rule, patterns in (
            ("tipping off", _TIPPING_OFF),
            ("internals", _INTERNALS),
            ("promise", _PROMISES),
        )
        for match in re.finditer(patterns[language], text)
    ]
    found += [("asks for secrets", line) for line in _requests_for_secrets(text, language)]
    return found + _layout_faults(text, language)


def _requests_for_secrets(text: str, language: str) -> list[str]:
    return [
        sentence.strip()
        for sentence in _SENTENCE_END.split(text)
        if re.search(_SECRETS[language], sentence)
        and re.search(_ASKING[language], sentence)
        and not re.search(_NEGATION[language], sentence)
    ]


def _layout_faults(text: str, language: str) -> list[tuple[str, str]]:
    faults = []
    if not text.strip():
        faults.append(("empty", "there is no text"))
    if len(text) > MAX_CHARACTERS:
        faults.append(("too long", f"{len(text)} characters, {MAX_CHARACTERS} are allowed"))
    if "\t" in text or any(line != line.rstrip() for line in text.splitlines()):
        faults.append(("whitespace", "tabs, or spaces at the end of a line"))
    if "\n\n\n" in text:
        faults.append(("whitespace", "two blank lines in a row"))
    if _SIGNATURE.search(text.strip()):
        faults.append(("signature", "Zendesk adds the agent's own"))
    if language == "zh" and (half := _HALF_WIDTH_AFTER_HAN.search(text)):
        faults.append(("punctuation", f"half-width sign after {half.group(0)[0]}"))
    return faults


def _missing_translations(macros: Iterable[Macro]) -> list[Finding]:
    written: dict[str, set[str]] = {}
    for macro in macros:
        written.setdefault(macro.slug, set()).add(macro.language)
    return [
        Finding(slug, language, "missing translation", "the file does not exist")
        for slug, languages in written.items()
        for language in LANGUAGES
        if language not in languages
    ]
