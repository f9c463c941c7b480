"""Trains a model for any labels and reports honestly on texts that it had not seen."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
import numpy as np

from automations.triage.evaluation.figures import Figures, Judged, Kind, figures
from automations.triage.linear.counting import SMOOTHING
from automations.triage.linear.features import FEATURES_VERSION, Options, Values, choose_terms
from automations.triage.linear.fitting import STRENGTH, best_temperature, fit_head, matrix_of
from automations.triage.linear.folds import fold_numbers
from automations.triage.linear.model import Head, LinearModel, log_softmax
from integrations.runtime.errors import BadInput

HEAD: Final = "label"
THIN: Final = 20  # texts; a class with fewer cannot be judged, let alone learnt
_COUNTS: Final = 0.9  # what the counts of all texts say beside the machine; 0.7 does as well
_HELD_BACK: Final = 5  # without folds, one fifth is held back once to find the temperature


class Sample(msgspec.Struct, frozen=True):
    """One folded text, its label, and what it must not be divided from."""

    text: str
    label: str
    group: str = ""


class Report(msgspec.Struct, frozen=True):
    """What left-out texts say about a model."""

    texts: int
    folds: int
    temperature: float
    figures: Figures | None  # None: trained without folds
    thin: dict[str, int]  # classes with few texts, and how many


class Trained(msgspec.Struct, frozen=True):
    """A model that learnt from everything, and the report on models that did not."""

    model: LinearModel
    report: Report


def train(
    samples: Sequence[Sample],
    *,
    folds: int = 5,
    options: Options | None = None,
    done: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Cross-validate, find the temperature, and fit on everything.

    `done` is called after each step with its name. The same samples give the same bytes.
    """
    options = options or Options()
    _check(samples, folds)
    numbers = fold_numbers(
        [sample.label for sample in samples],
        [sample.group or sample.text for sample in samples],
        folds or _HELD_BACK,
    )
    scores, seen = left_out_scores(samples, numbers, range(folds or 1), options, done)
    names = sorted({sample.label for sample in samples})
    targets = np.array([names.index(samples[i].label) for i in seen])
    temperature = best_temperature(scores, targets)
    chances = log_softmax(scores / temperature)
    judged = (
        _judged(samples[i].label, names[int(row.argmax())], float(np.exp(row.max())))
        for i, row in zip(seen, chances, strict=True)
    )
    report = Report(
        texts=len(samples),
        folds=folds,
        temperature=temperature,
        figures=figures(judged, Kind()) if folds else None,
        thin=thin_classes(sample.label for sample in samples),
    )
    model = fit(samples, options)
    done("all texts")
    heads = {HEAD: model.heads[HEAD]._replace(temperature=temperature)}
    return Trained(LinearModel(model.space, heads, version=version_of(samples, options)), report)


def fit(samples: Sequence[Sample], options: Options) -> LinearModel:
    """Fit one model on all samples, not yet calibrated."""
    space = choose_terms((sample.text for sample in samples), options)
    head = fit_head(
        matrix_of(space, [sample.text for sample in samples]),
        [sample.label for sample in samples],
        counts=_COUNTS,
    )
    return LinearModel(space, {HEAD: head}, version="")


def left_out_scores(
    samples: Sequence[Sample],
    numbers: Sequence[int],
    folds: Iterable[int],
    options: Options,
    done: Callable[[str], None],
) -> tuple[Values, list[int]]:
    """Score the texts of each fold with a model that saw none of them; return their indexes too."""
    names = sorted({sample.label for sample in samples})
    rows: list[Values] = []
    seen: list[int] = []
    for fold in folds:
        outside = [i for i, number in enumerate(numbers) if number == fold]
        inside = [sample for sample, number in zip(samples, numbers, strict=True) if number != fold]
        if not outside or len({sample.label for sample in inside}) < 2:  # noqa: PLR2004
            continue
        model = fit(inside, options)
        scores = model.scores([samples[i].text for i in outside], HEAD)
        rows += [_spread(row, model.heads[HEAD], names) for row in scores]
        seen += outside
        done(f"fold {fold + 1}")
    return np.array(rows, np.float32).reshape(len(rows), len(names)), seen


def _spread(scores: Values, head: Head, names: Sequence[str]) -> Values:
    """Put scores into the order of all classes; one that was wholly left out comes last."""
    known = dict(zip(head.classes, scores.tolist(), strict=True))
    lowest = float(scores.min()) - 1.0
    return np.array([known.get(name, lowest) for name in names], np.float32)


def version_of(samples: Iterable[Sample], options: Options) -> str:
    """Return a hash over everything that decides the weights, except the machine's arithmetic."""
    settings = (FEATURES_VERSION, STRENGTH, _COUNTS, SMOOTHING, options)
    digest = hashlib.sha256(msgspec.json.encode(settings))
    for sample in samples:
        digest.update(msgspec.json.encode(sample))
    return digest.hexdigest()[:12]


def thin_classes(labels: Iterable[str]) -> dict[str, int]:
    """Return the classes with few texts."""
    sizes = Counter(labels)
    return {name: sizes[name] for name in sorted(sizes) if sizes[name] < THIN}


def _judged(expected: str, answer: str, sure: float) -> Judged:
    right = expected == answer
    return Judged(expected, answer, right, right, sure)


def _check(samples: Sequence[Sample], folds: int) -> None:
    if len({sample.label for sample in samples}) < 2:  # noqa: PLR2004
        raise BadInput(
            "Training needs texts with at least two labels.",
            hint="add labelled lines to the input file, or name the right --label-field.",
        )
    if folds and not 2 <= folds <= len(samples):  # noqa: PLR2004
        raise BadInput(
            f"{folds} folds cannot be made of {len(samples)} texts.",
            hint="give --folds 5, or 0 for none.",
        )
