"""Trains the model from labelled texts; the same rows always give the same version.

The temperature and the share of the rules are fitted on texts whose whole group was left out:
random splits look far better than they are, because near-identical texts fall on both sides.
"""

import base64
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from automations.triage.features import FEATURES_VERSION, terms
from automations.triage.model import ABSTAIN, LinearModel, ModelFile, log_softmax
from automations.triage.normalise import fold, normalise
from automations.triage.rules.book import find_hits
from automations.triage.rules.weighing import family_weights
from automations.triage.taxonomy import FAMILIES
from integrations.runtime.errors import BadInput

CORPUS_DIR: Final = Path(__file__).with_name("corpus")
_STRENGTH: Final = 2.0  # inverse regularisation; flat between 1 and 8 on real text
_LEAST_TEXTS: Final = 2  # a term seen once says nothing
_MOST_TERMS: Final = 20_000
_FOLDS: Final = 5
_THRESHOLD: Final = 0.28
_TEMPERATURES: Final = tuple(0.3 + 0.1 * i for i in range(15))
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


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """Read labelled lines; a wrong one stops the training and is named."""
    examples = []
    for path in sorted(paths):
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                example = msgspec.json.decode(line, type=Example)
            except msgspec.MsgspecError:
                example = Example("", "")
            if example.target not in FAMILIES and example.target != ABSTAIN:
                raise BadInput(
                    f"Line {number} of {path.name} is not a labelled text.",
                    hint='write {"text": …, "label": "A1"} with a family, a reason, or "abstain".',
                )
            examples.append(example)
    return examples


def train(examples: Sequence[Example]) -> ModelFile:
    """Fit, calibrate on left-out groups, and pack the weights into bytes."""
    if len({example.target for example in examples}) < 2:  # noqa: PLR2004
        raise BadInput(
            "Training needs texts of at least two families.",
            hint="add labelled lines to the input file.",
        )
    folded = [fold(normalise(example.text)) for example in examples]
    counts = [terms(text) for text in folded]
    targets = [example.target for example in examples]
    temperature, share = _calibrate(examples, folded, counts)
    return msgspec.structs.replace(
        _fit(counts, targets),
        version=version_of(examples),
        temperature=temperature,
        rules_share=share,
    )


def version_of(examples: Iterable[Example]) -> str:
    """Return a hash over everything that decides the weights, except the machine's arithmetic."""
    digest = hashlib.sha256(
        f"{FEATURES_VERSION} {_STRENGTH} {_LEAST_TEXTS} {_MOST_TERMS} {_THRESHOLD}".encode()
    )
    for example in examples:
        digest.update(msgspec.json.encode((example.text, example.label, example.group)))
    return digest.hexdigest()[:12]


def _fit(counts: Sequence[Counter[str]], targets: Sequence[str]) -> ModelFile:
    """Fit a multinomial logistic regression over tf-idf values, by hand-made vocabulary."""
    import numpy as np  # noqa: PLC0415  # only training may pay for these imports
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vocabulary, idf = _vocabulary(counts)
    sizes = Counter(targets)
    # Halfway between the corpus's own proportions and equal ones: neither is the world's.
    balance = {name: (len(targets) / size / len(sizes)) ** 0.5 for name, size in sizes.items()}
    regression = LogisticRegression(C=_STRENGTH, class_weight=balance, max_iter=200, tol=1e-3)
    regression.fit(_matrix(counts, vocabulary, idf), targets)
    weights = regression.coef_
    scales = np.abs(weights).max(axis=1) / 127.0
    packed = np.rint(weights / scales[:, None]).astype(np.int8).T.copy().tobytes()
    return ModelFile(
        version="",
        features_version=FEATURES_VERSION,
        classes=[str(name) for name in regression.classes_],
        bias=[round(float(value), 5) for value in regression.intercept_],
        scales=[float(f"{value:.6g}") for value in scales],
        temperature=1.0,
        rules_share=1.0,
        threshold=_THRESHOLD,
        terms=list(vocabulary),
        idf=idf,
        weights=base64.b64encode(packed).decode(),
    )


def _vocabulary(counts: Sequence[Counter[str]]) -> tuple[dict[str, int], list[float]]:
    """Choose the terms that stand in most texts, in a fixed order."""
    spread = Counter(term for counted in counts for term in counted)
    kept = [(-n, term) for term, n in spread.items() if n >= _LEAST_TEXTS]
    chosen = sorted(term for _, term in sorted(kept)[:_MOST_TERMS])
    idf = [round(1.0 + math.log((1 + len(counts)) / (1 + spread[term])), 2) for term in chosen]
    return {term: i for i, term in enumerate(chosen)}, idf


def _matrix(counts: Sequence[Counter[str]], vocabulary: dict[str, int], idf: list[float]) -> Any:
    """Build the same tf-idf values as the model computes, as a sparse matrix."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for counted in counts:
        row = {vocabulary[t]: 1.0 + math.log(n) for t, n in counted.items() if t in vocabulary}
        values = [value * idf[column] for column, value in row.items()]
        norm = math.sqrt(sum(value * value for value in values)) or 1.0
        data.extend(value / norm for value in values)
        columns.extend(row)
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(counts), len(vocabulary)))


def left_out_scores(
    examples: Sequence[Example], folded: Sequence[str], counts: Sequence[Counter[str]]
) -> list[dict[str, float]]:
    """Score each text with a model that has seen nothing of its group."""
    fold_of = [_fold_number(example.group or example.text) for example in examples]
    scores: list[dict[str, float]] = [{}] * len(examples)
    for number in range(_FOLDS):
        inside = [i for i, k in enumerate(fold_of) if k != number]
        outside = [i for i, k in enumerate(fold_of) if k == number]
        targets = [examples[i].target for i in inside]
        if not outside or len(set(targets)) < 2:  # noqa: PLR2004
            continue
        model = LinearModel(_fit([counts[i] for i in inside], targets))
        for i in outside:
            scores[i] = model.score(folded[i]).logarithms
    return scores


def _calibrate(
    examples: Sequence[Example], folded: Sequence[str], counts: Sequence[Counter[str]]
) -> tuple[float, float]:
    """Return the temperature and the rules' share with the least surprise on left-out groups."""
    scores = left_out_scores(examples, folded, counts)
    rules = [family_weights(find_hits(text)) for text in folded]
    known = [
        (score, weights, example.target)
        for score, weights, example in zip(scores, rules, examples, strict=True)
        if example.target in score
    ]
    choices = [(t, share) for t in _TEMPERATURES for share in _RULES_SHARES]
    return min(choices, key=lambda choice: _surprise(known, *choice))


def _surprise(
    known: Sequence[tuple[dict[str, float], dict[str, float], str]],
    temperature: float,
    share: float,
) -> float:
    total = 0.0
    for score, rules, target in known:
        families = list(score)
        sums = [score[f] / temperature + share * rules.get(f, 0.0) for f in families]
        total -= log_softmax(sums)[families.index(target)]
    return total


def _fold_number(group: str) -> int:
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") % _FOLDS
