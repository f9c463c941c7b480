"""Trains the desk's model: families and reasons, calibrated together with the rules.

The temperature and the share of the rules are fitted on texts whose whole group was left out:
random splits look far better than they are, because near-identical texts fall on both sides.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from automations.triage.linear.features import Options, Values, choose_terms
from automations.triage.linear.fitting import best_temperature, fit_head, matrix_of
from automations.triage.linear.folds import fold_numbers
from automations.triage.linear.model import Head, LinearModel, log_softmax
from automations.triage.model import ABSTAIN, FAMILY, REASON, RULES_SHARE
from automations.triage.normalise import fold, normalise
from automations.triage.rules.book import find_hits
from automations.triage.rules.weighing import family_weights
from automations.triage.taxonomy import current_code
from integrations.runtime.errors import BadInput

OPTIONS: Final = Options(
    pieces=(3, 4, 5), characters=2, pairs=False, complaints=True, least_texts=2, most_terms=40_000
)
_BALANCE: Final = 0.1  # between the texts' own proportions and equal ones: neither is the world's
_STRENGTH: Final = 0.2  # inverse regularisation: less than for texts that are of the world
_FOLDS: Final = 5
_RULES_SHARES: Final = (0.6, 0.8, 1.0)


class Example(msgspec.Struct, frozen=True):
    """One labelled text; `label` is a reason, a family, or "abstain"."""

    text: str
    label: str
    lang: str = ""
    group: str = ""

    @property
    def target(self) -> str:
        """The class to learn: the family's code, or the sign for abstaining."""
        return ABSTAIN if self.label == "abstain" else self.label[:1]

    @property
    def reason(self) -> str | None:
        """The reason, where the label names one."""
        return self.label if self.label != "abstain" and len(self.label) > 1 else None


class _Material(msgspec.Struct):
    """Texts made ready once for all folds."""

    texts: list[str]
    targets: list[str]
    rules: list[dict[str, float]]
    folds: list[int]


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """Read labelled lines; a wrong one stops the training and is named."""
    examples = []
    for path in sorted(paths):
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                example = msgspec.json.decode(line, type=Example)
            except msgspec.MsgspecError:
                example = Example("", "")
            code = example.label if example.target == ABSTAIN else current_code(example.label)
            if code is None:
                raise BadInput(
                    f"Line {number} of {path.name} is not a labelled text.",
                    hint='write {"text": …, "label": "A1"} with a family, a reason, or "abstain".',
                )
            examples.append(msgspec.structs.replace(example, label=code))
    return examples


def train_desk(examples: Sequence[Example], *, version: str, doubt: float = 1.0) -> LinearModel:
    """Fit families and reasons, and calibrate the families on left-out groups.

    `doubt` above 1 stretches the temperature, where the world's texts are vaguer than these.
    """
    if len({example.target for example in examples}) < 2:  # noqa: PLR2004
        raise BadInput(
            "Training needs texts of at least two families.",
            hint="add labelled lines to the input file.",
        )
    material = _prepared(examples)
    temperature, share = _calibrate(material)
    temperature *= doubt
    space = choose_terms(material.texts, OPTIONS)
    matrix = matrix_of(space, material.texts)
    family = _family_head(matrix, material.targets)._replace(temperature=temperature)
    heads = {FAMILY: family}
    reason = _reason_head(matrix, [example.reason for example in examples])
    if reason is not None:
        # Scores of both heads are distances from a boundary, and need about the same stretching.
        heads[REASON] = reason._replace(temperature=temperature)
    return LinearModel(space, heads, version=version, settings={RULES_SHARE: share})


def left_out_chances(examples: Sequence[Example]) -> tuple[list[str], Values]:
    """Return the classes, and each text's chances by a model and rules that saw no relative."""
    material = _prepared(examples)
    names, scores = _left_out_scores(material)
    temperature, share = _calibrate(material)
    return names, np.exp(log_softmax(scores / temperature + share * _rules_of(material, names)))


def _prepared(examples: Sequence[Example]) -> _Material:
    texts = [fold(normalise(example.text)) for example in examples]
    targets = [example.target for example in examples]
    groups = [example.group or example.text for example in examples]
    return _Material(
        texts,
        targets,
        [family_weights(find_hits(text)) for text in texts],
        fold_numbers(targets, groups, _FOLDS),
    )


def _family_head(matrix: Any, targets: Sequence[str]) -> Head:
    return fit_head(matrix, targets, balance=_BALANCE, strength=_STRENGTH)


def _reason_head(matrix: Any, reasons: Sequence[str | None]) -> Head | None:
    named = {row: reason for row, reason in enumerate(reasons) if reason}
    if len(set(named.values())) < 2:  # noqa: PLR2004
        return None
    return fit_head(matrix[list(named)], list(named.values()), balance=_BALANCE)


def _left_out_scores(material: _Material) -> tuple[list[str], Values]:
    """Score each text with a model that has seen nothing of its group."""
    names = sorted(set(material.targets))
    scores = np.zeros((len(material.texts), len(names)), np.float32)
    for number in range(_FOLDS):
        inside = [i for i, k in enumerate(material.folds) if k != number]
        outside = [i for i, k in enumerate(material.folds) if k == number]
        targets = [material.targets[i] for i in inside]
        if not outside or len(set(targets)) < 2:  # noqa: PLR2004
            continue
        space = choose_terms((material.texts[i] for i in inside), OPTIONS)
        head = _family_head(matrix_of(space, [material.texts[i] for i in inside]), targets)
        columns = [names.index(name) for name in head.classes]
        model = LinearModel(space, {FAMILY: head}, version="")
        found = model.scores([material.texts[i] for i in outside], FAMILY)
        scores[outside] = found.min() - 1.0  # a class that was wholly left out comes last
        scores[np.ix_(outside, columns)] = found
    return names, scores


def _rules_of(material: _Material, names: Sequence[str]) -> Values:
    rows = [[rules.get(name, 0.0) for name in names] for rules in material.rules]
    return np.array(rows, np.float32)


def _calibrate(material: _Material) -> tuple[float, float]:
    """Return the temperature and the rules' share with the least surprise on left-out groups."""
    names, scores = _left_out_scores(material)
    rules = _rules_of(material, names)
    targets = np.array([names.index(target) for target in material.targets])
    choices = []
    for share in _RULES_SHARES:
        temperature = best_temperature(scores, targets, share * rules)
        choices.append(
            (_surprise(scores / temperature + share * rules, targets), temperature, share)
        )
    _, temperature, share = min(choices)
    return temperature, share


def _surprise(scores: Values, targets: NDArray[np.intp]) -> float:
    return -float(log_softmax(scores)[np.arange(len(targets)), targets].sum())
