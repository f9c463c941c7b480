"""Ticket metrics, by the calendar and by the office hours of Singapore."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.sandbox.state.hours.business_time import business_minutes
from tests.support.sandbox import Desk

# Tuesday, 09:00 in Singapore
NINE = "2026-03-03T01:00:00Z"


def minutes(calendar: int | None, business: int | None) -> dict[str, int | None]:
    """Return a time as metrics give it."""
    return {"calendar": calendar, "business": business}


def metrics(desk: Desk, ticket_id: int) -> Any:
    """Return the metrics of a ticket."""
    return desk.get(f"tickets/{ticket_id}/metrics")["ticket_metric"]


@pytest.fixture
def agent(desk: Desk) -> int:
    return desk.user_id("priya.nair@example.com")


def test_a_new_ticket_has_waited_for_nothing_that_has_ended(desk: Desk) -> None:
    desk.set_clock(NINE)
    ticket = desk.ticket()
    desk.set_clock("2026-03-03T02:00:00Z")

    found = metrics(desk, ticket["id"])

    assert found["replies"] == 0
    assert found["reply_time_in_minutes"] == minutes(None, None)
    assert found["requester_wait_time_in_minutes"] == minutes(None, None)
    assert found["on_hold_time_in_minutes"] == minutes(0, 0)


def test_first_reply_counts_business_time_over_night(desk: Desk, agent: int) -> None:
    desk.set_clock("2026-03-03T09:30:00Z")  # 17:30 in Singapore: half an hour before closing
    ticket = desk.ticket()
    desk.update(ticket["id"], comment={"body": "a note", "author_id": agent, "public": False})
    desk.set_clock("2026-03-04T01:15:00Z")  # 09:15
    desk.update(ticket["id"], comment={"body": "Hello", "author_id": agent})

    found = metrics(desk, ticket["id"])

    assert found["reply_time_in_minutes"] == minutes(15 * 60 + 45, 45)
    assert found["replies"] == 1


def test_minutes_are_counted_between_whole_seconds(desk: Desk, agent: int) -> None:
    desk.set_clock("2026-03-03T01:00:00.900Z")
    ticket = desk.ticket()
    desk.set_clock("2026-03-03T01:10:00.100Z")
    desk.update(ticket["id"], comment={"body": "Hello", "author_id": agent})

    found = metrics(desk, ticket["id"])

    assert found["reply_time_in_minutes"] == minutes(10, 10)


def test_waiting_is_split_between_requester_agent_and_hold(desk: Desk) -> None:
    desk.set_clock(NINE)
    ticket = desk.ticket()
    for clock, status in (
        ("2026-03-03T01:10:00Z", "pending"),
        ("2026-03-03T01:30:00Z", "hold"),
        ("2026-03-03T02:00:00Z", "solved"),
    ):
        desk.set_clock(clock)
        desk.update(ticket["id"], status=status)

    found = metrics(desk, ticket["id"])

    assert found["requester_wait_time_in_minutes"] == minutes(40, 40)
    assert found["agent_wait_time_in_minutes"] == minutes(20, 20)
    assert found["on_hold_time_in_minutes"] == minutes(30, 30)
    assert found["full_resolution_time_in_minutes"] == minutes(60, 60)
    assert found["solved_at"] == "2026-03-03T02:00:00Z"


def test_a_reopened_ticket_keeps_its_first_resolution(desk: Desk) -> None:
    desk.set_clock(NINE)
    ticket = desk.ticket()
    for clock, status in (
        ("2026-03-03T01:10:00Z", "solved"),
        ("2026-03-03T01:20:00Z", "open"),
        ("2026-03-03T01:40:00Z", "solved"),
    ):
        desk.set_clock(clock)
        desk.update(ticket["id"], status=status)

    found = metrics(desk, ticket["id"])

    assert found["reopens"] == 1
    assert found["first_resolution_time_in_minutes"] == minutes(10, 10)
    assert found["full_resolution_time_in_minutes"] == minutes(40, 40)


def test_stations_count_groups_and_assignees(desk: Desk, agent: int) -> None:
    ticket = desk.ticket(group_id=desk.group_id("Customer Service"))
    desk.update(ticket["id"], assignee_id=agent, group_id=desk.group_id("Account Security"))
    desk.update(ticket["id"], assignee_email="chen.jie@example.com")

    found = metrics(desk, ticket["id"])

    assert (found["group_stations"], found["assignee_stations"]) == (2, 2)


OFFICE = [{"start_time": day * 1440 + 540, "end_time": day * 1440 + 1080} for day in range(1, 6)]


@pytest.mark.parametrize(
    ("zone", "holidays", "start", "end", "expected"),
    [
        pytest.param("UTC", [], (2026, 3, 6, 17), (2026, 3, 9, 10), 120, id="over a weekend"),
        pytest.param(
            "UTC", ["2026-03-03"], (2026, 3, 2, 17), (2026, 3, 4, 10), 120, id="over a holiday"
        ),
        pytest.param("UTC", [], (2026, 3, 7, 0), (2026, 3, 8, 12), 0, id="on a weekend"),
        pytest.param(
            "America/New_York", [], (2026, 3, 8, 0), (2026, 3, 9, 14), 60, id="summer time began"
        ),
    ],
)
def test_business_minutes(
    zone: str,
    holidays: list[str],
    start: tuple[int, int, int, int],
    end: tuple[int, int, int, int],
    expected: int,
) -> None:
    schedule = {
        "time_zone": zone,
        "intervals": OFFICE,
        "holidays": [{"start_date": day, "end_date": day} for day in holidays],
    }

    found = business_minutes(schedule, datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))

    assert found == expected
