"""The worked cases, judged by the comparison that comes with them."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sync.sla.cases import Answers, answer_file
from tests.support.shared import SHARED, shared_file

CASES_FILE = SHARED / "sla" / "cases_dev.json"
CASES: list[dict[str, Any]] = json.loads(CASES_FILE.read_text()) if CASES_FILE.exists() else []


@cache
def answers() -> Answers:
    return answer_file(CASES_FILE)


@cache
def comparison() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check", shared_file("sla/check.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_worked_cases_are_here() -> None:
    assert shared_file("sla/cases_dev.json").stat().st_size > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_worked_case_is_answered_as_written_down(case: dict[str, Any]) -> None:
    differences = comparison().check(case, answers().results[case["id"]])

    assert differences == []


def test_no_worked_case_is_unreadable() -> None:
    shared_file("sla/cases_dev.json")

    assert answers().warnings == []


def test_answers_are_json(tmp_path: Path) -> None:
    shared_file("sla/cases_dev.json")
    copy = tmp_path / "answers.json"
    copy.write_text(json.dumps(answers().results))

    assert json.loads(copy.read_text()) == answers().results
