"""Weighs the words of a complaint by written rules: safety families first, negation respected.

A rule is one line of `rules_data/*.rules`: a family or reason code ("?" stands for an insult
without a fact), the weight that it adds to the family's log-probability, and a pattern over folded
text. In patterns `<20>` is a gap of up to 20 characters inside one sentence; `{FUNDS}`, `{ACC}` and
`{币}` are the word lists below. Gaps are bounded, so that time grows linearly with the text.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

RULES_DIR: Final = Path(__file__).with_name("rules_data")
_FILES: Final = {"en": "english.rules", "zh": "chinese.rules"}
_LISTS: Final = {
    "{FUNDS}": r"\b(?:money|funds?|coins?|crypto\w*|assets?|btc|bitcoins?|eth|ethereum|usdt|usdc"
    r"|xrp|shib\w*|tokens?|balance|savings|holdings|dollars)\b",
    "{ACC}": r"\b(?:ac(?:count|count's|counts|ount|ct|c)|wallets?|profile|id)\b",
    "{币}": r"(?:币|钱|资金|资产|usdt|u|btc|eth|比特币|以太坊|余额|财产|存款)",
}
_GAP: Final = re.compile(r"<(\d+)>")
_NEGATED: Final = {
    "en": re.compile(
        r"(?:\b(?:never|no|not|isn't|wasn't|without|unless|in case|afraid of|worried about|zero"
        r"|won't|can't|(?<!know )(?<!see )(?<!sure )(?<!wonder )(?<!check )if|feels? like"
        r"|essentially|basically|practically|prevents?|avoid|protect\w* (?:from|against))|n't)\W+"
        r"(?:(?:been|get|gets|got|getting|being|have|had|has|a|an|any|is|are|was|be|ever|your|the"
        r"|you|one|really|i|we|my|our|it|account|accounts|from|single|of|even)\W+){0,4}\Z"
    ),
    "zh": re.compile(
        r"(?:没有?|不是|从未|从没|不会|未曾|并未|防止|避免|以免|免得|别等|担心|怕|害怕|如果|万一|假如|不怕|杜绝)"
        r"(?:再|被|会|任何|账户|账号|我的?|是|发生|过|资金|出现|币|遭|遇到)*\Z"
    ),
}
_DENIED_INSIDE: Final = {
    "en": re.compile(
        r"(?:\b(?:not|never)|n't)\W+(?:(?:been|yet|being|get|got|ever|even|be)\W+){0,3}\w+\Z"
    ),
    "zh": re.compile(r"(?:没有?|从未|从没|不会|未曾|并未|未)(?:被|遭|再)"),
}
_OWN_NEGATION: Final = re.compile(r"n't|not|never|n\[o|[不未]|没(?!收)")
_NEGATION_WINDOW: Final = 40
# Events; the other rules are about states that are themselves negative ("withdrawal not arrived").
_NEGATABLE: Final = frozenset("ABC?")
_REST_SHARE: Final = 0.25  # further hits for a family confirm it, they do not pile up
_CAP: Final = 5.5
# "Support never answers" and praise usually stand beside the real subject.
_SUBJECTS: Final = "ABCDEFHK"
_GENERAL_REASONS: Final = frozenset({"A2", "C1", "I1"})  # they give way to any other
_ACCOMPANIMENTS: Final = frozenset("IN?")
_ACCOMPANIMENT_SHARE: Final = 0.3
_ACCOMPANIMENT_LOSS: Final = 0.5
_SUBSTANCE: Final = 1.5
# What a thief changed is not the owner's own wish for a new telephone or authenticator.
_TAKEN_OVER: Final = 3.0
_OWNERS_WISH_SHARE: Final = 0.4
# A model with few texts of a grave or rare family must not claim it without a written reason;
# for theft, fraud and freeze the penalty is smaller, because overlooking them costs people money.
_WITHOUT_EVIDENCE: Final = {family: -1.5 if family in "ABC" else -2.0 for family in "ABCEGJX"}


class Rule(NamedTuple):
    """One written rule, ready to search with."""

    code: str
    weight: float
    pattern: re.Pattern[str]
    language: str
    denies: bool  # negation is part of what the rule looks for


class Hit(NamedTuple):
    """A rule that matched, and where."""

    code: str
    weight: float
    start: int
    end: int


@lru_cache(maxsize=2)
def rules_for(language: str) -> tuple[Rule, ...]:
    """Return the compiled rules of a language; compiled at first use, which costs 0.1 seconds."""
    lines = (RULES_DIR / _FILES[language]).read_text("utf-8").splitlines()
    parts = (line.split(" ", 2) for line in lines if line and not line.startswith("#"))
    return tuple(
        Rule(code, float(weight), _compile(text), language, bool(_OWN_NEGATION.search(text)))
        for code, weight, text in parts
    )


def find_hits(folded: str, language: str) -> list[Hit]:
    """Return every rule that matches, strongest first; mixed texts are read in both languages."""
    hits = []
    for name in _languages_in(folded, language):
        for rule in rules_for(name):
            match = _first_affirmed(rule, folded)
            if match:
                hits.append(Hit(rule.code, rule.weight, match.start(), match.end()))
    return sorted(hits, key=lambda hit: -hit.weight)


def family_weights(hits: list[Hit]) -> dict[str, float]:
    """Return what the rules add to each family's log-probability."""
    found: dict[str, list[float]] = {}
    for hit in hits:
        found.setdefault(hit.code[0], []).append(hit.weight)
    weights = {
        family: min(_CAP, max(each) + _REST_SHARE * (sum(each) - max(each)))
        for family, each in found.items()
    }
    if any(weights.get(family, 0.0) >= _SUBSTANCE for family in _SUBJECTS):
        for family in _ACCOMPANIMENTS & weights.keys():
            weights[family] = weights[family] * _ACCOMPANIMENT_SHARE - _ACCOMPANIMENT_LOSS
    if weights.get("A", 0.0) >= _TAKEN_OVER and "D" in weights:
        weights["D"] *= _OWNERS_WISH_SHARE
    return _WITHOUT_EVIDENCE | weights


def best_reason(hits: list[Hit], family: str) -> str | None:
    """Return the reason that the rules point to inside a family, if any."""
    totals: dict[str, float] = {}
    for hit in hits:
        if hit.code[0] == family and len(hit.code) > 1:
            totals[hit.code] = totals.get(hit.code, 0.0) + hit.weight
    specific = {
        code: total
        for code, total in totals.items()
        if code not in _GENERAL_REASONS and total >= _SUBSTANCE
    }
    return max(specific or totals, key=lambda code: totals[code], default=None)


def _compile(text: str) -> re.Pattern[str]:
    for name, words in _LISTS.items():
        text = text.replace(name, words)
    return re.compile(_GAP.sub(r"[^.!?。！？\\n]{0,\1}?", text))


def _languages_in(folded: str, language: str) -> tuple[str, ...]:
    has_han = re.search("[\u4e00-\u9fff]{2}", folded) is not None
    if language == "zh":
        return ("zh", "en") if re.search(r"[a-z]{3}\W+[a-z]{3}", folded) else ("zh",)
    return ("en", "zh") if has_han else ("en",)


def _first_affirmed(rule: Rule, folded: str) -> re.Match[str] | None:
    """Return the first match that neither the words before it nor its own deny."""
    if rule.code[0] not in _NEGATABLE:
        return rule.pattern.search(folded)
    for match in rule.pattern.finditer(folded):
        before = folded[max(0, match.start() - _NEGATION_WINDOW) : match.start()]
        inside = not rule.denies and _DENIED_INSIDE[rule.language].search(match[0])
        if not inside and not _NEGATED[rule.language].search(before):
            return match
    return None
