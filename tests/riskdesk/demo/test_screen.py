import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from riskdesk.demo.screen import render
from riskdesk.demo.summary import (
    BadLine,
    Check,
    Deliveries,
    DraftRow,
    EscalationRow,
    FamilyRow,
    SlaRow,
    Summary,
    TextResult,
)

NINE = datetime(2026, 3, 3, 1, tzinfo=UTC)
SUMMARY = Summary(
    complaints=200,
    steps=815,
    day_start=NINE,
    day_end=NINE + timedelta(hours=10),
    duration_s=41.4,
    bad_lines=tuple(BadLine(number=n, why="not JSON") for n in range(1, 8)),
    results=(
        TextResult(
            id="zh-001",
            ticket_id=5,
            language="zh",
            family="A",
            reason="A1",
            severity="S1",
            confidence=0.97,
            abstained=False,
            words=("被盗",),
            queue="SEC",
            draft="a1_zh",
            escalated="SEC",
            expected="A",
        ),
    ),
    families=(
        FamilyRow(family="A", english=11, chinese=1208, other=0, drafted=1219),
        FamilyRow(family=None, english=4, chinese=4, other=1, drafted=0),
    ),
    drafts=tuple(DraftRow(slug=f"macro_{n:02}", drafts=40 - n) for n in range(20)),
    escalations=(
        EscalationRow(
            queue="SEC", opened=9, answered=6, withdrawn=1, open=2, late=3, median_answer_s=3_840
        ),
    ),
    sla=(
        SlaRow(metric="first_reply_time", met=97, breached=3, running=20),
        SlaRow(metric="agent_work_time", met=0, breached=0, running=4),
    ),
    deliveries=Deliveries(events=1400, received=1390, duplicates=12, lost=10, caught_up=10),
    checks=(Check(name="the mirror equals Zendesk", passed=True, detail="0 differences"),),
)


def shown(summary: Summary, *, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    render(summary, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "200 complaints and 815 steps of a 10-hour working day, played in 41 s",
        "A Account takeover 11 1,208 · 1,219 1,219",
        "1 of 1 as the author of the text meant it",
        "8 more",
        "Account Security 9 6 1 2 3 1 h 04 min",
        "first reply time 97 3 20 97.0%",
        "agent work time · · 4 –",
        "1,400 1,390 12 10 10",
        "and 2 more (all of them with --json)",
        "ok the mirror equals Zendesk 0 differences",
        "All 1 checks passed.",
    ],
)
def test_tells(words: str) -> None:
    assert words in " ".join(shown(SUMMARY).split())


def test_failed_check_is_told_in_the_last_line() -> None:
    broken = replace(SUMMARY, checks=(Check(name="x", passed=False, detail="3 lost"),))

    assert shown(broken).rstrip().endswith("1 of 1 checks failed.")
    assert not broken.passed


def test_no_line_is_wider_than_a_hundred_columns() -> None:
    lines = shown(SUMMARY, width=220).splitlines()

    assert max(cell_len(line) for line in lines) <= 100


def test_words_in_brackets_are_shown_as_they_are() -> None:
    lines = (BadLine(number=1, why="[red]not JSON[/red]"),)

    assert "[red]not JSON[/red]" in shown(replace(SUMMARY, bad_lines=lines))


def test_empty_tables_are_left_out() -> None:
    text = shown(replace(SUMMARY, sla=(), escalations=(), drafts=(), bad_lines=()))

    assert "SLA clocks" not in text
    assert "Escalations" not in text
    assert "Checks" in text


def test_summary_is_one_json_document() -> None:
    document = msgspec.json.decode(msgspec.json.encode(SUMMARY))

    assert document["results"][0]["words"] == ["被盗"]
    assert document["checks"][0]["passed"] is True
    assert msgspec.json.decode(msgspec.json.encode(SUMMARY), type=Summary) == SUMMARY
