"""A small linear model over counted terms: reads its file, scores a text, explains itself.

Pure Python on purpose: classifying must not import scikit-learn, and a JSON file cannot run code.
"""

import base64
import math
from pathlib import Path
from typing import Final

import msgspec

from automations.triage.features import FEATURES_VERSION, terms
from integrations.runtime.errors import ConfigError

ABSTAIN: Final = "?"  # the class of texts that state no fact; the right answer is to ask
MODEL_FILE: Final = Path(__file__).with_name("model.json")


class ModelFile(msgspec.Struct, frozen=True):
    """What the model file holds; weights are one signed byte per class and term, row by row."""

    version: str
    features_version: int
    classes: list[str]
    bias: list[float]
    scales: list[float]  # one per class: weight = byte * scale
    temperature: float
    rules_share: float
    threshold: float
    terms: list[str]
    idf: list[float]
    weights: str  # base64


class Scores(msgspec.Struct, frozen=True):
    """Log-probability of every class, and how much each term of the text spoke for it."""

    logarithms: dict[str, float]
    values: dict[str, float]


class LinearModel:
    """Weights in memory, ready to score."""

    def __init__(self, content: ModelFile) -> None:
        self.content = content
        size = len(content.classes)
        raw = memoryview(base64.b64decode(content.weights)).cast("b")
        self._rows = {
            term: (idf, raw[i * size : (i + 1) * size])
            for i, (term, idf) in enumerate(zip(content.terms, content.idf, strict=True))
        }

    def score(self, folded: str) -> Scores:
        """Return the calibrated log-probability of every class."""
        values = self._values(folded)
        totals = [0.0] * len(self.content.classes)
        for term, value in values.items():
            for i, weight in enumerate(self._rows[term][1]):
                totals[i] += weight * value
        scaled = [
            (total * scale + bias) / self.content.temperature
            for total, scale, bias in zip(
                totals, self.content.scales, self.content.bias, strict=True
            )
        ]
        return Scores(dict(zip(self.content.classes, log_softmax(scaled), strict=True)), values)

    def strongest_terms(self, values: dict[str, float], family: str, limit: int) -> list[str]:
        """Return the terms of a scored text that speak most for a family."""
        column = self.content.classes.index(family)
        share = {term: value * self._rows[term][1][column] for term, value in values.items()}
        best = sorted(share, key=lambda term: -share[term])
        return [term for term in best[:limit] if share[term] > 0]

    def _values(self, folded: str) -> dict[str, float]:
        values = {
            term: (1.0 + math.log(count)) * self._rows[term][0]
            for term, count in terms(folded).items()
            if term in self._rows
        }
        norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
        return {term: value / norm for term, value in values.items()}


def load_model(path: Path = MODEL_FILE) -> LinearModel:
    """Read a model file, or say how to make one."""
    hint = "run `riskdesk triage train` or reinstall riskdesk."
    try:
        content = msgspec.json.decode(path.read_bytes(), type=ModelFile)
    except (OSError, msgspec.MsgspecError):
        raise ConfigError(f"The triage model {path.name} cannot be read.", hint=hint) from None
    if content.features_version != FEATURES_VERSION:
        raise ConfigError(
            f"The triage model {path.name} was trained for other features.", hint=hint
        )
    return LinearModel(content)


def log_softmax(scores: list[float]) -> list[float]:
    """Return logarithms of probabilities that sum to one."""
    top = max(scores)
    total = top + math.log(sum(math.exp(score - top) for score in scores))
    return [score - total for score in scores]
