"""Finds in a complaint's words the facts that raise its severity.

Nearly all texts hold none of them: stems are looked for first, in one pass, and only facts
whose stem is there are read closely. Patterns read folded text.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from integrations.redaction.automaton import Automaton


class _Wording(NamedTuple):
    """Every English match holds one of the stems; Chinese is looked for without them."""

    stems: tuple[str, ...]
    english: re.Pattern[str]
    chinese: re.Pattern[str]


def _wording(stems: str, *patterns: str) -> _Wording:
    """Build a wording; in stems an underscore stands for a space."""
    *english, chinese = patterns
    return _Wording(
        tuple(stem.replace("_", " ") for stem in stems.split()),
        re.compile("|".join(english)),
        re.compile(chinese),
    )


_WORDINGS: Final[Mapping[str, _Wording]] = {
    "life_threat": _wording(
        "suicid myself my_life end_it_all to_kill",
        r"\bsuicid|\bkill(?:ing)? myself|\bend my life|\bend it all\b",
        r"\b(?:threaten\w*|going) to kill (?:me|us)\b",
        r"自杀|轻生|不想活|活不下去|跳楼|威胁[^。!！]{0,8}(?:生命|杀)",
    ),
    "loss_in_progress": _wording(
        "right_now this_moment very_moment as_we_speak happening_now as_i_write as_i_type still_"
        " moving withdrawing draining sending selling transferring taking emptying stealing",
        r"\b(?:hack|steal|stole|drain|empt|unauthori[sz]ed)\w{0,8}\b[^.!?\n]{0,40}\b(?:right now"
        r"|at this (?:very )?moment|as we speak|as i (?:write|type)|happening now)\b",
        r"\b(?:right now|at this (?:very )?moment|as we speak)\b[^.!?\n]{0,30}"
        r"\b(?:hacking|hacked|stealing|stolen|draining|emptying)\b",
        r"\bstill (?:moving|withdrawing|draining|emptying|stealing)\b",
        r"\b(?:they|he|she|someone|somebody|hackers?|thief|thieves|scammers?|attackers?|coins?"
        r"|funds|money|crypto) (?:is|are|keeps?) (?:now )?(?:moving|withdrawing|draining|sending"
        r"|selling|transferring|taking|emptying|stealing) (?:my|our|all|everything|it|them|out|away"
        r"|coins?|funds|money|crypto|btc|eth|usdt)\b(?! (?:account|details|data)\b)",
        r"正在(?:被)?(?:提|转|往外|盗|卖|操作)|还在(?:提|转|往外|卖|操作)|赶紧[^。!！]{0,6}拦",
    ),
    "on_the_phone": _wording(
        "on_the_phone on_phone on_the_line on_line on_a_call hang_up",
        r"\b(?:still|now|currently) on (?:the )?(?:phone|line|a call)\b",
        r"\b(?:he|she|they) (?:is|are) (?:still )?on the (?:phone|line)\b|\bdon't hang up\b",
        r"正在(?:跟|和|与)?[^。!！]{0,6}通话|还在通话|电话还没挂|没挂电话",
    ),
    "threat": _wording(
        "threaten blackmail extort come_for_m i_will_",
        r"\bthreaten\w* (?:me|us|my|to (?:hurt|harm|kill|leak|expose|publish|release|post|send))\b",
        r"\bblackmail|\bsextort|\bextort(?:ed|ing|ist)|\bcome for (?:me|my family)\b",
        r"\bi will (?:find|hurt) you\b",
        r"威胁[我要说]|恐吓[我要说]|敲诈|勒索|曝光我|人身安全|人身威胁",
    ),
    "emergency_request": _wording(
        "emergency exigent imminent",
        r"\b(?:emergency|exigent) (?:disclosure|request|data|circumstances)\b",
        r"\bimminent (?:danger|harm)",
        r"紧急(?:协查|止付|冻结|调取|查询)",
    ),
    "vulnerable_customer": _wording(
        "elderly 7 8 9 disab pension dementia cancer suffering wheelchair",
        r"\belderly\b|\b(?:aged?|i am|i'm|he is|she is|he's|she's|mother|father|mum|mom|dad)\W{1,3}"
        r"(?:is )?[789]\d\b(?![%.,]?\d|\s?%)",
        r"\b[789]\d[- ]?years?[- ]?old|\bdisabled (?:person|veteran|pension)|\bi am disabled",
        r"\b(?:have|has|had|with|from|fighting|battling) (?:\w+ )?cancer\b|\bsuffering from",
        r"\bpensioner|\bdementia|\bwheelchair",
        r"老人|老年人|残疾|[789]\d岁|七十|八十|重病|癌症|智障|低保户",
    ),
    "minor": _wording(
        "minor underage year_old years_old year-old years-old",
        r"\bminor child|\bunderage\b|\b(?:am|is|was) (?:still )?a minor\b(?! [a-z])",
        r"(?<!\d)(?:1[0-7]|[6-9])[- ]?years?[- ]?old",
        r"未成年|1[0-7]岁(?<!\d\d\d岁)",
    ),
    "regulator_or_press": _wording(
        "ombudsman regulator fca cfpb finra to_the_sec journalist newspaper press bbc reporter"
        " tv_station the_media financial_conduct"
        " 12315",
        r"\bombudsman|\bregulators?\b|\bfca\b|\bcfpb\b|\bfinra\b|\bjournalist|\bnewspapers?\b",
        r"\b(?:the|contact|inform|tell|alert|local|national) press\b|\bbbc\b|\ba reporter\b",
        r"\btv station|\bthe media\b|\bfinancial conduct",
        r"\breport(?:ed|ing)? (?:you |this )?to the sec\b",
        r"监管局|金管局|监管机构|监管部门|证监会|消保委|媒体|记者|曝光(?!我)|电视台|12315|银保监",
    ),
}
_STEMS: Final = tuple((stem, fact) for fact, w in _WORDINGS.items() for stem in w.stems)
_ENGLISH: Final = re.compile("[a-z]{2}[^a-z]{1,3}[a-z]{2}")  # two words, and not only "usdt"


@cache
def _stems() -> Automaton:
    return Automaton([re.escape(stem) for stem, _ in _STEMS])


def find_facts(folded: str) -> dict[str, str]:
    """Return the facts that the words state, each with the words."""
    matches: dict[str, re.Match[str] | None] = {}
    if not folded.isascii():
        matches.update((fact, w.chinese.search(folded)) for fact, w in _WORDINGS.items())
    if folded.isascii() or _ENGLISH.search(folded):
        seen = _stems().seen_in(folded.encode("utf-8", "replace"))
        for fact in {_STEMS[number][1] for number in seen}:
            matches[fact] = matches.get(fact) or _WORDINGS[fact].english.search(folded)
    return {fact: " ".join(match[0].split()) for fact, match in matches.items() if match}
