"""Lets triage answer labelled texts and says whether the answers are right."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from automations.triage.evaluation.figures import Judged, Kind
from automations.triage.evaluation.labels import family_of_label
from automations.triage.language import detect_language
from automations.triage.linear.model import LinearModel
from automations.triage.linear.training import HEAD
from automations.triage.model import ABSTAIN
from automations.triage.normalise import fold, normalise
from automations.triage.preparing import READ
from automations.triage.service import Triage
from automations.triage.taxonomy import SAFETY_FAMILIES
from automations.triage.texts import BadLine, Labelled

_ALSO_IDENTITY: Final = "C3"  # reviewing an identity counts as identity verification, too


class Examiner(NamedTuple):
    """How to judge one labelled text, and what is special about the classes."""

    kind: Kind
    judge: Callable[[Labelled], Judged | BadLine]


def desk_examiner(triage: Triage, meanings: Mapping[str, str] | None = None) -> Examiner:
    """Compare families; labels are ours, or what the meanings say."""

    def family_of(label: str) -> str | None:
        return family_of_label(label) if meanings is None else meanings.get(label)

    def judge(labelled: Labelled) -> Judged | BadLine:
        expected = family_of(labelled.label)
        if expected is None:
            return BadLine("its label means no family: name it in a --map file")
        found = triage.assess(labelled.heading, labelled.text)
        answer = found.family or ABSTAIN
        strict = answer == expected or (expected == "K" and found.reason == _ALSO_IDENTITY)
        accepted = {family_of(label) for label in labelled.secondary}
        return Judged(
            expected=expected,
            answer=answer,
            strict=strict,
            lenient=strict or answer in accepted,
            confidence=found.confidence,
            language=found.language,
        )

    return Examiner(Kind(abstain=ABSTAIN, safety=SAFETY_FAMILIES), judge)


def model_examiner(model: LinearModel, meanings: Mapping[str, str] | None = None) -> Examiner:
    """Compare the labels of a trained model; a map may rename the labels of the file."""
    head = model.heads[HEAD]

    def meaning(label: str) -> str:
        return label if meanings is None else meanings.get(label, label)

    def judge(labelled: Labelled) -> Judged | BadLine:
        expected = meaning(labelled.label)
        if expected not in head.classes:
            return BadLine("the model does not know its label: name it in a --map file")
        whole = f"{labelled.heading}\n{labelled.text}".strip()
        (chances,) = model.logarithms(model.read([fold(normalise(whole[:READ]))]), HEAD)
        answer = head.classes[int(chances.argmax())]
        strict = answer == expected
        return Judged(
            expected=expected,
            answer=answer,
            strict=strict,
            lenient=strict or answer in {meaning(label) for label in labelled.secondary},
            confidence=float(np.exp(chances.max())),
            language=detect_language(whole),
        )

    return Examiner(Kind(), judge)
