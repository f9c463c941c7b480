"""Counts what people ask of a classifier: accuracy, recall, calibration, coverage, confusion."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

COVERAGE: Final = 0.8
_BINS: Final = 10  # of confidence, equally wide


class Judged(msgspec.Struct, frozen=True):
    """One labelled text and the answer that it got."""

    expected: str
    answer: str
    strict: bool  # the answer is the label itself
    lenient: bool  # or one that the annotator also accepts
    confidence: float
    language: str = ""


class Kind(msgspec.Struct, frozen=True):
    """What is special about the classes of an evaluation."""

    abstain: str | None = None  # the class for which abstaining is right
    safety: frozenset[str] = frozenset()  # the classes that must not be overlooked


class Scores(msgspec.Struct, frozen=True):
    """How right the answers to some texts were."""

    texts: int
    strict: float
    lenient: float
    macro_f1: float
    abstained: float
    calibration_error: float  # mean distance between confidence and accuracy, answers only
    accuracy_at_coverage: float  # of the surest 80 %


class Recall(msgspec.Struct, frozen=True):
    """One class: how many texts it has, and how many of them were found, and rightly named."""

    texts: int
    recall: float
    precision: float
    f1: float


class Figures(msgspec.Struct, frozen=True):
    """What an evaluation found."""

    overall: Scores
    by_language: dict[str, Scores]
    classes: dict[str, Recall]
    safety_texts: int
    safety_recall: float  # given their own class, or one that is accepted
    safety_kept: float  # given any of the safety classes
    ambiguous_texts: int
    ambiguous_abstained: float
    wrongly_abstained: int
    confusion: dict[str, dict[str, int]]  # expected → answer → texts


class Tally:
    """Collects judged texts one by one; a million of them take some tens of megabytes."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._parts: dict[str, _Part] = {}
        self._all = _Part()

    def __len__(self) -> int:
        return len(self._all.confidence)

    def add(self, judged: Judged) -> None:
        """Count one text."""
        self._all.add(judged, self._kind.abstain)
        if judged.language:
            part = self._parts.setdefault(judged.language, _Part())
            part.add(judged, self._kind.abstain)

    def figures(self) -> Figures:
        """Return everything that was counted."""
        confusion, right = self._all.confusion, self._all.accepted
        abstain, safety = self._kind.abstain, self._kind.safety
        names = sorted(confusion)
        safe = sum(sum(confusion[name].values()) for name in names if name in safety)
        kept = sum(confusion[name][answer] for name in names if name in safety for answer in safety)
        ambiguous = confusion.get(abstain or "", Counter())
        return Figures(
            overall=self._all.scores(abstain),
            by_language={name: part.scores(abstain) for name, part in sorted(self._parts.items())},
            classes={name: recall_of(name, confusion) for name in names},
            safety_texts=safe,
            safety_recall=_share(sum(right[name] for name in names if name in safety), safe),
            safety_kept=_share(kept, safe),
            ambiguous_texts=ambiguous.total(),
            ambiguous_abstained=_share(ambiguous[abstain or ""], ambiguous.total()),
            wrongly_abstained=self._all.wrongly_abstained,
            confusion={name: dict(sorted(confusion[name].items())) for name in names},
        )


class _Part:
    """The counts of one language, or of all."""

    def __init__(self) -> None:
        self.confidence = array("f")
        self.outcome = array("b")  # 2: abstained; 1: right; 0: wrong
        self.confusion: dict[str, Counter[str]] = {}
        self.accepted: Counter[str] = Counter()
        self.strict = self.lenient = self.wrongly_abstained = 0

    def add(self, judged: Judged, abstain: str | None) -> None:
        abstained = judged.answer == abstain
        self.confidence.append(judged.confidence)
        self.outcome.append(2 if abstained else int(judged.strict))
        self.confusion.setdefault(judged.expected, Counter())[judged.answer] += 1
        self.accepted[judged.expected] += judged.lenient
        self.strict += judged.strict
        self.lenient += judged.lenient
        self.wrongly_abstained += abstained and not judged.lenient

    def scores(self, abstain: str | None) -> Scores:
        total = len(self.confidence)
        answered = [i for i in range(total) if self.outcome[i] != 2]  # noqa: PLR2004
        each = [recall_of(name, self.confusion).f1 for name in self.confusion if name != abstain]
        return Scores(
            texts=total,
            strict=_share(self.strict, total),
            lenient=_share(self.lenient, total),
            macro_f1=round(sum(each) / len(each), 4) if each else 0.0,
            abstained=_share(total - len(answered), total),
            calibration_error=calibration_error(
                [self.confidence[i] for i in answered], [self.outcome[i] == 1 for i in answered]
            ),
            accuracy_at_coverage=accuracy_at_coverage(
                # What was abstained on comes last: it is covered only if the rest is too little.
                [self.confidence[i] - 2 * (self.outcome[i] == 2) for i in range(total)],  # noqa: PLR2004
                [self.outcome[i] == 1 for i in range(total)],
            ),
        )


def recall_of(name: str, confusion: dict[str, Counter[str]]) -> Recall:
    """Return how well one class was found."""
    texts, found = confusion[name].total(), confusion[name][name]
    named = sum(row[name] for row in confusion.values())
    return Recall(
        texts,
        _share(found, texts),
        _share(found, named),
        round(2 * found / (texts + named or 1), 4),
    )


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Return the mean distance between confidence and accuracy over equally wide bins."""
    bins: dict[int, list[int]] = {}
    for i, sure in enumerate(confidence):
        bins.setdefault(min(int(sure * _BINS), _BINS - 1), []).append(i)
    gaps = (
        abs(sum(right[i] for i in inside) - sum(confidence[i] for i in inside))
        for inside in bins.values()
    )
    return round(sum(gaps) / (len(confidence) or 1), 4)


def accuracy_at_coverage(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Return the accuracy on the surest 80 % of the texts."""
    order = sorted(range(len(confidence)), key=lambda i: -confidence[i])
    covered = order[: round(COVERAGE * len(order))]
    return _share(sum(right[i] for i in covered), len(covered))


def figures(judged: Iterable[Judged], kind: Kind) -> Figures:
    """Count judged texts that are at hand."""
    tally = Tally(kind)
    for each in judged:
        tally.add(each)
    return tally.figures()


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
