"""Fits heads: a support vector machine per class, if wanted with the counts of all texts added.

Both are weights of the same terms, so their sum scores as fast as either; it is packed into bytes.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from automations.triage.linear.counting import naive_bayes
from automations.triage.linear.features import FeatureSpace, Values
from automations.triage.linear.model import Head, log_softmax

STRENGTH: Final = 1.0  # inverse regularisation; flat between 0.5 and 2 on group folds
_SEED: Final = 0
_TEMPERATURES: Final = tuple(float(t) for t in np.geomspace(0.02, 5.0, 60).round(4))


def matrix_of(space: FeatureSpace, texts: Sequence[str]) -> Any:
    """Return the features of many folded texts as a sparse matrix, a row each."""
    from scipy.sparse import csr_matrix, vstack  # noqa: PLC0415  # only training may pay for it

    parts = [
        csr_matrix((read.values, read.columns, read.edges), (read.edges.size - 1, space.idf.size))
        for read in space.in_batches(texts)
    ]
    return vstack(parts, format="csr")


def fit_head(
    matrix: Any,
    labels: Sequence[str],
    *,
    balance: float = 0.0,
    strength: float = STRENGTH,
    counts: float = 0.0,
) -> Head:
    """Fit one head; balance 0 keeps the proportions of the texts, 1 makes classes equal.

    `counts` is how far the counts of all texts spread the scores, where the machine alone is 1.
    """
    from sklearn.svm import LinearSVC  # noqa: PLC0415  # only training may pay for it

    sizes = Counter(labels)
    weight = {n: (len(labels) / size / len(sizes)) ** balance for n, size in sizes.items()}
    machine = LinearSVC(C=strength, class_weight=weight, random_state=_SEED, tol=1e-3)
    machine.fit(matrix, labels)
    coefficients, bias = machine.coef_, machine.intercept_
    if len(sizes) == 2:  # noqa: PLR2004  # one boundary stands for two classes
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.array([-bias[0], bias[0]])
    if counts:
        counted = naive_bayes(matrix, np.searchsorted(machine.classes_, labels))
        share = counts * _spread(matrix, coefficients) / max(_spread(matrix, counted), 1e-9)
        coefficients = coefficients + share * counted
    scales = np.maximum(np.abs(coefficients).max(axis=1), 1e-9) / 127.0
    return Head(
        classes=tuple(str(name) for name in machine.classes_),
        weights=np.rint(coefficients / scales[:, None]).astype(np.int8).T.copy(),
        scales=scales.astype(np.float32),
        bias=bias.astype(np.float32),
        temperature=1.0,
    )


def _spread(matrix: Any, weights: Values) -> float:
    """Return how far apart the classes' scores of a text usually lie."""
    scores = matrix @ weights.T
    scores -= scores.mean(axis=1, keepdims=True)
    return float(scores.std())


def best_temperature(
    scores: Values, targets: NDArray[np.intp], added: Values | float = 0.0
) -> float:
    """Return the temperature that surprises least on texts that the heads had not seen.

    What is added, such as the weights of rules, is in logarithms already and is not stretched.
    """
    if not len(targets):
        return 1.0
    rows = np.arange(len(targets))
    return min(_TEMPERATURES, key=lambda t: -log_softmax(scores / t + added)[rows, targets].sum())
