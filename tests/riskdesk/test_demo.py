"""`riskdesk demo`: judged by its own document, and by what it leaves behind: nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.front_door import Outcome, riskdesk
from tests.support.shared import shared_file

pytestmark = pytest.mark.slow


def demo(folder: Path, *words: str) -> Outcome:
    """Run the demo with a temporary folder of its own, so that what it leaves can be seen."""
    temporary = folder / "temporary"
    temporary.mkdir()
    return riskdesk("demo", *words, folder=folder, settings={}, temporary=temporary)


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the one JSON document on stdout."""
    assert outcome.code == 0, outcome.stdout[-1500:] + outcome.stderr
    assert outcome.stderr.strip() == ""
    found: dict[str, Any] = json.loads(outcome.stdout)
    return found


def traces_left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name != "temporary"]


def test_demo_answers_every_complaint_and_leaves_nothing_behind(tmp_path: Path) -> None:
    outcome = demo(tmp_path, "--complaints", "12", "--json")
    summary = document(outcome)

    results = summary["results"]
    assert summary["complaints"] == len(results) == 12
    assert len({result["id"] for result in results}) == 12
    assert all(result["ticket_id"] and result["severity"] for result in results)
    assert all(result["draft"] or result["abstained"] for result in results)
    assert [check["name"] for check in summary["checks"] if not check["passed"]] == []
    assert not outcome.left_running
    assert traces_left(tmp_path) == []


def test_killed_demo_keeps_its_promises(tmp_path: Path) -> None:
    outcome = demo(tmp_path, "--complaints", "12", "--kill", "--json")

    assert all(check["passed"] for check in document(outcome)["checks"])
    assert traces_left(tmp_path) == []


def test_bad_lines_of_a_file_are_listed_and_the_others_played(tmp_path: Path) -> None:
    source = tmp_path / "complaints.jsonl"
    lines = [
        b'{"id": "takeover", "text": "Somebody logged in and withdrew all my coins, help!"}',
        b"{ no json",
        b'{"text": 5}',
        b"",
        b'{"text": "\xff"}',
        '{"id": "充值", "text": "我的充值三天没有到账，TxID 已经确认"}'.encode(),
        b'{"id": "takeover", "text": "My P2P seller does not release the coins \\ud800"}',
    ]
    source.write_bytes(b"\n".join(lines))
    folder = tmp_path / "here"
    folder.mkdir()
    summary = document(demo(folder, "--input", str(source), "--json"))

    assert [line["number"] for line in summary["bad_lines"]] == [2, 3, 5]
    assert [result["id"] for result in summary["results"]] == [
        "takeover",
        "充值",
        "takeover-line-7",
    ]
    assert [result["family"] for result in summary["results"][:2]] == ["A", "F"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"title": "no text"}\nnonsense\n', id="bad lines only"),
        pytest.param(b"\x00\xff\xfe" * 50, id="no text at all"),
    ],
)
def test_file_without_a_usable_line_is_refused_in_two_lines(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "nothing.jsonl"
    source.write_bytes(content)
    what, to_do = demo(tmp_path, "--input", str(source), "--json").two_lines

    assert "holds no complaint" in what
    assert "one JSON object a line" in to_do


def test_file_that_is_missing_is_refused_in_two_lines(tmp_path: Path) -> None:
    what, _ = demo(tmp_path, "--input", str(tmp_path / "missing.jsonl")).two_lines

    assert "cannot be read" in what


def test_reviews_of_an_exchange_are_played(tmp_path: Path) -> None:
    source = shared_file("data/exchange_reviews/dev_labelled.jsonl")
    summary = document(demo(tmp_path, "--input", str(source), "--complaints", "15", "--json"))

    assert len(summary["results"]) == 15
    assert [check["name"] for check in summary["checks"] if not check["passed"]] == []
