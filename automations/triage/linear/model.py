"""The trained model: reads its file, scores texts, names the terms that decided.

The file is an archive of plain numpy arrays, which cannot run code; a weight is one signed byte.
Scoring needs numpy only.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from automations.triage.linear.features import (
    FEATURES_VERSION,
    VIEWS,
    FeatureSpace,
    Options,
    Readings,
    Values,
    sums_between,
)
from integrations.runtime.errors import ConfigError

MODEL_NAME: Final = "model.npz"


class Head(NamedTuple):
    """One set of classes that the same features decide about."""

    classes: tuple[str, ...]
    weights: NDArray[np.int8]  # terms x classes
    scales: NDArray[np.float32]  # weight = byte * scale
    bias: NDArray[np.float32]
    temperature: float


class Header(msgspec.Struct, frozen=True):
    """What the file says about itself."""

    version: str
    features_version: int
    options: Options
    heads: dict[str, tuple[list[str], float]]  # classes and temperature
    settings: dict[str, float] = {}


class LinearModel:
    """Weights in memory, ready to score."""

    def __init__(
        self,
        space: FeatureSpace,
        heads: Mapping[str, Head],
        *,
        version: str,
        settings: Mapping[str, float] | None = None,
    ) -> None:
        self.space = space
        self.heads = dict(heads)
        self.version = version
        self.settings = dict(settings or {})

    def read(self, texts: Sequence[str]) -> Readings:
        """Return the features of folded texts."""
        return self.space.read(texts)

    def scores(self, texts: Sequence[str], head: str) -> Values:
        """Return the scores of any number of folded texts, a row each, before calibration."""
        batches = self.space.in_batches(texts)
        return np.vstack([raw_scores(self.heads[head], readings) for readings in batches])

    def logarithms(self, readings: Readings, head: str, temperature: float = 0.0) -> Values:
        """Return the calibrated log-probability of each class of a head, a row for each text."""
        scores = raw_scores(self.heads[head], readings)
        return log_softmax(scores / (temperature or self.heads[head].temperature))

    def strongest_terms(self, reading: Readings, head: str, name: str, limit: int) -> list[str]:
        """Return the terms of one text that speak most for a class."""
        column = self.heads[head].classes.index(name)
        shares = reading.values * self.heads[head].weights[reading.columns, column]
        order = np.argsort(-shares, kind="stable")[:limit]
        return [self.space.term(int(reading.columns[i])) for i in order if shares[i] > 0]

    def to_bytes(self) -> bytes:
        """Return the file; the same model always gives the same bytes."""
        header = Header(
            self.version,
            FEATURES_VERSION,
            self.space.options,
            {name: (list(head.classes), head.temperature) for name, head in self.heads.items()},
            self.settings,
        )
        arrays: dict[str, Any] = {"header": _bytes(msgspec.json.encode(header))}
        for view, terms in zip(VIEWS, self.space.terms, strict=True):
            arrays[view] = _bytes("\n".join(terms).encode())
        arrays["idf"] = self.space.idf
        for name, head in self.heads.items():
            arrays[f"{name}.weights"] = head.weights
            arrays[f"{name}.scales"] = head.scales
            arrays[f"{name}.bias"] = head.bias
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()


def raw_scores(head: Head, readings: Readings) -> Values:
    """Return the scores of a head's classes before calibration, a row for each text."""
    rows = head.weights[readings.columns] * readings.values[:, None]
    scores: Values = sums_between(rows, readings.edges) * head.scales + head.bias
    return scores


def log_softmax(scores: Values) -> Values:
    """Return logarithms of probabilities that sum to one, along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: Values = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def load_model(path: Path) -> LinearModel:
    """Read a model file, or say how to make one."""
    hint = "train it again: `riskdesk triage train`."
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            header = msgspec.json.decode(arrays["header"].tobytes(), type=Header)
            terms = [_lines(arrays[view]) for view in VIEWS]
            heads = {
                name: Head(
                    tuple(classes),
                    arrays[f"{name}.weights"],
                    arrays[f"{name}.scales"],
                    arrays[f"{name}.bias"],
                    temperature,
                )
                for name, (classes, temperature) in header.heads.items()
            }
            idf = arrays["idf"]
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        msgspec.MsgspecError,
    ):
        raise ConfigError(f"The model {path} cannot be read.", hint=hint) from None
    if header.features_version != FEATURES_VERSION:
        raise ConfigError(f"The model {path} was trained for other features.", hint=hint)
    if not _fits(heads, terms, idf):
        raise ConfigError(f"The parts of the model {path} do not fit together.", hint=hint)
    space = FeatureSpace(header.options, terms, idf)
    return LinearModel(space, heads, version=header.version, settings=header.settings)


def _fits(heads: Mapping[str, Head], terms: Sequence[Sequence[str]], idf: Any) -> bool:
    rows = sum(map(len, terms))
    return idf.shape == (rows,) and all(
        head.weights.shape == (rows, len(head.classes))
        and head.weights.dtype == np.int8
        and head.scales.shape == head.bias.shape == (len(head.classes),)
        and head.temperature > 0
        for head in heads.values()
    )


def _bytes(content: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(content, np.uint8)


def _lines(content: NDArray[np.uint8]) -> list[str]:
    text = content.tobytes().decode()
    return text.split("\n") if text else []
