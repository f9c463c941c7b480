"""Tells whether a text is a complaint in the regulatory sense, by the words that say so.

Regulators mean any expression of dissatisfaction with a service to which an answer is expected, in
whatever words. Praise, questions and advertising are none; nor are the thanks of somebody who is
"not disappointed". Where the matter alone decides (a theft is one), the taxonomy says so.
"""

import re
from itertools import chain
from typing import Final, NamedTuple

from automations.triage.taxonomy import is_by_nature_a_complaint

_PRAISE: Final = "N1"
_ADVERTISING: Final = "X"
_MOST: Final = 3
_ENGLISH: Final = (
    r"complain(?:t|ts|ing|ed)?|dissatisf\w{1,10}|unacceptable|outrageous|ridiculous|disgust\w{1,6}",
    r"terrible|horrible|awful|worst|useless|pathetic|incompetent|disappoint\w{1,6}|unhappy|fed up",
    r"frustrat\w{1,6}|unfair\w{0,4}|rip[- ]?off|waste of time|shame on|angry|furious|negligen\w*",
    r"scam(?:mer)?s? (?:company|exchange|platform|app)|thieves|crooks",
    r"(?:bad|poor|lousy) (?:service|support|experience|communication)",
    r"(?:no|nobody|no one|never)(?: \w+){0,2} (?:replie[sd]|reply|replies|respon[ds]\w{0,6}"
    r"|answers?|answered|helps?|helped)",
    r"(?:not|isn't|aren't|wasn't|doesn't|don't|won't|didn't|never) (?:work\w{0,3}|help\w{0,3}|fair"
    r"|respond\w{0,3}|answer\w{0,3}|reply\w{0,3}|satisfied|happy|resolved|solved|acceptable)",
    r"still (?:no|not|waiting|nothing|haven't|hasn't|pending|locked|frozen)",
    r"(?:want|need|give me|return|refund) (?:me )?(?:back )?my (?:money|funds?|coins?|account)",
    r"(?:give|pay) (?:it|me|us|them|my \w+) back|money back|compensat\w{1,6}|i demand",
    r"how (?:can|could|dare) you|why (?:did|do|have|has|is|are|was|were) (?:you|my|your|i)",
    r"too (?:slow|long|late|expensive|high)|keeps? (?:asking|failing|rejecting|crashing|saying)",
)
_CHINESE: Final = (
    "投诉|不满|太差|垃圾|差评|恶心|坑人|坑钱|黑平台|黑心|无良|骗子平台|流氓",
    "没人(?:理|管|回复|处理|解决)|迟迟|凭什么",
    "一直都?[不没未]|还是都?[不没未]|至今都?[不没未]|到现在都?[不没未]",
    "为什么(?:要|不|还|冻|限|拒|扣|又|一直|会被)|退钱|退款|还我|还钱|要求(?:退|赔|解|处理|给个)",
    "赔偿|维权|忽悠|敷衍|推卸|踢皮球|失望|气死|气人|无语|不能接受|无法接受|不合理|不公平",
    "太慢|太烂|太卡|太坑|太难用|太麻烦|不作为|不负责|给我?个说法|解决不了|不解决|不处理|不回复",
)
_IN_ENGLISH: Final = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})\b")
_IN_CHINESE: Final = re.compile("|".join(_CHINESE))
_MIXED: Final = re.compile("[a-z]{2}[^a-z]{1,3}[a-z]{2}")
_DENIED: Final = re.compile(
    r"(?:\b(?:no|never|not|zero|without|any|nothing to|don't|didn't|isn't|aren't|wasn't|hardly)"
    r"\W{1,3}(?:\w{1,10}\W{1,3})?|没有?(?:什么|任何)?|不会|从不|从未|并不|不是|不)\Z"
)
_DENIABLE: Final = re.compile(
    r"complain|dissatisf|terrible|horrible|awful|worst|useless|disappoint|frustrat|unhappy|unfair"
    r"|angry|too |投诉|不满|太|失望|坑|垃圾"
)
_WINDOW: Final = 24


class ComplaintMark(NamedTuple):
    """The verdict, and the words that decided it; no words: the matter did."""

    is_complaint: bool
    words: tuple[str, ...]


def judge_complaint(family: str | None, reason: str | None, folded: str) -> ComplaintMark:
    """Say whether the desk owes the text what it owes a complaint."""
    if family == _ADVERTISING or reason == _PRAISE:
        return ComplaintMark(is_complaint=False, words=())
    words = _dissatisfaction(folded)
    by_nature = is_by_nature_a_complaint(family, reason) if family else None
    return ComplaintMark(is_complaint=bool(words) or by_nature is True, words=words)


def _dissatisfaction(folded: str) -> tuple[str, ...]:
    patterns = [] if folded.isascii() else [_IN_CHINESE]
    if folded.isascii() or _MIXED.search(folded):
        patterns.append(_IN_ENGLISH)
    words: list[str] = []
    for match in chain.from_iterable(pattern.finditer(folded) for pattern in patterns):
        before = folded[max(0, match.start() - _WINDOW) : match.start()]
        if _DENIABLE.match(match[0]) and _DENIED.search(before):
            continue
        words.append(" ".join(match[0].split()))
        if len(words) == _MOST:
            break
    return tuple(dict.fromkeys(words))
