"""Decides whether a candidate may take the place of the current model; pure.

It must be right more often on tickets that were held out, and must not overlook more thefts (A),
frauds (B) or frozen accounts (C): those cost people money.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

SAFETY: Final = "ABC"
LEAST_HELD_OUT: Final = 50


class Answer(msgspec.Struct, frozen=True):
    """A held-out ticket's family, and what each model said; None: it abstained."""

    expected: str
    current: str | None
    candidate: str | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted, and what follows."""

    held_out: int
    current_right: int
    candidate_right: int
    expected_safety: dict[str, int]  # tickets of A, B and C
    current_safety: dict[str, int]  # of those, found by the current model
    candidate_safety: dict[str, int]
    objections: tuple[str, ...]  # empty: the candidate may be promoted

    @property
    def is_better(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.objections


def judged(answers: Sequence[Answer]) -> Verdict:
    """Compare the two models on the same held-out tickets."""
    current = sum(answer.current == answer.expected for answer in answers)
    candidate = sum(answer.candidate == answer.expected for answer in answers)
    expected, by_current, by_candidate = {}, {}, {}
    for family in SAFETY:
        mine = [answer for answer in answers if answer.expected == family]
        expected[family] = len(mine)
        by_current[family] = sum(answer.current == family for answer in mine)
        by_candidate[family] = sum(answer.candidate == family for answer in mine)
    objections = []
    if len(answers) < LEAST_HELD_OUT:
        objections.append(f"only {len(answers)} tickets were held out, {LEAST_HELD_OUT} are needed")
    if candidate <= current:
        objections.append(f"right on {candidate} of {len(answers)}, the current model on {current}")
    objections += [
        f"finds {by_candidate[family]} of {expected[family]} in {family}, the current model "
        f"{by_current[family]}"
        for family in SAFETY
        if by_candidate[family] < by_current[family]
    ]
    return Verdict(
        held_out=len(answers),
        current_right=current,
        candidate_right=candidate,
        expected_safety=expected,
        current_safety=by_current,
        candidate_safety=by_candidate,
        objections=tuple(objections),
    )
