"""Compares assessments with labels: accuracy, safety recall, abstention, confusion."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from automations.triage.assessment import Assessment
from automations.triage.model import ABSTAIN
from automations.triage.taxonomy import SAFETY_FAMILIES, current_code

# Names that annotators of reviews use, and the families they mean.
LABEL_NAMES: Final[Mapping[str, str]] = {
    "account_theft": "A",
    "fraud_scam": "B",
    "frozen_or_restricted": "C",
    "twofa_phone_email": "D",
    "p2p_dispute": "E",
    "deposit_withdrawal": "F",
    "technical": "H",
    "customer_service": "I",
    "kyc": "K",
    "legal": "G",
    "other": "N",
    "spam_ad": "X",
    "ambiguous_abstain": ABSTAIN,
    "abstain": ABSTAIN,
}
_ALSO_IDENTITY: Final = "C3"  # reviewing an identity counts as identity verification, too


class Judged(msgspec.Struct, frozen=True):
    """One labelled complaint and what triage said."""

    expected: str
    accepted: frozenset[str]
    assessment: Assessment

    @property
    def answer(self) -> str:
        """The family that triage gave, or the sign for abstaining."""
        return self.assessment.family or ABSTAIN

    @property
    def strictly_right(self) -> bool:
        """The answer is the label itself."""
        as_identity = self.expected == "K" and self.assessment.reason == _ALSO_IDENTITY
        return self.answer == self.expected or as_identity

    @property
    def right(self) -> bool:
        """The answer is the label or one that the annotator also accepts."""
        return self.strictly_right or self.answer in self.accepted


class Accuracy(msgspec.Struct, frozen=True):
    """How many of how many were right."""

    texts: int
    strict: float
    lenient: float


class Figures(msgspec.Struct, frozen=True):
    """What an evaluation found."""

    overall: Accuracy
    by_language: dict[str, Accuracy]
    safety_texts: int
    safety_recall: float  # texts of A, B, C that were given any of A, B, C
    ambiguous_texts: int
    ambiguous_abstained: float
    abstained: float
    wrongly_abstained: int
    confusion: dict[str, dict[str, int]]  # expected → answer → texts


def family_of_label(label: str) -> str | None:
    """Return the family that a label means (code, reason or name), or None for an unknown label."""
    label = label.strip()
    if label in LABEL_NAMES:
        return LABEL_NAMES[label]
    code = label if label == ABSTAIN else current_code(label)
    return code[:1] if code else None


def figures(judged: Iterable[Judged]) -> Figures:
    """Count everything that a person wants to know about a labelled set."""
    judged = list(judged)
    safety = [j for j in judged if j.expected in SAFETY_FAMILIES]
    ambiguous = [j for j in judged if j.expected == ABSTAIN]
    clear = [j for j in judged if j.expected != ABSTAIN]
    confusion: dict[str, Counter[str]] = {}
    for each in judged:
        confusion.setdefault(each.expected, Counter())[each.answer] += 1
    languages = sorted({j.assessment.language for j in judged})
    return Figures(
        overall=_accuracy(judged),
        by_language={
            name: _accuracy([j for j in judged if j.assessment.language == name])
            for name in languages
        },
        safety_texts=len(safety),
        safety_recall=_share(j.answer in SAFETY_FAMILIES for j in safety),
        ambiguous_texts=len(ambiguous),
        ambiguous_abstained=_share(j.answer == ABSTAIN for j in ambiguous),
        abstained=_share(j.answer == ABSTAIN for j in judged),
        wrongly_abstained=sum(j.answer == ABSTAIN and not j.right for j in clear),
        confusion={name: dict(sorted(row.items())) for name, row in sorted(confusion.items())},
    )


def _accuracy(judged: list[Judged]) -> Accuracy:
    return Accuracy(
        len(judged), _share(j.strictly_right for j in judged), _share(j.right for j in judged)
    )


def _share(outcomes: Iterable[bool]) -> float:
    known = list(outcomes)
    return round(sum(known) / len(known), 4) if known else 0.0
