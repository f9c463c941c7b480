"""Reads scenario files and expands their lines: `{a|b}` is a choice, `<name>` a shared slot.

A scenario file holds blocks. `@ A1 night` opens a scenario with the label and a name; the plain
lines below it each tell what happened, `+` lines may follow one of them, and `*` lines are titles
that a customer could set above it. A phrases file holds blocks `:name` with one alternative a line.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SCENARIO_MARK = "@ "
SLOT_MARK = ":"
DETAIL_MARK = "+ "
TITLE_MARK = "* "


class Scenario(NamedTuple):
    """One kind of complaint: its label, its name, and the lines that tell it."""

    label: str
    name: str
    tellings: list[str]
    details: list[str]
    titles: list[str]


class ScenarioError(ValueError):
    """A line of a scenario or phrases file that cannot be understood."""

    def __init__(self, path: Path, number: int, problem: str) -> None:
        super().__init__(f"{path.name}, line {number}: {problem}")


def read_phrases(path: Path) -> dict[str, list[str]]:
    """Return the alternatives of every shared slot of a phrases file."""
    slots: dict[str, list[str]] = {}
    name = ""
    for number, line in _lines(path):
        if line.startswith(SLOT_MARK):
            name = line[1:]
            slots[name] = []
        elif name:
            _check_braces(path, number, line)
            slots[name].append(line)
        else:
            raise ScenarioError(path, number, "a phrase must stand below a `:slot` line.")
    return slots


def read_scenarios(path: Path) -> list[Scenario]:
    """Return the scenarios of a file in their order."""
    scenarios: list[Scenario] = []
    for number, line in _lines(path):
        _check_braces(path, number, line)
        if line.startswith(SCENARIO_MARK):
            label, _, name = line[2:].partition(" ")
            scenarios.append(Scenario(label, name, [], [], []))
        elif not scenarios:
            raise ScenarioError(path, number, "a line must stand below an `@ label name` line.")
        else:
            _add_line(scenarios[-1], line)
    return scenarios


def expand(text: str, slots: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """Fill every slot and settle every choice, the innermost first."""
    while "<" in text or "{" in text:
        start = max(text.rfind("{"), text.rfind("<"))
        closing = "}" if text[start] == "{" else ">"
        end = text.index(closing, start)
        inner = text[start + 1 : end]
        chosen = rng.choice(inner.split("|") if closing == "}" else slots[inner])
        text = text[:start] + chosen + text[end + 1 :]
    return text


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            yield number, line


def _check_braces(path: Path, number: int, line: str) -> None:
    if line.count("{") != line.count("}") or line.count("<") != line.count(">"):
        raise ScenarioError(path, number, "braces or angle brackets do not pair up.")


def _add_line(scenario: Scenario, line: str) -> None:
    if line.startswith(DETAIL_MARK):
        scenario.details.append(line[2:])
    elif line.startswith(TITLE_MARK):
        scenario.titles.append(line[2:])
    else:
        scenario.tellings.append(line)
