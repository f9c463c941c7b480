"""docs/peers.md lists every complaint with the tests that show it; this file keeps it true."""

import ast
import re
from pathlib import Path

from tests.support.shared import ROOT

PAGE = ROOT / "docs" / "peers.md"
FOLDER = Path(__file__).parent
NAME = re.compile(r"test_complaint_(\d\d)_\w+")
COMPLAINTS = range(1, 29)


def complaints() -> dict[int, list[tuple[str, str, str]]]:
    """Return by number: peers, what went wrong there, and the test as `file::name`."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    for path in sorted(FOLDER.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (named := NAME.fullmatch(node.name)):
                peers, _, wrong = (ast.get_docstring(node) or "").partition(": ")
                number, test = int(named.group(1)), f"{path.name}::{node.name}"
                found.setdefault(number, []).append((peers, wrong.rstrip("."), test))
    return found


def table() -> str:
    """Return the page's table: one row for each test."""
    lines = ["| | where | what went wrong there | shown by |", "|---|---|---|---|"]
    for number, tests in sorted(complaints().items()):
        lines += [
            f"| {number} | {peers} | {wrong} | `{test.partition('::')[2]}` |"
            for peers, wrong, test in tests
        ]
    return "\n".join(lines)


def test_every_complaint_has_a_test_of_its_number() -> None:
    assert sorted(complaints()) == list(COMPLAINTS)


def test_the_page_lists_them_as_the_tests_tell_them() -> None:
    assert table() in PAGE.read_text("utf-8"), f"the table is now:\n{table()}"
