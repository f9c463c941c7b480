"""What each construct of the rule language finds, and that no text makes it slow."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from automations.triage.rules import book, matching, vocabulary
from automations.triage.rules.book import Book, load_book, read_book

CONCEPTS = """
funds: money | coin* | 钱
theft: stolen | drained | taken away | 盗 except drained battery
padding: this | app | is | a
denial: never | not | *n't | if | 没有 except know if
denial link: been | my | the | 被
"""


@pytest.fixture
def hits(tmp_path: Path) -> Callable[[str, str], int]:
    """Return a function that counts the hits of rules in a text."""

    def count(rules: str, text: str) -> int:
        (tmp_path / "own.concepts").write_text(CONCEPTS, "utf-8")
        (tmp_path / "own.rules").write_text(rules, "utf-8")
        return len(read_book(tmp_path).find_hits(text))

    return count


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        pytest.param("{funds} ..2 {theft}", "my money was just stolen", True, id="gap"),
        pytest.param("{funds} ..2 {theft}", "money was it just now stolen", False, id="too far"),
        pytest.param("{funds} ..2 {theft}", "money gone. stolen phone", False, id="other sentence"),
        pytest.param("{funds} >>2 {theft}", "money gone. stolen", True, id="over a stop"),
        pytest.param("{funds} ..2 {theft}", "stolen money", False, id="order"),
        pytest.param("{funds} {theft}", "coins - stolen", True, id="punctuation is no unit"),
        pytest.param("{funds} ..3 {theft}", "钱全部被盗", True, id="characters count"),
        pytest.param("{funds} ..2 {theft}", "钱全部被盗", False, id="too many characters"),
        pytest.param("{funds} ..9 {theft}", "coinage taken away", True, id="stem and phrase"),
        pytest.param("{theft}", "a drained battery", False, id="exception"),
        pytest.param("{theft}", "drained battery and drained wallet", True, id="beside exception"),
        pytest.param("log-in", "log in", True, id="hyphen"),
        pytest.param("p2p", "p 2 p", True, id="letters and digits"),
        pytest.param("t.me", "see t.me/abc", True, id="dot inside"),
        pytest.param("my [old | new] phone", "my phone", True, id="optional left out"),
        pytest.param("my [old | new] phone", "my new phone", True, id="optional there"),
        pytest.param("my [old | new] phone", "my red phone", False, id="optional is another"),
        pytest.param("pay ..1 {number} %", "pay 12.5%", True, id="number"),
        pytest.param("@ {any}", "write @bob", True, id="any unit"),
        pytest.param("line {latin}", "line 123", False, id="latin"),
        pytest.param("^ ..1 how", "well, how so", True, id="start"),
        pytest.param("^ ..1 how", "i ask how so", False, id="not at the start"),
        pytest.param("gone $", "all is gone!!", True, id="end"),
        pytest.param("gone $", "gone again", False, id="not at the end"),
        pytest.param("seller unless followed by ..1 app", "seller of app", False, id="followed"),
        pytest.param("seller unless followed by ..1 app", "seller. app", True, id="followed later"),
        pytest.param("seller unless preceded by best", "best seller", False, id="preceded"),
        pytest.param("seller unless preceded by best", "best. seller", True, id="preceded before"),
        pytest.param("scam only beside {padding}", "this app is a scam!!!", True, id="alone"),
        pytest.param(
            "scam only beside {padding}", "this app is a slow scam", False, id="not alone"
        ),
        pytest.param("(a | b c)\n | d e", "d e", True, id="second pattern"),
    ],
)
def test_construct(hits: Callable[[str, str], int], rule: str, text: str, *, found: bool) -> None:
    assert hits(f"F1 2 {rule}", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("money stolen", True),
        ("money was never stolen", False),
        ("money wasn't stolen", False),
        ("never been stolen. but now money stolen", True),
        ("if my money gets stolen", False),
        ("i know if money was stolen", True),
        ("钱没有被盗", False),
        ("not here money stolen", True),
    ],
)
def test_event_that_is_denied_does_not_count(
    hits: Callable[[str, str], int], text: str, *, found: bool
) -> None:
    assert hits("A1 3 {funds} ..4 {theft}", text) == found


def test_state_may_be_negative_itself_and_a_rule_may_ask_for_denial(
    hits: Callable[[str, str], int],
) -> None:
    assert hits("F1 3 {funds} ..4 {theft}", "money was never stolen") == 1
    assert hits("A1 3 {funds} ..4 {theft} even if denied", "money was never stolen") == 1
    assert hits("A1 3 never ..2 {theft}", "never been stolen") == 1
    assert hits("A1 3 never ..2 {theft}", "if never been stolen") == 0


def test_hit_says_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "own.rules").write_text("A1 3 money ..4 stolen\nA2 4 hacked\n", "utf-8")
    text = "oh! money was 'stolen', i am hacked"
    found = read_book(tmp_path).find_hits(text)

    assert [(hit.code, text[hit.start : hit.end]) for hit in found] == [
        ("A2", "hacked"),
        ("A1", "money was 'stolen"),
    ]


def steps_of(shelf: Book, text: str) -> int:
    """Count the lines of the matcher that run: unlike time, they are always the same."""
    count = 0
    files = {module.__file__ for module in (book, matching, vocabulary)}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if frame.f_code.co_filename not in files:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        shelf.matches(text)
    finally:
        sys.settrace(before)
    return count


def bait_for(options: tuple[tuple[str, ...], ...]) -> str:
    """Return the first words of a pattern, which promise a match, and never its last."""
    shown = [each[0].replace("*", "").replace("{number}", "7") for each in options[:-1]]
    return " ".join(word for word in shown if "{" not in word) + " "


def test_work_grows_with_the_length_of_the_text_and_no_faster() -> None:
    shelf = load_book()
    for rule in shelf.rules:
        for pattern in rule.patterns:
            bait = bait_for(tuple(element.options for element in pattern.elements))
            if not bait.strip():
                continue
            shelf.matches(bait)  # units are looked up once
            short, long = steps_of(shelf, bait * 20), steps_of(shelf, bait * 40)

            assert long <= 2.2 * short + 200, f"{rule.place.file}, line {pattern.place.line}"


@pytest.mark.parametrize(
    "bait", ["my account was not ", "没有被我的账户", "never been the one ", "@ 7 % ", "a." * 5]
)
def test_work_on_repeated_words_grows_no_faster_than_the_text(bait: str) -> None:
    shelf = load_book()
    shelf.matches(bait)

    assert steps_of(shelf, bait * 400) <= 2.2 * steps_of(shelf, bait * 200)
