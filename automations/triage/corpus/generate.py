"""Composes the training texts from the scenarios; the same seed gives the same bytes.

`python -m automations.triage.corpus.generate` writes the two generated files anew.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from automations.triage.corpus.grammar import Scenario, expand, read_phrases, read_scenarios
from automations.triage.corpus.styles import restyle_chinese, restyle_english

CORPUS: Final = Path(__file__).parent
SCENARIOS: Final = CORPUS / "scenarios"
LANGUAGES: Final = ("english", "chinese")
_SEED: Final = 20
_TRIES: Final = 12
_SPACES: Final = re.compile(" {2,}")
_LOOSE_STOP: Final = re.compile(r" ([.,!?])")
# Texts wanted of each family ("a": texts without a fact). Real text is mostly F, H, K and N; the
# safety families are written more often than they come, so that the model knows their many faces.
_ENGLISH_TEXTS: Final = {
    "A": 100, "B": 90, "C": 140, "D": 90, "E": 70, "F": 200, "G": 50, "H": 190, "I": 60,
    "J": 50, "K": 100, "N": 280, "X": 50, "a": 90,
}  # fmt: skip
_CHINESE_TEXTS: Final = {
    "A": 50, "B": 50, "C": 60, "D": 50, "E": 40, "F": 80, "G": 40, "H": 110, "I": 30,
    "J": 40, "K": 60, "N": 260, "X": 50, "a": 40,
}  # fmt: skip
# Sentences that stand beside any subject, and how often each kind is taken.
_ASIDES: Final = {
    "insult": 5, "warning": 5, "support": 7, "compare": 2, "loyal": 2, "loss": 2, "legal": 2,
    "fees": 1, "request": 4, "praise": 1, "unrelated": 2,
}  # fmt: skip
_ASIDE_COUNTS: Final = (0, 1, 2, 4)
_DETAILED: Final = 0.45
_ASIDE_FIRST: Final = 0.3
_OWN_TITLE: Final = 0.5
_CAPITAL: Final = 0.8
_NO_PLEA: Final = frozenset("NXa")  # praise, opinions, advertising: nothing to be solved
_OWN_ASIDES: Final[Mapping[str, Sequence[str]]] = {
    "N1": ("praise",),
    "N3": ("praise", "unrelated"),
    "X": (),
    "a": ("insult", "warning"),
}


class _Habits(NamedTuple):
    """How the writers of a language tell things: weights of the counts of asides, titles."""

    asides: Sequence[int]
    titled: float


_HABITS: Final = {
    "english": _Habits(asides=(40, 30, 18, 12), titled=0.5),
    "chinese": _Habits(asides=(66, 24, 8, 2), titled=0.25),
}


def generate(language: str) -> Iterator[dict[str, str]]:
    """Yield the labelled texts of a language: {text, label, lang, group}."""
    rng = random.Random(f"{language} {_SEED}")  # noqa: S311  # reproducible, not secret
    writer = _Writer(language, rng)
    wanted = _ENGLISH_TEXTS if language == "english" else _CHINESE_TEXTS
    for family, texts in wanted.items():
        scenarios = [s for s in _scenarios(language) if s.label[0] == family]
        tellings = [(s, telling) for s in scenarios for telling in s.tellings]
        for number in range(texts):
            scenario, telling = tellings[number % len(tellings)]
            text = writer.write(scenario, telling)
            if text:
                yield {
                    "text": text,
                    "label": scenario.label,
                    "lang": "en" if language == "english" else "zh",
                    "group": f"{language}-{scenario.label}-{scenario.name}",
                }


def write_generated() -> None:
    """Write `generated_english.jsonl` and `generated_chinese.jsonl` beside this module."""
    for language in LANGUAGES:
        lines = (json.dumps(row, ensure_ascii=False) for row in generate(language))
        text = "".join(f"{line}\n" for line in lines)
        (CORPUS / f"generated_{language}.jsonl").write_text(text, "utf-8", newline="\n")


class _Writer:
    """Composes texts of one language and never the same twice."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self._english = language == "english"
        self._habits = _HABITS[language]
        self._slots = read_phrases(SCENARIOS / f"{language}_phrases.txt")
        self._rng = rng
        self._written = _hand_written(language)

    def write(self, scenario: Scenario, telling: str) -> str | None:
        """Return a new text that tells this, or nothing where every way to tell it is used up."""
        for _ in range(_TRIES):
            text = self._compose(scenario, telling)
            if text not in self._written:
                self._written.add(text)
                return text
        return None

    def _compose(self, scenario: Scenario, telling: str) -> str:
        """Put title, asides, the telling and the request in the order of one kind of writer."""
        parts = [telling]
        if scenario.details and self._chance(_DETAILED):
            parts.append(self._rng.choice(scenario.details))
        kinds = _OWN_ASIDES.get(scenario.label, _OWN_ASIDES.get(scenario.label[0], tuple(_ASIDES)))
        asides = self._rng.choices(_ASIDE_COUNTS, self._habits.asides)[0] if kinds else 0
        for _ in range(asides):
            kind = self._rng.choices(kinds, [_ASIDES[kind] for kind in kinds])[0]
            if kind == "request" and scenario.label[0] in _NO_PLEA:
                continue
            place = 0 if self._chance(_ASIDE_FIRST) else len(parts)
            parts.insert(place, self._rng.choice(self._slots[kind]))
        body = self._joined([self._expanded(part) for part in parts])
        restyle = restyle_english if self._english else restyle_chinese
        title = self._title(scenario, kinds) if self._chance(self._habits.titled) else ""
        styled = restyle(body, self._rng)
        return f"{title}\n{styled}" if title else styled

    def _title(self, scenario: Scenario, kinds: Sequence[str]) -> str:
        """Return a title of the scenario's own, or one that says as little as real ones do."""
        own = scenario.titles if not kinds or self._chance(_OWN_TITLE) else ()
        return self._expanded(self._rng.choice(own or self._slots["title"]))

    def _joined(self, parts: list[str]) -> str:
        if not self._english:
            ended = (p if p[-1] in "。！？" else p + self._rng.choice("，，。！ ") for p in parts)
            return "".join(ended).rstrip("， ")
        ended = (p if p[-1] in ".!?" else p + self._rng.choice(".....!") for p in parts)
        begun = (p[0].upper() + p[1:] if self._chance(_CAPITAL) else p for p in ended)
        return _LOOSE_STOP.sub(r"\1", _SPACES.sub(" ", " ".join(begun)))

    def _expanded(self, part: str) -> str:
        return expand(part, self._slots, self._rng)

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability


def _scenarios(language: str) -> list[Scenario]:
    paths = sorted(SCENARIOS.glob(f"{language}_*.txt"))
    return [s for path in paths if not path.stem.endswith("_phrases") for s in read_scenarios(path)]


def _hand_written(language: str) -> set[str]:
    paths = CORPUS.glob(f"{language}_*.jsonl")
    return {json.loads(line)["text"] for path in paths for line in path.read_text().splitlines()}


if __name__ == "__main__":
    write_generated()
