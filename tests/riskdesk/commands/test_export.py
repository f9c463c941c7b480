"""`riskdesk sync export` as people and scripts call it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integrations.runtime.errors import BadInput
from integrations.runtime.settings import load_settings
from riskdesk.commands.root import app

runner = CliRunner()


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKDESK_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    load_settings.cache_clear()
    assert runner.invoke(app, ["db", "upgrade"]).exit_code == 0


def test_files_and_rows_are_told_to_people_and_to_machines(tmp_path: Path) -> None:
    words = ["sync", "export", "--output", str(tmp_path / "out"), "--table", "users"]

    shown = runner.invoke(app, [*words, "--format", "csv"])
    told = runner.invoke(app, [*words, "--format", "csv", "--force", "--json"])

    assert (shown.exit_code, told.exit_code) == (0, 0)
    assert "users" in shown.stdout
    (file,) = json.loads(told.stdout)["files"]
    assert (file["table"], file["rows"]) == ("users", 0)
    assert Path(file["file"]).exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--with-raw", "--no-personal"], "contradict"),
        (["--since", "yesterday"], "'yesterday' is no instant"),
        (["--table", "tikets"], "no table or view named tikets"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    tmp_path: Path, words: list[str], problem: str
) -> None:
    result = runner.invoke(app, ["sync", "export", "--output", str(tmp_path / "out"), *words])

    assert isinstance(result.exception, BadInput)
    assert problem in result.exception.message
    assert not (tmp_path / "out").exists()
