from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from riskdesk.demo.summary import Deliveries, DraftRow, FamilyRow, SlaRow, TextResult
from riskdesk.demo.tally import (
    Findings,
    agreement,
    checks,
    draft_rows,
    escalation_rows,
    family_rows,
    sla_rows,
)

NINE = datetime(2026, 3, 3, 1, tzinfo=UTC)
SEVEN = NINE + timedelta(hours=10)


def make_result(**changes: Any) -> TextResult:
    usual: dict[str, Any] = {
        "id": "en-1",
        "ticket_id": 1,
        "language": "en",
        "family": "F",
        "reason": "F1",
        "severity": "S3",
        "confidence": 0.9,
        "abstained": False,
        "draft": "f1_en",
    }
    return TextResult(**usual | changes)


def left_to_a_person(**changes: Any) -> TextResult:
    nothing = {"family": None, "reason": None, "abstained": True, "draft": None}
    return make_result(**nothing | changes)


def make_escalation(*, answered_min: int | None = None, **changes: Any) -> dict[str, Any]:
    answered_at = None if answered_min is None else NINE + timedelta(minutes=answered_min)
    usual = {
        "queue": "PAY",
        "state": "open" if answered_at is None else "answered",
        "opened_at": NINE,
        "due_at": NINE + timedelta(hours=1),
        "answered_at": answered_at,
    }
    return usual | changes


def make_clock(**changes: Any) -> dict[str, Any]:
    usual = {
        "metric": "first_reply_time",
        "target_seconds": 900,
        "breached": False,
        "state": "achieved",
    }
    return usual | changes


def make_findings(**changes: Any) -> Findings:
    usual: dict[str, Any] = {
        "complaints": 2,
        "refused": 0,
        "results": (make_result(), left_to_a_person(ticket_id=2, draft="clarify")),
        "deleted": frozenset[int](),
        "deliveries": Deliveries(events=9, received=9, duplicates=0, lost=2, caught_up=2),
        "unhandled": 0,
        "repeated_effects": 0,
        "dead_letters": 0,
        "mirror_differences": 0,
        "sla_differences": 0,
        "secrets_shown": 0,
    }
    return Findings(**usual | changes)


def failed(findings: Findings) -> list[str]:
    return [check.name for check in checks(findings) if not check.passed]


def test_families_are_counted_by_language_and_abstentions_come_last() -> None:
    rows = family_rows(
        [
            left_to_a_person(language="zh"),
            make_result(),
            make_result(language="zh-Hans", draft=None),
            make_result(language=None),
            make_result(family="A"),
        ]
    )

    assert rows == (
        FamilyRow(family="A", english=1, chinese=0, other=0, drafted=1),
        FamilyRow(family="F", english=1, chinese=1, other=1, drafted=2),
        FamilyRow(family=None, english=0, chinese=1, other=0, drafted=0),
    )
    assert rows[1].total == 3


def test_family_that_the_tables_do_not_know_is_still_counted() -> None:
    assert [row.family for row in family_rows([make_result(family="Z")])] == ["Z"]


def test_text_that_became_no_ticket_is_not_counted() -> None:
    assert family_rows([make_result(ticket_id=None)]) == ()


def test_drafts_are_ranked_by_use() -> None:
    results = [make_result(draft=slug) for slug in ("b", "a", "b", None)]

    assert draft_rows(results) == (DraftRow(slug="b", drafts=2), DraftRow(slug="a", drafts=1))


def test_escalations_are_counted_by_department() -> None:
    pay, legal = escalation_rows(
        [
            make_escalation(answered_min=60),
            make_escalation(answered_min=61),
            make_escalation(state="withdrawn"),
            make_escalation(queue="LGL", due_at=SEVEN + timedelta(hours=1)),
        ],
        now=SEVEN,
    )

    assert (pay.queue, pay.opened, pay.answered, pay.withdrawn, pay.open) == ("PAY", 3, 2, 1, 0)
    assert (pay.late, pay.median_answer_s) == (1, 3600)
    assert (legal.open, legal.late, legal.median_answer_s) == (1, 0, None)


def test_open_escalation_past_its_due_time_is_late() -> None:
    (row,) = escalation_rows([make_escalation()], now=SEVEN)

    assert row.late == 1


def test_clocks_with_a_target_are_counted_by_outcome() -> None:
    rows = sla_rows(
        [
            make_clock(),
            make_clock(breached=True, state="active"),
            make_clock(state="paused"),
            make_clock(target_seconds=None),
            make_clock(metric="agent_work_time", state="active"),
        ]
    )

    assert rows == (
        SlaRow(metric="agent_work_time", met=0, breached=0, running=1),
        SlaRow(metric="first_reply_time", met=1, breached=1, running=1),
    )
    assert rows[0].attainment is None
    assert rows[1].attainment == 0.5


def test_all_promises_kept() -> None:
    assert failed(make_findings()) == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        pytest.param({"complaints": 3}, "every complaint became a ticket", id="one lost"),
        pytest.param({"refused": 1}, "every complaint became a ticket", id="a step refused"),
        pytest.param(
            {"unhandled": 1},
            "every change was handled, though deliveries were lost",
            id="one not handled",
        ),
        pytest.param(
            {"results": (make_result(family=None), make_result())},
            "every complaint was classified, or left to a person on purpose",
            id="neither family nor abstention",
        ),
        pytest.param(
            {"results": (make_result(draft=None), make_result())},
            "every complaint has exactly one draft in Zendesk",
            id="no draft",
        ),
        pytest.param({"repeated_effects": 1}, "nothing was done twice in Zendesk", id="done twice"),
        pytest.param({"dead_letters": 1}, "no work was given up", id="given up"),
        pytest.param(
            {"mirror_differences": 1}, "the warehouse equals Zendesk, row by row", id="mirror"
        ),
        pytest.param(
            {"sla_differences": 1}, "first replies take as long as Zendesk says", id="clocks"
        ),
        pytest.param({"secrets_shown": 1}, "no secret can be read in notes or logs", id="a secret"),
    ],
)
def test_broken_promise_fails_its_check_alone(changes: dict[str, Any], name: str) -> None:
    assert failed(make_findings(**changes)) == [name]


def test_a_deleted_ticket_needs_no_draft() -> None:
    results = (make_result(draft=None), left_to_a_person(ticket_id=2, draft="clarify"))

    assert failed(make_findings(results=results, deleted=frozenset({1}))) == []


def test_agreement_counts_labelled_texts_and_wanted_abstentions() -> None:
    results = [
        make_result(expected="F"),
        make_result(expected="A"),
        left_to_a_person(expected="abstain"),
        make_result(expected="abstain"),
        make_result(expected=None),
    ]

    assert agreement(results) == (2, 4)
