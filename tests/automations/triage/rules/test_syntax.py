"""Every mistake in a rule file names the file and the line and says what to do."""

from pathlib import Path

import pytest

from automations.triage.rules.book import Book, read_book
from integrations.runtime.errors import ConfigError

CONCEPTS = "funds: money | coin*\n  | usdt\ntheft: stolen | drained except drained battery\n"


def book_of(folder: Path, rules: str, concepts: str = CONCEPTS) -> Book:
    (folder / "own.concepts").write_text(concepts, "utf-8")
    (folder / "own.rules").write_text(rules, "utf-8")
    return read_book(folder)


@pytest.mark.parametrize(
    ("rules", "problem", "hint"),
    [
        ("A1 3 {founds} ..3 {theft}", "no concept {founds}", ".concepts"),
        ("A1 x {funds}", "'x' is no weight", "number above 0"),
        ("A1 9 {funds}", "'9' is no weight", "up to 5"),
        ("theft 3 {funds}", "'theft' is no code", "family or a reason"),
        ("A1 3", "looks for nothing", "words or a {concept}"),
        ("A1 3 ^", "looks for nothing", "words or a {concept}"),
        ("A1 3 [money]", "looks for nothing", "words or a {concept}"),
        ("A1 3 (money | coins", "not closed", "name a concept"),
        ("A1 3 (money | (coins))", "not closed", "name a concept"),
        ("A1 3 money) gone", "')' is not closed", "name a concept"),
        ("A1 3 (money | )", "a phrase is empty", "both sides"),
        ("A1 3 money ..99 gone", "too wide", "..40"),
        ("A1 3 money ..3", "leads to nothing", "after it"),
        ("A1 3 money ^ gone", "in the middle", "^ first"),
        ("A1 3 money ..3 {any}", "holds no word", "a gap"),
        ("A1 3 (my {funds})", "mixes words and a concept", "element of its own"),
        ("A1 3 money unless followed by a (b | c)", "needs one list", "this | that"),
        ("A1 3 money even if denied now", "needs one list", "this | that"),
        ("A1 3 a only beside b only beside c", "stands twice", "join"),
        ("+ money gone", "belongs to no rule", "above"),
    ],
)
def test_mistake_in_a_rule_names_its_line(
    tmp_path: Path, rules: str, problem: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        book_of(tmp_path, f"# first\n{rules}\n")

    assert "own.rules, line 2" in caught.value.message
    assert problem in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("concepts", "problem"),
    [
        ("funds money", "line 1: this is no concept"),
        ("funds: money |", "line 1: a phrase is empty"),
        ("funds: money\ntheft: stolen\nfunds: coin", "line 3: funds stands already in line 1"),
        ("funds: money\ntheft: {gone}\n", "line 2: there is no concept {gone}"),
        ("funds: {theft}\ntheft: {funds}\n", "names itself"),
    ],
)
def test_mistake_in_a_concept_names_its_line(tmp_path: Path, concepts: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        book_of(tmp_path, "A1 3 {funds} ..3 {theft}", concepts)

    assert "own.concepts" in caught.value.message
    assert problem in caught.value.message


def test_rule_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.rules").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match=r"own\.rules cannot be read"):
        read_book(tmp_path)


def test_concept_may_go_on_in_the_file_of_another_language(tmp_path: Path) -> None:
    (tmp_path / "other.concepts").write_text("funds: 钱\n", "utf-8")
    book = book_of(tmp_path, "A1 3 {funds}")

    assert [len(book.find_hits(text)) for text in ("money", "我的钱", "币")] == [1, 1, 0]


def test_examples_belong_to_the_rule_above_them(tmp_path: Path) -> None:
    book = book_of(tmp_path, "A1 3 {funds}\n  | {theft}\n  + my money\n  - my time\nA2 1 hacked\n")

    assert [(rule.hits, rule.misses) for rule in book.rules] == [
        (["my money"], ["my time"]),
        ([], []),
    ]
    assert len(book.rules[0].patterns) == 2
