"""Which of the desk's tickets a model learns from, and which judge it; pure."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from automations.learning.labels import DeskExample
from automations.learning.relatives import relatives

HELD_OUT_PARTS: Final = 5  # one of so many groups is held out
LEAST_TEXTS: Final = 20  # of a reason, to be learnt as a reason; else its family is learnt
LEAST_GROUPS: Final = 5


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Tickets to learn from and to judge by; `groups` are of the former, in order."""

    learnt: tuple[DeskExample, ...]
    groups: tuple[str, ...]
    labels: tuple[str, ...]  # of the learnt ones: reasons, or families where too thin
    held_out: tuple[DeskExample, ...]
    thin: dict[str, int]  # codes with too few texts or groups, and how many texts


def select_examples(examples: Sequence[DeskExample]) -> Selection:
    """Hold out every fifth group of related tickets, and find what is too thin to be learnt."""
    related = relatives((e.label.ticket_id, e.label.requester_id, e.text) for e in examples)
    learnt = [e for e in examples if not _is_held_out(related[e.label.ticket_id])]
    texts = Counter(e.label.code for e in learnt)
    pairs = {(e.label.code, related[e.label.ticket_id]) for e in learnt}
    groups = Counter(code for code, _ in pairs)
    thin = {
        code: texts[code]
        for code in sorted({e.label.code for e in examples})
        if texts[code] < LEAST_TEXTS or groups[code] < LEAST_GROUPS
    }
    return Selection(
        learnt=tuple(learnt),
        groups=tuple(f"desk-{related[e.label.ticket_id]}" for e in learnt),
        labels=tuple(e.label.code[:1] if e.label.code in thin else e.label.code for e in learnt),
        held_out=tuple(e for e in examples if _is_held_out(related[e.label.ticket_id])),
        thin=thin,
    )


def _is_held_out(group: int) -> bool:
    """Choose groups by a hash: the same ones every time, so that no model learns its judges."""
    digest = hashlib.sha256(str(group).encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_PARTS == 0
