"""Automations look at every ticket that is not closed, at each full hour of the record clock."""

import pytest

from integrations.sandbox.rules.automations import MOST_TICKETS, Automations
from integrations.sandbox.state.refusals import Refusal
from tests.support.rules import Office, do, when

SOLVED, THREE_DAYS = when("status", "is", "solved"), when("SOLVED", "greater_than", "72")
OPEN = when("status", "less_than", "solved")
NOT_YET = when("current_tags", "not_includes", "hurry")


def test_a_solved_ticket_is_closed_after_its_time(office: Office) -> None:
    automation = office.automation(do("status", "closed"), every=[SOLVED, THREE_DAYS])
    case = office.opens(status="solved")

    office.waits(hours=72)
    assert case.record["status"] == "solved"
    office.waits(hours=1)

    assert case.record["status"] == "closed"
    audit = case.audits[-1]
    assert audit["author_id"] == -1
    assert audit["via"]["source"]["rel"] == "automation"
    assert audit["via"]["source"]["from"]["id"] == automation["id"]
    assert [event["value"] for event in audit["events"] if event["field_name"] == "status"] == [
        "closed"
    ]


def test_hours_that_went_by_are_made_up_for(office: Office) -> None:
    office.automation(do("current_tags", "reminded"), every=[OPEN, when("NEW", "is", "4")])
    case = office.opens()

    office.waits(days=2)

    assert case.record["tags"] == ["reminded"]
    assert case.record["updated_at"] == "2031-03-03T05:00:00Z"
    assert office.account.clock.now().day == 5


def test_nothing_runs_before_the_hour_is_full(office: Office) -> None:
    office.automation(do("current_tags", "seen"), every=[OPEN, when("NEW", "is", "1")])
    case = office.opens()

    office.waits(minutes=59)
    assert case.record["tags"] == []
    office.waits(minutes=1)

    assert case.record["tags"] == ["seen"]


def test_a_ticket_younger_than_an_hour_counts_zero(office: Office) -> None:
    office.automation(do("current_tags", "seen"), every=[OPEN, when("NEW", "is", "0")])
    office.waits(minutes=30)
    case = office.opens()

    office.waits(minutes=30)

    assert case.record["tags"] == ["seen"]


def test_a_promise_that_is_about_to_be_broken_raises_the_alarm(office: Office) -> None:
    soon = when("until_sla_next_breach_at", "less_than", "2")
    office.automation(do("current_tags", "hurry"), every=[OPEN, soon, NOT_YET])
    calm, pressed = office.opens(), office.opens(priority="high")

    office.waits(hours=6)  # the customer of the pressed one waits eight hours at most
    assert pressed.record["tags"] == []
    office.waits(hours=1)

    assert (calm.record["tags"], pressed.record["tags"]) == ([], ["hurry"])


def test_closed_and_deleted_tickets_are_passed_over(office: Office) -> None:
    status = when("status", "greater_than", "new")
    office.automation(do("current_tags", "seen"), every=[status, when("NEW", "is", "1")])
    case = office.opens(status="closed")

    office.waits(hours=2)

    assert case.record["tags"] == []


def test_triggers_see_what_an_automation_changed(office: Office) -> None:
    office.automation(do("priority", "urgent"), every=[OPEN, when("NEW", "is", "2")])
    office.trigger(do("current_tags", "alarmed"), every=[when("priority", "value", "urgent")])
    case = office.opens()

    office.waits(hours=2)

    assert case.record["tags"] == ["alarmed"]


def test_one_run_changes_a_thousand_tickets_at_most(office: Office) -> None:
    office.automation(do("current_tags", "seen"), every=[OPEN, when("NEW", "is", "0")])
    cases = [office.opens() for _ in range(MOST_TICKETS + 3)]

    Automations(office.account).run()

    assert sum(case.record["tags"] == ["seen"] for case in cases) == MOST_TICKETS


def test_an_inactive_automation_does_nothing(office: Office) -> None:
    office.automation(
        do("status", "closed"), every=[SOLVED, when("SOLVED", "is", "1")], active=False
    )
    case = office.opens(status="solved")

    office.waits(hours=3)

    assert case.record["status"] == "solved"


@pytest.mark.parametrize(
    ("conditions", "wanted"),
    [
        ([SOLVED], "time-based condition"),
        ([when("SOLVED", "is", "1")], "at least one of the following conditions"),
        ([OPEN, when("NEW", "greater_than", "1")], "nullifies"),
    ],
)
def test_an_automation_that_would_run_for_ever_is_refused(
    office: Office, conditions: list[dict[str, str]], wanted: str
) -> None:
    with pytest.raises(Refusal) as refused:
        office.automation(do("current_tags", "seen"), every=conditions)

    assert wanted in refused.value.body["details"]["base"][0]["description"]
