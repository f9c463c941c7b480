"""The macro commands, as a person or a script calls them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integrations.runtime.errors import BadInput
from riskdesk.commands.macros import app
from tests.automations.macros.conftest import WriteMacro

runner = CliRunner()


def test_list_as_json_has_both_languages_of_every_slug() -> None:
    result = runner.invoke(app, ["list", "--json"])
    macros = json.loads(result.stdout)

    assert result.exit_code == 0
    assert {m["language"] for m in macros if m["slug"] == "clarify"} == {"en", "zh"}


def test_list_shows_a_table() -> None:
    result = runner.invoke(app, ["list"])

    assert result.exit_code == 0
    assert "clarify" in result.stdout


def test_preview_fills_what_is_given_and_marks_the_rest() -> None:
    arguments = ["preview", "deposit_missing", "--language", "zh", "--value", "customer_name=王"]
    result = runner.invoke(app, arguments)

    assert "您好，王：" in result.stdout
    assert "【请填写：交易哈希】" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["preview", "no_such_macro"], id="unknown slug"),
        pytest.param(["preview", "clarify", "--language", "fr"], id="unknown language"),
        pytest.param(["preview", "clarify", "--value", "mood=good"], id="unknown blank"),
        pytest.param(["preview", "clarify", "--value", "nothing"], id="value without a name"),
    ],
)
def test_bad_arguments_are_explained(arguments: list[str]) -> None:
    assert isinstance(runner.invoke(app, arguments).exception, BadInput)


def test_lint_of_the_real_macros_passes() -> None:
    assert runner.invoke(app, ["lint"]).exit_code == 0
    assert json.loads(runner.invoke(app, ["lint", "--json"]).stdout) == []


def test_lint_ends_with_code_1_on_a_finding(complete_folder: Path, write_macro: WriteMacro) -> None:
    write_macro("default_a", text="Hello {{ customer_name }}, please send us your password.")
    result = runner.invoke(app, ["lint", "--folder", str(complete_folder)])

    assert result.exit_code == 1
    assert "default_a.en: asks for secrets" in result.stdout
