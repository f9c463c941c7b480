"""Weights that need no boundary: how much more a class uses a term than the others do."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from automations.triage.linear.features import Values

SMOOTHING: Final = 0.8  # terms yet unheard, against all that a class used; 2 does as well


def naive_bayes(matrix: Any, targets: NDArray[np.intp]) -> Values:
    """Return, for each class and term, the logarithm of its share inside over its share outside.

    A support vector machine looks at the texts near a boundary, this at all of them: they err
    differently, and their sum errs less than either.
    """
    inside = _sums(matrix, targets)
    outside = np.maximum(inside.sum(axis=0) - inside, 0.0)
    weights: Values = _log_shares(inside) - _log_shares(outside)
    weights -= weights.mean(axis=0)
    return weights


def _sums(matrix: Any, targets: NDArray[np.intp]) -> Values:
    """Return the sum of each term over the texts of each class."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  # only training may pay for it

    texts = np.arange(len(targets))
    members = csr_matrix((np.ones(len(targets), np.float32), (targets, texts)))
    sums: Values = (members @ matrix).toarray()
    return sums


def _log_shares(sums: Values) -> Values:
    """Return the logarithm of each term's share; a class of few texts is smoothed less.

    One amount for all would outweigh a small class's own terms, and the class would be lost.
    """
    whole = np.maximum(sums.sum(axis=1, keepdims=True), np.float32(1e-9))
    shares: Values = np.log(sums / whole + np.float32(SMOOTHING / sums.shape[1]))
    return shares
