"""The composed training texts come from readable scenarios, always the same ones."""

import random
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from automations.triage.corpus.generate import CORPUS, LANGUAGES, SCENARIOS, generate
from automations.triage.corpus.grammar import (
    ScenarioError,
    expand,
    read_phrases,
    read_scenarios,
)
from automations.triage.corpus.styles import restyle_chinese, restyle_english
from automations.triage.taxonomy import REASONS

LEAST_COMPOSED = 2_000
SCENARIO_FILES = sorted(p for p in SCENARIOS.glob("*.txt") if not p.stem.endswith("_phrases"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_texts_are_what_the_generator_writes(language: str) -> None:
    shipped = (CORPUS / f"generated_{language}.jsonl").read_text("utf-8").splitlines()

    assert [msgspec.json.decode(line) for line in shipped] == list(generate(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_told_in_every_language(language: str) -> None:
    told = {row["label"] for row in generate(language)}

    assert told == {*REASONS, "abstain"}


def test_there_are_thousands_of_texts_in_small_groups() -> None:
    rows = [row for language in LANGUAGES for row in generate(language)]
    groups = Counter(row["group"] for row in rows)

    assert len(rows) > LEAST_COMPOSED
    assert max(groups.values()) < len(rows) / 20


def test_no_slot_or_choice_is_left_in_a_text() -> None:
    texts = [row["text"] for language in LANGUAGES for row in generate(language)]

    assert [text for text in texts if set("{}<>|") & set(text)] == []


@pytest.mark.parametrize("path", SCENARIO_FILES, ids=lambda p: p.stem)
def test_scenarios_carry_known_labels_and_differing_names(path: Path) -> None:
    scenarios = read_scenarios(path)

    assert {s.label for s in scenarios} <= {*REASONS, "abstain"}
    assert max(Counter((s.label, s.name) for s in scenarios).values()) == 1
    assert all(s.tellings for s in scenarios)


def test_choices_nest_and_slots_are_filled() -> None:
    slots = {"coin": ["{btc|btc}"]}

    assert expand("lost {my {<coin>|<coin>}|my btc} today", slots, random.Random(1)) == (
        "lost my btc today"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param("a line without a scenario\n", "line 1: a line must stand", id="no scenario"),
        pytest.param("@ A1 x\nlost {a|b\n", "line 2: braces", id="open brace"),
    ],
)
def test_a_wrong_line_of_a_scenario_file_is_named(
    tmp_path: Path, content: str, problem: str
) -> None:
    path = tmp_path / "english_x.txt"
    path.write_text(content, "utf-8")

    with pytest.raises(ScenarioError, match=problem):
        read_scenarios(path)


def test_a_phrase_outside_a_slot_is_named(tmp_path: Path) -> None:
    path = tmp_path / "english_phrases.txt"
    path.write_text("orphan\n", "utf-8")

    with pytest.raises(ScenarioError, match="line 1: a phrase must stand"):
        read_phrases(path)


def test_styles_change_the_surface_and_keep_the_words() -> None:
    rng = random.Random(3)
    english = {restyle_english("Please help. My withdrawal is stuck!", rng) for _ in range(40)}
    chinese = {restyle_chinese("账户被冻结，请处理。", rng) for _ in range(40)}

    assert len(english) > 8
    assert any("帳戶" in text or "賬戶" in text for text in chinese)
    assert all("冻结" in text or "凍結" in text for text in chinese)
