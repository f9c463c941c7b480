"""The triage commands, as a person or a script calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from automations.triage.linear.model import load_model
from integrations.runtime.errors import BadInput
from riskdesk.commands import triage
from riskdesk.commands.triage import app

runner = CliRunner()
LINES = [
    b'{"id": 7, "subject": "Frozen", "text": "They froze my account"}',
    b"not json",
    b'{"id": 8}',
    b'{"id": 9, "text": 5}',
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
    assert [(a["line"], a["id"]) for a in answers if "error" in a] == [
        (2, None),
        (3, 8),
        (4, 9),
        (7, None),
        (8, None),
    ]
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

    assert (found["overall"]["texts"], found["overall"]["strict"]) == (1, 1.0)
    assert found["classes"]["F"]["recall"] == 1.0
    assert found["skipped_lines"] == [1, 2, 3, 4, 7, 8]


def test_evaluate_shows_a_confusion_table(complaints: Path) -> None:
    result = runner.invoke(app, ["evaluate", "--input", str(complaints)])

    assert "accuracy, the label itself" in result.stdout
    assert "label ↓ answer →" in result.stdout


def test_classify_answers_under_the_names_that_scripts_rely_on(
    complaints: Path, tmp_path: Path
) -> None:
    target = tmp_path / "answers.jsonl"
    runner.invoke(app, ["classify", "--input", str(complaints), "--output", str(target)])
    first = rows(target.read_text("utf-8"))[0]

    assert list(first)[:10] == [
        "id",
        "family",
        "reason",
        "confidence",
        "abstained",
        "alternatives",
        "severity",
        "language",
        "why",
        "signals",
    ]
    assert first["alternatives"][0]["family"] == "C"


def test_answers_do_not_overwrite_the_complaints(complaints: Path) -> None:
    before = complaints.read_bytes()
    result = runner.invoke(
        app, ["classify", "--input", str(complaints), "--output", str(complaints)]
    )

    assert isinstance(result.exception, BadInput)
    assert complaints.read_bytes() == before


def test_language_that_the_sender_names_counts_where_the_text_shows_none(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(
        '{"text": "7788", "lang": "zh"}\n{"text": "账户被冻结", "lang": "en"}\n'
        '{"text": "7788", "lang": "../etc"}\n'
    )
    result = runner.invoke(app, ["classify", "--input", str(path), "--json"])

    assert [row["language"] for row in rows(result.stdout)] == ["zh", "zh", "en"]


@pytest.mark.parametrize("name", ["map.json", "map.toml"])
def test_evaluate_maps_the_labels_of_others(tmp_path: Path, name: str) -> None:
    source, meanings = tmp_path / "theirs.jsonl", tmp_path / name
    source.write_text(
        '{"text": "They froze my account", "topic": "hold", "secondary": ["odd", null]}\n'
        '{"text": "nice", "topic": "unknown"}\n'
    )
    meanings.write_text('{"hold": "C"}' if name.endswith("json") else 'hold = "C"')
    options = ["--input", str(source), "--label-field", "topic", "--map", str(meanings), "--json"]
    found = json.loads(runner.invoke(app, ["evaluate", *options]).stdout)

    assert found["confusion"] == {"C": {"C": 1}}
    assert found["skipped_lines"] == [2]


@pytest.mark.parametrize(
    "content", ["", "[]", "[" * 9_000, '{"hold": "Q"}', '{"hold": 1}', "hold = "]
)
def test_wrong_map_says_what_to_write(complaints: Path, tmp_path: Path, content: str) -> None:
    meanings = tmp_path / "map.json"
    meanings.write_text(content)
    result = runner.invoke(app, ["evaluate", "--input", str(complaints), "--map", str(meanings)])

    assert isinstance(result.exception, BadInput)
    assert "such as" in result.exception.hint or "JSON" in result.exception.hint


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("a.png", b"\x89PNG")])
def test_evaluate_draws_the_confusion(
    complaints: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    picture = tmp_path / name
    runner.invoke(app, ["evaluate", "--input", str(complaints), "--picture", str(picture)])

    assert picture.read_bytes().startswith(begins)


def test_picture_of_another_kind_is_refused(complaints: Path, tmp_path: Path) -> None:
    options = ["--input", str(complaints), "--picture", str(tmp_path / "a.doc")]
    result = runner.invoke(app, ["evaluate", *options])

    assert isinstance(result.exception, BadInput)


def test_evaluate_without_labels_says_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    result = runner.invoke(app, ["evaluate", "--input", str(path)])

    assert isinstance(result.exception, BadInput)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    texts = [("stolen", "coins stolen"), ("stuck", "withdrawal stuck"), ("praise", "nice app")]
    path.write_text(
        "\n".join(
            json.dumps({"q": f"{text} {i}", "topic": label, "who": i})
            for label, text in texts
            for i in range(8)
        )
        + '\n{"q": 7}\n'
    )
    return path


def test_train_writes_a_model_and_its_report(labelled: Path, tmp_path: Path) -> None:
    target = tmp_path / "models" / "mine"
    options = ["--input", str(labelled), "--model", str(target), "--label-field", "topic"]
    options += ["--text-field", "q", "--group-field", "who", "--folds", "4"]
    result = runner.invoke(app, ["train", *options, "--json"])
    report = json.loads(result.stdout)

    assert result.exit_code == 0
    assert "line 25 skipped" in result.stderr
    assert json.loads((target / "report.json").read_text()) == report
    assert load_model(target / "model.npz").heads["label"].classes == ("praise", "stolen", "stuck")
    assert report["figures"]["overall"]["strict"] == 1.0
    assert set(report["thin"]) == {"praise", "stolen", "stuck"}


def test_evaluate_measures_a_trained_model(labelled: Path, tmp_path: Path) -> None:
    target = tmp_path / "m"
    options = ["--input", str(labelled), "--label-field", "topic", "--model", str(target)]
    runner.invoke(app, ["train", *options, "--text-field", "q", "--folds", "0"])
    source, meanings = tmp_path / "new.jsonl", tmp_path / "map.json"
    source.write_text('{"text": "my coins", "topic": "theft"}\n{"text": "a", "topic": "other"}\n')
    meanings.write_text('{"theft": "stolen"}')
    options = ["--input", str(source), *options[2:], "--map", str(meanings), "--json"]
    found = json.loads(runner.invoke(app, ["evaluate", *options]).stdout)

    assert found["confusion"] == {"stolen": {"stolen": 1}}
    assert found["skipped_lines"] == [2]


def test_train_shows_its_report_to_people(labelled: Path, tmp_path: Path) -> None:
    options = ["--input", str(labelled), "--model", str(tmp_path / "m"), "--text-field", "q"]
    result = runner.invoke(app, ["train", *options, "--label-field", "topic"])

    assert "accuracy on the surest 80 %" in result.stdout
    assert "Too thin" in result.stdout


def test_train_without_a_place_for_the_model_says_so(labelled: Path) -> None:
    result = runner.invoke(app, ["train", "--input", str(labelled)])

    assert isinstance(result.exception, BadInput)
    assert "--model" in result.exception.hint


def test_train_without_input_makes_the_own_model_ready() -> None:
    assert "The desk's model is ready" in runner.invoke(app, ["train"]).stdout


@pytest.mark.parametrize("command", ["classify", "evaluate", "signals"])
def test_missing_file_is_named(command: str, tmp_path: Path) -> None:
    result = runner.invoke(app, [command, "--input", str(tmp_path / "absent.jsonl")])

    assert isinstance(result.exception, BadInput)
    assert "absent.jsonl" in result.exception.message


@pytest.mark.parametrize("command", ["classify", "evaluate", "signals", "train"])
def test_help_has_an_example(command: str) -> None:
    assert f"riskdesk triage {command}" in runner.invoke(app, [command, "--help"]).stdout
