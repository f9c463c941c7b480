"""Reports on SLA clocks from a small warehouse, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import reading
from sync.reports.attainment import Attainment, Span, read_attainment
from sync.reports.dimensions import By
from sync.reports.forecast import Forecaster
from sync.reports.plain import as_plain
from sync.reports.recent import opening_hours, past_clocks, recent_runs
from sync.reports.report import Report, build_report
from sync.reports.risks import expected_breaches, read_risks
from sync.warehouse.tables.marks import ticket_marks
from sync.warehouse.tables.sla import schedule_openings, sla_differences
from tests.support.mirror import NOON
from tests.support.warehouse import ANA, hour, put, put_clock, put_people, put_ticket

FIRST, WAIT = "first_reply_time", "requester_wait_time"
UNKNOWN = {"started_at": None, "elapsed_seconds": None, "breached": None, "target_seconds": None}


@pytest.fixture
def desk(any_engine: Engine) -> Engine:
    """Two groups' tickets: 1 and 2 met, 3 missed, 4 open, 5 unknown, 6 missed and still runs."""
    put_people(any_engine)
    for ticket_id in range(1, 7):
        put_ticket(any_engine, ticket_id, assignee_id=ANA if ticket_id < 4 else None)
        marks = {"severity": "S1" if ticket_id % 2 else "S2", "read_at": NOON}
        put(any_engine, ticket_marks, {"ticket_id": ticket_id} | marks)
    for ticket_id, ended in ((1, 1), (2, 25)):
        put_clock(any_engine, ticket_id, FIRST, "achieved", fulfilled_at=hour(ended))
    late: dict[str, Any] = {"breached": True, "breach_at": hour(2)}
    put_clock(any_engine, 3, FIRST, "achieved", **late, fulfilled_at=hour(3))
    put_clock(any_engine, 4, FIRST, "active", due_at=hour(50), computed_at=hour(1))
    put_clock(any_engine, 5, FIRST, "unknown", **UNKNOWN, unknown_reason="a schedule is gone")
    put_clock(any_engine, 6, WAIT, "active", **late, due_at=hour(2))
    return any_engine


def report_of(engine: Engine, *by: By, **span: Any) -> Report:
    with reading(engine) as connection:
        return build_report(connection, now=hour(48), by=by, span=Span(**span))


def counts(rows: list[Attainment], by: By) -> dict[Any, tuple[int, int, int, int]]:
    return {row.group[by]: (row.achieved, row.breached, row.open, row.unknown) for row in rows}


def test_attainment_is_grouped_by_what_is_asked(desk: Engine) -> None:
    with reading(desk) as connection:
        by_metric = read_attainment(connection, [By.METRIC], Span())
        by_severity = read_attainment(connection, [By.SEVERITY], Span())
        by_agent = read_attainment(connection, [By.AGENT], Span())

    assert counts(by_metric, By.METRIC) == {FIRST: (2, 1, 1, 1), WAIT: (0, 1, 0, 0)}
    assert counts(by_severity, By.SEVERITY) == {"S1": (1, 1, 0, 1), "S2": (1, 1, 1, 0)}
    assert counts(by_agent, By.AGENT) == {"Ana": (2, 1, 0, 0), None: (0, 1, 1, 1)}
    assert by_metric[0].share == pytest.approx(2 / 3)


def test_a_report_can_be_grouped_by_every_dimension_and_by_all_at_once(desk: Engine) -> None:
    with reading(desk) as connection:
        for by in (*([one] for one in By), list(By)):
            rows = read_attainment(connection, by, Span())
            assert sum(row.achieved for row in rows) == 2, by


def test_a_span_has_what_was_decided_in_it(desk: Engine) -> None:
    first_day = report_of(desk, By.METRIC, until=hour(12))
    later = report_of(desk, By.METRIC, since=hour(12))

    assert sum(row.decided for row in first_day.rows) == 3
    assert [row.achieved for row in later.rows] == [1]


def test_zendesks_verdict_stands_beside_ours(desk: Engine) -> None:
    put_clock(desk, 1, "severity_first_answer", "achieved", source="desk", fulfilled_at=hour(1))
    known = {"cause": "late_event", "detail": "", "found_at": NOON, "checked_at": NOON}
    for ticket_id, field, ours, theirs in (
        (1, "breached", "false", "true"),
        (2, "clock", "achieved", "none"),
        (3, "breached", "true", "false"),
        (4, "state", "active", "achieved"),
    ):
        figures = {"ticket_id": ticket_id, "metric": FIRST, "instance": 1, "field": field}
        put(desk, sla_differences, known | figures | {"ours": ours, "zendesk": theirs})
    with reading(desk) as connection:
        rows = read_attainment(connection, [By.METRIC], Span())
    found = {row.group[By.METRIC]: (row.zendesk_achieved, row.zendesk_breached) for row in rows}

    assert found == {FIRST: (2, 1), WAIT: (0, 1), "severity_first_answer": (0, 0)}


def test_unknown_clocks_are_counted_by_reason(desk: Engine) -> None:
    assert report_of(desk).unknown == [("a schedule is gone", 1)]


def test_breached_clocks_need_no_forecast_and_others_get_one(desk: Engine) -> None:
    late, running = report_of(desk).risks  # at hour 48

    assert (late.clock["ticket_id"], late.breached, late.forecast) == (6, True, None)
    assert (running.clock["ticket_id"], running.breached) == (4, False)
    assert expected_breaches([late, running]) == (
        running.forecast.probability if running.forecast else -1
    )


def test_a_clock_that_ran_on_since_it_was_computed_is_asked_about_as_it_is_now(
    any_engine: Engine,
) -> None:
    put_ticket(any_engine, 1)
    known = {"due_at": hour(9), "computed_at": NOON, "target_seconds": 7200}
    put_clock(any_engine, 1, FIRST, "active", **known)
    hours = {"business_hours": True, "schedule_id": 5, "schedule_version": 0}
    put_clock(any_engine, 1, WAIT, "active", **known, **hours)
    put_clock(any_engine, 1, "agent_work_time", "active", **known | {"due_at": hour(1)})
    opening = {"opens_at": hour(1), "closes_at": hour(3), "open_seconds_before": 0}
    put(any_engine, schedule_openings, {"schedule_id": 5, "schedule_version": 0} | opening)
    with reading(any_engine) as connection:
        found = opening_hours(connection)
        runs = recent_runs(connection, found, now=hour(1.5))
        risks = read_risks(connection, Forecaster(runs), found, now=hour(1.5))

    assert {run.kind.metric: run.seconds for run in runs} == {
        FIRST: 60 + 5400,
        WAIT: 60 + 1800,
        "agent_work_time": 60 + 5400,
    }
    assert [(risk.clock["metric"], risk.breached) for risk in risks] == [
        ("agent_work_time", True),  # its deadline passed after it was computed
        (FIRST, False),
        (WAIT, False),
    ]


def test_recent_clocks_tell_how_long_they_ran_and_whether_they_ended(desk: Engine) -> None:
    with reading(desk) as connection:
        runs = recent_runs(connection, {}, now=hour(48))
        past = past_clocks(connection, {}, now=hour(48))
        old = recent_runs(connection, {}, now=hour(48) + timedelta(days=60))

    assert sorted((run.kind.metric, run.seconds, run.ended) for run in runs) == [
        *[(FIRST, 60, True)] * 3,
        (FIRST, 60 + 47 * 3600, False),
        (WAIT, 60 + 48 * 3600, False),
    ]
    assert [clock.breached is not None for clock in past] == [False, False, True, False, True]
    assert old == []


def test_machines_get_the_whole_report(desk: Engine) -> None:
    told = as_plain(report_of(desk, By.DAY))

    assert told["attainment"][0] == {
        "day": "2025-03-03",
        "achieved": 1,
        "breached": 2,
        "open": 1,
        "unknown": 1,
        "share": pytest.approx(1 / 3),
        "zendesk_share": pytest.approx(1 / 3),
    }
    assert told["unknown"] == [{"reason": "a schedule is gone", "clocks": 1}]
    assert told["at_risk"][0]["due_at"] == "2025-03-03T14:00:00Z"
    assert {one["kpi"] for one in told["kpis"]} >= {"first_reply", "sla_attainment"}


def test_an_empty_warehouse_has_an_empty_report(any_engine: Engine) -> None:
    report = report_of(any_engine)

    assert (report.rows, report.risks, report.calibration, report.as_of) == ([], [], None, None)
    assert as_plain(report)["forecast"] is None
