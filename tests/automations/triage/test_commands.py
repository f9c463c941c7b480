"""The triage commands, as a person or a script calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from integrations.runtime.errors import BadInput
from riskdesk.commands import triage
from riskdesk.commands.triage import app

runner = CliRunner()
LINES = [
    b'{"id": 7, "subject": "Frozen", "text": "They froze my account"}',
    b"not json",
    b'{"id": 8}',
    b'{"text": 5}',
    b"",
    b'{"text": "\xe6\x8f\x90\xe7\x8e\xb0\xe4\xb8\x8d\xe5\x88\xb0\xe8\xb4\xa6", "label": "F3"}',
    b'{"text": "\xff\xfe"}',
    b"[" * 100_000,
]


@pytest.fixture
def complaints(tmp_path: Path) -> Path:
    path = tmp_path / "complaints.jsonl"
    path.write_bytes(b"\n".join(LINES))
    return path


def rows(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_classify_answers_good_lines_and_marks_bad_ones(complaints: Path) -> None:
    result = runner.invoke(app, ["classify", "--input", str(complaints), "--json"])
    answers = rows(result.stdout)

    assert result.exit_code == 0
    assert [a["line"] for a in answers if "error" in a] == [2, 3, 4, 7, 8]
    assert [(a["line"], a["family"]) for a in answers if "family" in a] == [(1, "C"), (6, "F")]
    assert answers[0]["id"] == 7
    assert "line 2 skipped" in result.stderr


def test_classify_writes_a_file(complaints: Path, tmp_path: Path) -> None:
    target = tmp_path / "answers.jsonl"
    result = runner.invoke(app, ["classify", "--input", str(complaints), "--output", str(target)])

    assert len(rows(target.read_text("utf-8"))) == 7
    assert "2 complaints answered, 5 could not be read" in result.stderr


def test_classify_shows_a_table_to_people(
    complaints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage, "console", Console(width=140))

    result = runner.invoke(app, ["classify", "--input", str(complaints)])

    assert "Restriction and freeze" in result.stdout


def test_signals_never_show_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"text": "[bold]uid 12345678[/bold], password: hunter2xyz"}')
    for options in ([], ["--json"]):
        result = runner.invoke(app, ["signals", "--input", str(path), *options])

        assert "12345678" in result.stdout
        assert "password" in result.stdout
        assert "hunter2xyz" not in result.output


def test_evaluate_prints_figures_and_names_skipped_lines(complaints: Path) -> None:
    result = runner.invoke(app, ["evaluate", "--input", str(complaints), "--json"])
    found = json.loads(result.stdout)

    assert found["overall"] == {"texts": 1, "strict": 1.0, "lenient": 1.0}
    assert found["skipped_lines"] == [1, 2, 3, 4, 7, 8]


def test_evaluate_shows_a_confusion_table(complaints: Path) -> None:
    result = runner.invoke(app, ["evaluate", "--input", str(complaints)])

    assert "Label against answer" in result.stdout


def test_evaluate_without_labels_says_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    result = runner.invoke(app, ["evaluate", "--input", str(path)])

    assert isinstance(result.exception, BadInput)


def test_train_writes_a_model_of_its_own(tmp_path: Path) -> None:
    source, target = tmp_path / "own.jsonl", tmp_path / "model.json"
    texts = [("A1", "coins stolen"), ("F3", "withdrawal stuck"), ("N1", "nice app")]
    source.write_text(
        "\n".join(
            json.dumps({"text": f"{text} {i}", "label": label})
            for label, text in texts
            for i in range(8)
        )
    )
    result = runner.invoke(app, ["train", "--input", str(source), "--output", str(target)])

    assert result.exit_code == 0
    assert json.loads(target.read_text())["classes"] == ["A", "F", "N"]


@pytest.mark.parametrize("command", ["classify", "evaluate", "signals"])
def test_missing_file_is_named(command: str, tmp_path: Path) -> None:
    result = runner.invoke(app, [command, "--input", str(tmp_path / "absent.jsonl")])

    assert isinstance(result.exception, BadInput)
    assert "absent.jsonl" in result.exception.message


@pytest.mark.parametrize("command", ["classify", "evaluate", "signals", "train"])
def test_help_has_an_example(command: str) -> None:
    assert f"riskdesk triage {command}" in runner.invoke(app, [command, "--help"]).stdout
