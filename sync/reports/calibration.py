"""Whether forecasts can be believed: what was predicted in the past, and what came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DECILES = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One prediction and what happened."""

    probability: float
    breached: bool


@dataclass(frozen=True, slots=True)
class Reliability:
    """Predictions of one tenth of the scale: how many, what they said on average, what came."""

    least: float
    most: float
    predictions: int
    predicted: float
    happened: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How good predictions were; Brier scores are mean squared errors, 0 is perfect."""

    predictions: int
    brier: float
    brier_of_the_average: float  # of a forecast that always says the share that breached
    table: Sequence[Reliability]

    @property
    def skill(self) -> float | None:
        """Return how much of that simple forecast's error is gone; 1 is perfect, 0 no better."""
        if not self.brier_of_the_average:
            return None
        return 1 - self.brier / self.brier_of_the_average


def calibrate(outcomes: Iterable[Outcome]) -> Calibration | None:
    """Score predictions; None when there are none."""
    found = list(outcomes)
    if not found:
        return None
    share = _mean(one.breached for one in found)
    tenths: dict[int, list[Outcome]] = {}
    for one in found:
        tenths.setdefault(min(int(one.probability * DECILES), DECILES - 1), []).append(one)
    return Calibration(
        predictions=len(found),
        brier=_mean((one.probability - one.breached) ** 2 for one in found),
        brier_of_the_average=_mean((share - one.breached) ** 2 for one in found),
        table=[_reliability(tenth, tenths[tenth]) for tenth in sorted(tenths)],
    )


def _reliability(tenth: int, members: Sequence[Outcome]) -> Reliability:
    return Reliability(
        least=tenth / DECILES,
        most=(tenth + 1) / DECILES,
        predictions=len(members),
        predicted=_mean(one.probability for one in members),
        happened=_mean(one.breached for one in members),
    )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
