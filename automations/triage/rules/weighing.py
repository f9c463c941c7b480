"""Turns the rules that matched into weights of families, and into a reason."""

from typing import Final

from automations.triage.rules.book import Hit

_REST_SHARE: Final = 0.25  # further hits for a family confirm it, they do not pile up
_CAP: Final = 5.5
# "Support never answers" and praise usually stand beside the real subject.
_SUBJECTS: Final = "ABCDEFHK"
_GENERAL_REASONS: Final = frozenset({"A2", "C1", "I1"})  # they give way to any other
_ACCOMPANIMENTS: Final = ("I", "N1", "?")  # families or reasons; fees and wishes are subjects
_ACCOMPANIMENT_SHARE: Final = 0.3
_ACCOMPANIMENT_LOSS: Final = 0.5
_SUBSTANCE: Final = 1.5
# What a thief changed is not the owner's own wish for a new telephone or authenticator.
_TAKEN_OVER: Final = 3.0
_OWNERS_WISH_SHARE: Final = 0.4
# A model with few texts of a rare family must not claim it without a written reason.
_WITHOUT_EVIDENCE: Final = dict.fromkeys("EGJX", -2.0)


def family_weights(hits: list[Hit]) -> dict[str, float]:
    """Return what the rules add to each family's log-probability."""
    beside = any(hit.code[0] in _SUBJECTS and hit.weight >= _SUBSTANCE for hit in hits)
    found: dict[str, list[float]] = {}
    accompanying: set[str] = set()
    for hit in hits:
        share = 1.0
        if beside and hit.code.startswith(_ACCOMPANIMENTS):
            share = _ACCOMPANIMENT_SHARE
            accompanying.add(hit.code[0])
        found.setdefault(hit.code[0], []).append(share * hit.weight)
    weights = {
        family: min(_CAP, max(each) + _REST_SHARE * (sum(each) - max(each)))
        for family, each in found.items()
    }
    for family in accompanying:
        weights[family] -= _ACCOMPANIMENT_LOSS
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
