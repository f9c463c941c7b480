"""At which moments people are reminded of a running clock."""

from typing import Any

import pytest

from sync.sla.desk_clocks.loading import RulesFile, load_desk_rules
from sync.sla.desk_clocks.reminders import Moment, Reminder, read_reminder
from sync.sla.desk_clocks.reminding import RunningClock, due_reminders
from tests.support.desk_clocks import second

RULES = load_desk_rules()
ALWAYS = 0


def running(due: str, started: str = "2026-06-01T09:00Z", **changes: Any) -> RunningClock:
    known: dict[str, Any] = {
        "ticket_id": 1,
        "metric": "severity_first_answer",
        "instance": 1,
        "policy_id": "desk/severity@1",
        "policy_title": "First answer of a person",
        "priority": "S2",
        "started_at": second(started),
        "due_at": second(due),
        "target_seconds": second(due) - second(started),
        "breached": False,
    }
    return RunningClock(**(known | changes))


def names(clock: RunningClock, now: str, *, since: int = ALWAYS, rules: Any = RULES) -> list[str]:
    found = due_reminders(clock, rules, since=since, now=second(now))
    return [each.reminder.name for each in found]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-01T09:29:59Z", []),
        ("2026-06-01T09:30:00Z", ["50 %"]),
        ("2026-06-01T09:59:59Z", ["50 %"]),
        ("2026-06-01T10:00:00Z", ["breach"]),
    ],
)
def test_a_severity_clock_reminds_at_half_its_time_and_at_its_breach(
    now: str, expected: list[str]
) -> None:
    assert names(running("2026-06-01T10:00Z"), now) == expected


@pytest.mark.parametrize(
    ("due", "place", "moment"),
    [
        # Wednesday the 8th is the day: Tuesday begins at 20:00 UTC on Monday in Dubai.
        pytest.param("2026-07-08T19:59:59Z", "AE-DU", "2026-07-06T20:00:00Z", id="a working week"),
        # Easter Monday: the business day before is Thursday, for Good Friday is a holiday.
        pytest.param("2026-04-06T22:59:59Z", "GB", "2026-04-01T23:00:00Z", id="over a holiday"),
        pytest.param("2026-06-07T20:59:59Z", "EU", "2026-06-05T21:00:00Z", id="no business days"),
        pytest.param("2026-06-07T20:59:59Z", None, "2026-06-06T20:59:59Z", id="nobody knows where"),
    ],
)
def test_a_regulators_clock_reminds_a_business_day_before(
    due: str, place: str | None, moment: str
) -> None:
    clock = running(
        due,
        "2026-01-01T00:00Z",
        metric="vara_final_answer",
        policy_id="vara/final@1",
        priority=None,
        jurisdiction=place,
    )
    at = second(moment)

    assert [list(due_reminders(clock, RULES, since=ALWAYS, now=at - 1))] == [[]]
    assert [each.step for each in due_reminders(clock, RULES, since=ALWAYS, now=at)] == [
        "final_answer"
    ]


def test_what_came_due_long_ago_is_history() -> None:
    clock = running("2026-06-01T10:00Z")

    assert names(clock, "2026-06-05T10:00Z", since=second("2026-06-02T10:00Z")) == []


def test_a_clock_that_breached_by_a_raise_reminds_of_that_alone() -> None:
    clock = running("2026-06-01T11:00Z", breached=True)

    assert names(clock, "2026-06-01T11:00Z") == ["breach"]


def test_a_new_target_reminds_again_and_a_breach_only_once() -> None:
    calm, urgent = running("2026-06-01T17:00Z"), running("2026-06-01T10:00Z")

    keys = {
        each.key
        for clock in (calm, urgent)
        for now in ("2026-06-01T09:45Z", "2026-06-01T13:30Z", "2026-06-01T18:00Z")
        for each in due_reminders(clock, RULES, since=ALWAYS, now=second(now))
    }

    assert keys == {
        "remind:1:severity_first_answer:1:50%:28800",
        "remind:1:severity_first_answer:1:50%:3600",
        "remind:1:severity_first_answer:1:breach",
    }


def test_the_rules_file_says_when() -> None:
    rules = load_desk_rules(RulesFile("reminders: {severity: [10 min, 90%]}", "rules.yaml"))

    assert names(running("2026-06-01T10:00Z"), "2026-06-01T09:50Z", rules=rules) == ["10 min"]
    assert names(running("2026-06-01T10:00Z"), "2026-06-01T09:55Z", rules=rules) == [
        "10 min",
        "90 %",
    ]


def test_a_reminder_is_read_as_people_write_it() -> None:
    assert read_reminder("breach") == Reminder("breach", Moment.BREACH)
    assert read_reminder("50%") == Reminder("50 %", Moment.SHARE, percent=50)
    assert [read_reminder(text) for text in ("100 %", "2 months", "soon", "0 %")] == [None] * 4
