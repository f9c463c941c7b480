"""Until when departments answer, by the rules and in the account's business hours."""

from datetime import UTC, datetime, timedelta

import pytest

from automations.escalations.queues import QUEUES, SEVERITIES, SHIPPED, Departments
from sync.sla.desk_clocks.loading import RulesFile, load_desk_rules
from sync.sla.schedules import BusinessTime
from tests.support.sla import OFFICE_HOURS

# A Friday, five in the afternoon in Budapest: the office closes.
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)
OFFICE = BusinessTime(OFFICE_HOURS)
DESK = Departments(load_desk_rules(), lambda: lambda _name, _at: OFFICE)


@pytest.mark.parametrize("code", QUEUES)
def test_a_department_answers_sooner_the_worse_it_is(code: str) -> None:
    due = [SHIPPED.due(code, severity, FRIDAY) for severity in SEVERITIES]

    assert due == sorted(due)
    assert due[0] == FRIDAY + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("queue", "severity", "due"),
    [
        pytest.param("SEC", "S1", FRIDAY + timedelta(minutes=15), id="urgent: round the clock"),
        pytest.param("SEC", "S3", datetime(2026, 3, 9, 16, tzinfo=UTC), id="calm: on Monday"),
        pytest.param("LGL", "S3", datetime(2026, 3, 11, 16, tzinfo=UTC), id="casework: three days"),
    ],
)
def test_calm_cases_wait_for_the_office(queue: str, severity: str, due: datetime) -> None:
    assert DESK.due(queue, severity, FRIDAY) == due


def test_without_known_hours_every_hour_counts() -> None:
    assert SHIPPED.due("SEC", "S3", FRIDAY) == FRIDAY + timedelta(hours=8)


def test_a_department_that_the_rules_lost_answers_as_the_desk_does() -> None:
    assert SHIPPED.due("OLD", "S2", FRIDAY) == FRIDAY + timedelta(hours=1)


def test_the_rules_file_names_the_groups_in_zendesk() -> None:
    renamed = """
departments:
  - {code: PAY, name_en: Wallet Desk, name_zh: 钱包, hours: always,
     times: {S1: 5 min, S2: 1 h, S3: 2 h, S4: 3 h}}
"""
    departments = Departments(load_desk_rules(RulesFile(renamed, "rules.yaml")))

    assert departments.queues["PAY"].group_name == "Wallet Desk"
    assert departments.due("PAY", "S1", FRIDAY) == FRIDAY + timedelta(minutes=5)
    assert departments.queues["SEC"].group_name == "Account Security"
