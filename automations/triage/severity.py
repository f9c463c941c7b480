"""How bad a complaint is: the reason's base severity, raised by facts, never lowered."""

import re
from decimal import Decimal
from typing import Final

from automations.triage.amounts import find_amounts
from automations.triage.taxonomy import base_severity
from automations.triage.taxonomy_file import SEVERITIES

LARGE_LOSS_USD: Final = Decimal(50_000)
_NOT_RAISED: Final = frozenset("NX")  # an advertiser's "$100,000 in 24 hours" is no loss
_LOSS: Final = frozenset("ABCEFGJ")
_KEYS: Final = frozenset({"seed_phrase", "private_key"})
_LIFE_THREAT: Final = re.compile(
    r"\bsuicid|\bkill(?:ing)? myself|\bend my life|\bend it all\b|\b(?:threaten\w*|going) to "
    r"kill (?:me|us)\b"
    r"|自杀|轻生|不想活|活不下去|跳楼|威胁[^。!！]{0,8}(?:生命|杀)"
)
_VULNERABLE: Final = re.compile(
    r"\belderly\b|\b(?:i am|i'm|he is|she is|he's|she's|aged?|mother|father|mum|mom|"
    r"dad)\W{1,3}(?:is )?(?:7|8|9)\d\b"
    r"|\b(?:7|8|9)\d[- ]?years?[- ]?old|\bdisabled (?:person|veteran|pension)|\bi am disabled|"
    r"\bpensioner"
    r"|\bdementia|\bminor child|\b(?:1[0-7]|\b[6-9])[- ]?years?[- ]?old|\bunderage|\bcancer\b|"
    r"\bsuffering from"
    r"|老人|老年人|未成年|残疾|(?:7|8|9)\d岁|(?<!\d)1[0-7]岁|七十|八十|重病|癌症|智障"
)
_PUBLIC: Final = re.compile(
    r"\bombudsman|\bregulators?\b|\bfca\b|\bcfpb\b|\bfinra\b|\bjournalist|\bnewspapers?\b|"
    r"\bpress\b(?! (?:the|on))"
    r"|\bbbc\b|\breporters?\b|\btv station|\bthe media\b|\bfinancial conduct"
    r"|监管局|金管局|监管机构|证监会|消保委|媒体|记者|曝光|电视台|12315|银保监"
)
_FRESH: Final = re.compile(
    r"\bjust now\b|\b(?:a few |[1-5]?\d )?min(?:ute)?s? ago|\b(?:an|one|two|three|few|1?\d|"
    r"2[0-3]) hours? ago"
    r"|\b(?:this morning|last night|tonight|earlier today|overnight|today)\b"
    r"|刚刚|刚才|今天|今早|今晨|今晚|昨晚|凌晨|\d{1,2}分钟前|(?<!\d)(?:1?\d|2[0-3])个?小时前"
)
_NOW: Final = re.compile(
    r"\b(?:right now|at this (?:very )?moment|as we speak|happening now|as i (?:write|type)|"
    r"still (?:on the phone|"
    r"moving|sending|withdrawing|draining|trading))\b|\b(?:is|are|keep|keeps) (?:moving|"
    r"withdrawing|draining|sending|"
    r"selling|transferring|taking)\b|正在(?:被)?(?:提|转|往外|盗|卖|操作|通话|跟)|还在(?:提|转|"
    r"往外|卖|操作)|赶紧[^。!！]{0,6}拦"
)


def judge_severity(family: str, reason: str | None, folded: str, secrets: tuple[str, ...]) -> str:
    """Return S1 to S4 for a complaint whose family is known."""
    level = SEVERITIES.index(base_severity(family, reason))
    if threatens_life(folded):
        return SEVERITIES[0]
    if family in _NOT_RAISED:
        return SEVERITIES[level]
    if family in _LOSS and _NOW.search(folded):
        return SEVERITIES[0] if family in "AB" else SEVERITIES[max(0, level - 1)]
    raised = level - (1 if _is_worse(family, folded) else 0)
    if _KEYS & set(secrets):
        raised = min(raised, SEVERITIES.index("S2"))  # whoever read the ticket can empty the wallet
    return SEVERITIES[max(0, raised)]


def threatens_life(folded: str) -> bool:
    """Tell whether a life is in danger; this counts even when the rest is not understood."""
    return _LIFE_THREAT.search(folded) is not None


def _is_worse(family: str, folded: str) -> bool:
    """One level for any of these facts: several do not add up to two levels."""
    if _VULNERABLE.search(folded) or _PUBLIC.search(folded):
        return True
    if family not in _LOSS:
        return False
    if family in "AB" and _FRESH.search(folded):
        return True
    return any(amount.usd >= LARGE_LOSS_USD for amount in find_amounts(folded))
