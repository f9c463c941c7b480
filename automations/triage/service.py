"""Judges one complaint: rules and model together, abstaining when neither knows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import msgspec
import numpy as np

from automations.triage.assessment import Assessment
from automations.triage.context import NOTHING_KNOWN, Context
from automations.triage.grading import Grade, grade
from automations.triage.language import detect_language
from automations.triage.linear.features import Readings
from automations.triage.linear.model import LinearModel, log_softmax, raw_scores
from automations.triage.model import ABSTAIN, FAMILY, RULES_SHARE
from automations.triage.preparing import Prepared, prepared
from automations.triage.reasons import reason_of, secondary_codes
from automations.triage.rules.book import Hit, find_hits
from automations.triage.rules.weighing import family_weights
from automations.triage.shipped_model import load_desk_model
from automations.triage.taxonomy import SAFETY_FAMILIES, TAXONOMY_VERSION, owner_of

_ABSTAINED_OWNER: Final = "RC"
_FOREIGN_THRESHOLD: Final = 0.75  # the model knows English and Chinese; elsewhere it must be surer
_THRESHOLD: Final = 0.24  # on real text, guesses below it are wrong more often than right
_STRONG_RULE: Final = 2.8
_MOST_WORDS: Final = 5
_LONGEST_WORDS: Final = 60
_READ_LANGUAGES: Final = frozenset({"en", "zh"})
_ANY_LETTER: Final = re.compile(r"[^\W\d_]")
_LATIN: Final = re.compile("[a-z']")


@dataclass(slots=True)
class _Case:
    """A complaint on its way; each step adds what it found."""

    ready: Prepared
    context: Context
    hits: list[Hit] = field(default_factory=list)
    chances: dict[str, float] = field(default_factory=dict)
    language: str = ""
    family: str | None = None
    reason: str | None = None
    secondary: tuple[str, ...] = ()


class Triage:
    """Rules and a trained model, ready to judge complaints, alone or together."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    @property
    def model_version(self) -> str:
        """The version of the trained model in use."""
        return self._model.version

    def assess(self, subject: str, text: str, context: Context = NOTHING_KNOWN) -> Assessment:
        """Say what the complaint is, how bad, and why; never raises, whatever the text holds."""
        return self.assess_all([(subject, text, context)])[0]

    def assess_all(self, complaints: Sequence[tuple[str, str, Context]]) -> list[Assessment]:
        """Assess complaints, given as subject, text and context, as if each were alone.

        Each step is done for all before the next: what it reads stays in the processor's cache,
        which makes some hundred complaints nearly twice as fast as one by one.
        """
        cases = [_Case(prepared(subject, text), context) for subject, text, context in complaints]
        for case in cases:
            case.hits = find_hits(case.ready.folded)
        readings = self._model.read([case.ready.folded for case in cases])
        for case, chances in zip(cases, self._chances(readings, cases), strict=True):
            case.chances = chances
        for case in cases:
            case.language = detect_language(case.ready.shown, case.context.language)
        alone = [readings.only(number) for number in range(len(cases))]
        for case, reading in zip(cases, alone, strict=True):
            self._name(case, reading)
        grades = [_graded(case) for case in cases]
        return list(map(self._assessment, cases, grades, alone))

    def _chances(self, readings: Readings, cases: Sequence[_Case]) -> list[dict[str, float]]:
        """Add the rules' weights to the model's log-probabilities."""
        share, head = self._model.settings[RULES_SHARE], self._model.heads[FAMILY]
        weights = [family_weights(case.hits) for case in cases]
        added = [share * each.get(name, 0.0) for each in weights for name in head.classes]
        scores = raw_scores(head, readings) / head.temperature
        scores += np.array(added, np.float32).reshape(scores.shape)
        rows = np.exp(log_softmax(scores)).tolist()
        return [dict(zip(head.classes, row, strict=True)) for row in rows]

    def _name(self, case: _Case, reading: Readings) -> None:
        """Say what the complaint is."""
        case.family = family = self._decide(case.chances, case.language, case.hits)
        if family is not None:
            case.reason = reason_of(family, case.hits, self._model, reading)
        case.secondary = secondary_codes(case.hits, family, case.reason)

    def _assessment(self, case: _Case, graded: Grade, reading: Readings) -> Assessment:
        ready, family, chances = case.ready, case.family, case.chances
        return Assessment(
            **msgspec.structs.asdict(graded),
            family=family,
            reason=case.reason,
            secondary=case.secondary,
            language=case.language,
            owner=owner_of(family, case.reason) if family else _ABSTAINED_OWNER,
            confidence=round(chances.get(family or ABSTAIN, 0.0), 4),
            abstained=family is None,
            abstained_because="" if family else _because(ready.folded, case.language, chances),
            words=self._words(ready, family, case.hits, reading) if family else (),
            candidates=_best_three(chances),
            signals=ready.signals,
            secrets=ready.secrets,
            taxonomy_version=TAXONOMY_VERSION,
            model_version=self.model_version,
        )

    def _decide(self, chances: dict[str, float], language: str, hits: list[Hit]) -> str | None:
        """Return the likeliest family, or None when asking is better than guessing."""
        best = max(chances, key=lambda name: chances[name])
        support = max((hit.weight for hit in hits if hit.code[0] == best), default=0.0)
        if support >= _STRONG_RULE and best in SAFETY_FAMILIES:
            return best  # a written rule on theft, fraud or freeze outweighs doubt
        if best == ABSTAIN:
            return None
        threshold = _THRESHOLD if language in _READ_LANGUAGES else _FOREIGN_THRESHOLD
        return best if chances[best] >= threshold else None

    def _words(
        self, ready: Prepared, family: str, hits: list[Hit], reading: Readings
    ) -> tuple[str, ...]:
        """Return the words that decided: those of rules first, then the model's."""
        folded = ready.folded
        spans = [(hit.start, hit.end) for hit in hits if hit.code[0] == family]
        if not spans:
            for term in self._model.strongest_terms(reading, FAMILY, family, 3 * _MOST_WORDS):
                position = folded.find(term.strip("<>"))
                if position >= 0:
                    spans.append(_whole_words(folded, position, len(term.strip("<>"))))
        words = (" ".join(ready.shown[start:end].split())[:_LONGEST_WORDS] for start, end in spans)
        return tuple(dict.fromkeys(word for word in words if word))[:_MOST_WORDS]


def _graded(case: _Case) -> Grade:
    return grade(
        case.family,
        case.reason,
        case.ready.folded,
        secondary=case.secondary,
        signals=case.ready.signals,
        secrets=case.ready.secrets,
        context=case.context,
    )


@lru_cache(maxsize=1)
def load_triage() -> Triage:
    """Return the process-wide triage with the shipped model."""
    return Triage(load_desk_model())


def _because(folded: str, language: str, chances: dict[str, float]) -> str:
    """Say in words why nothing was decided."""
    if not _ANY_LETTER.search(folded):
        return "there are no words to read"
    if language not in _READ_LANGUAGES:
        return "the language is neither English nor Chinese, and nothing in it is clear enough"
    if max(chances, key=lambda name: chances[name]) == ABSTAIN:
        return "no fact is stated"
    return "no family is likely enough"


def _whole_words(folded: str, start: int, length: int) -> tuple[int, int]:
    """Widen a piece of a Latin word to the word, which people can read."""
    end = start + length
    while start > 0 and _LATIN.match(folded[start - 1]) and _LATIN.match(folded[start]):
        start -= 1
    while end < len(folded) and _LATIN.match(folded[end]) and _LATIN.match(folded[end - 1]):
        end += 1
    return start, end


def _best_three(chances: dict[str, float]) -> tuple[tuple[str, float], ...]:
    families = sorted((name for name in chances if name != ABSTAIN), key=lambda n: -chances[n])
    return tuple((name, round(chances[name], 4)) for name in families[:3])
