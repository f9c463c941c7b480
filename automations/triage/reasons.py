"""Chooses why somebody complains inside a family, and what else stands in the text."""

from typing import Final

import numpy as np

from automations.triage.linear.features import Readings
from automations.triage.linear.model import LinearModel, log_softmax
from automations.triage.model import REASON
from automations.triage.rules.book import Hit
from automations.triage.rules.weighing import best_reason
from automations.triage.taxonomy import REASONS

# On left-out groups the model names three of four reasons rightly above this, where no rule does.
_SURE: Final = 0.4
_ASIDE: Final = 2.0  # weight of a rule that is no mere hint
_NEVER_ASIDE: Final = frozenset("NX?")  # praise, wishes and advertising are no second matter
_MOST_ASIDE: Final = 4


def reason_of(family: str, hits: list[Hit], model: LinearModel, reading: Readings) -> str | None:
    """Return the reason that rules point to, or else the one that the model is fairly sure of."""
    written = best_reason(hits, family)
    if written is not None or REASON not in model.heads:
        return written
    classes = model.heads[REASON].classes
    inside = [i for i, code in enumerate(classes) if code[0] == family and code in REASONS]
    if not inside:
        return None
    chances = np.exp(log_softmax(model.logarithms(reading, REASON)[0, inside]))
    best = int(chances.argmax())
    return classes[inside[best]] if chances[best] >= _SURE else None


def secondary_codes(hits: list[Hit], family: str | None, reason: str | None) -> tuple[str, ...]:
    """Return further reasons, or families without one, that rules are clear about."""
    strongest: dict[str, float] = {}
    for hit in hits:
        if hit.weight >= _ASIDE and hit.code[0] not in _NEVER_ASIDE:
            strongest[hit.code[0]] = max(strongest.get(hit.code[0], 0.0), hit.weight)
    others = sorted((name for name in strongest if name != family), key=lambda n: -strongest[n])
    codes = [best_reason(hits, name) or name for name in others]
    beside = [
        hit.code
        for hit in hits
        if hit.code[0] == family and hit.weight >= _ASIDE and len(hit.code) > 1
    ]
    codes += [code for code in dict.fromkeys(beside) if code != reason and code in REASONS]
    return tuple(codes[:_MOST_ASIDE])
