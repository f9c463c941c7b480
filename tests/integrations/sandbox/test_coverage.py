"""The page about the sandbox says what it covers, and its examples work."""

import json
import re
import sys
from collections import Counter, defaultdict
from typing import Any

from integrations.sandbox.faults import parse_faults
from integrations.sandbox.routes import API_ROUTES
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.wire.routing import RouteTree
from tests.support.openapi import METHODS, OAS, PREFIX, covered, spec
from tests.support.shared import ROOT, SHARED, shared_file

RECORDED = "zendesk/recorded/interactions.jsonl"
PAGE = ROOT / "docs" / "sandbox.md"
START, END = "<!-- coverage: written by test_coverage.py -->\n", "<!-- end of coverage -->\n"
# What recordings show and the sandbox does otherwise, with the reason; nothing else may differ.
DIFFERING: dict[str, str] = {}
# Operations of the OpenAPI file that no desk of this kind uses, by the first word of their path.
LEFT_OUT = "not part of a risk desk's work"


def recorded_routes() -> dict[str, Counter[str]]:
    """Return how often each recorded route answered with each status."""
    routes: dict[str, Counter[str]] = defaultdict(Counter)
    for line in (SHARED / RECORDED).read_text("utf-8").splitlines():
        row = json.loads(line)
        path = re.sub(r"\.json$", "", row["route"].removeprefix(PREFIX))
        routes[f"{row['method']} {path}"][str(row["status"])] += 1
    return routes


def is_covered(route: str) -> bool:
    """Tell whether the sandbox has this route."""
    method, _, path = route.partition(" ")
    try:
        RouteTree(API_ROUTES).find(method, re.sub(r"\{\w+\}", "1", path))
    except Refusal:
        return False
    return True


def recorded_table() -> list[str]:
    """Return the table of recorded routes as lines of Markdown."""
    lines = ["| recorded route | answers | the sandbox |", "|---|---|---|"]
    for route, statuses in sorted(recorded_routes().items()):
        counts = ", ".join(f"{n} × {status}" for status, n in sorted(statuses.items()))
        answer = "not covered"
        if is_covered(route):
            answer = f"differs: {DIFFERING[route]}" if route in DIFFERING else "the same"
        lines.append(f"| `{route}` | {counts} | {answer} |")
    return lines


def file_table() -> list[str]:
    """Return the table of the OpenAPI file's operations as lines of Markdown."""
    everything: Counter[str] = Counter()
    for path, item in spec()["paths"].items():
        everything[_area(path)] += sum(method in item for method in METHODS)
    here = Counter(_area(one.path) for one in covered())
    lines = ["| operations of the OpenAPI file | covered |", "|---|---|"]
    for area, total in sorted(everything.items()):
        if here[area]:
            lines.append(f"| {area} | {here[area]} of {total} |")
    absent = sorted(area for area in everything if not here[area])
    sentence = f"{sum(here.values())} of {sum(everything.values())} operations. "
    sentence += f"Not covered at all ({LEFT_OUT}): {', '.join(absent)}."
    return [*lines, "", sentence]


def _area(path: str) -> str:
    words: Any = path.removeprefix(PREFIX).removeprefix("/api/lotus/").split("/")
    return "/".join(words[:2]) if words[0] in ("channels", "slas", "group_slas") else words[0]


def test_the_page_about_the_sandbox_tells_what_is_covered() -> None:
    shared_file(RECORDED)
    shared_file(OAS)
    table = "\n".join([*recorded_table(), "", *file_table(), ""])
    sys.stdout.write(table)

    _, start, rest = PAGE.read_text("utf-8").partition(START)
    written, end, _ = rest.partition(END)

    assert (bool(start), bool(end)) == (True, True), f"{PAGE} has no place for the table"
    assert written == table, f"write this between the marks in {PAGE}:\n{table}"


def test_the_faults_on_the_page_can_be_used() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)

    faults = parse_faults(example.encode())

    assert (len(faults.api.rules), faults.webhooks.reordered) == (9, 0.1)
