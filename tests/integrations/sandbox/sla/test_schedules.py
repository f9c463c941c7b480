"""Schedules and holidays as clients write them, and the time that they count."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.sandbox.state.hours.business_time import open_hours
from integrations.sandbox.state.hours.time_zones import RAILS_ZONES, zone_of
from tests.support.sandbox import Desk, desk_on
from tests.support.shared import shared_file

PATH = "business_hours/schedules"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give a sandbox in the spring of 2026 to all tests."""
    with desk_on() as desk:
        desk.set_clock("2026-03-02T09:00:00Z")
        yield desk


def made(desk: Desk) -> str:
    """Return the path of a new schedule."""
    schedule = desk.post(PATH, {"schedule": {"name": "Desk", "time_zone": "Tokyo"}})["schedule"]
    return f"{PATH}/{schedule['id']}"


def test_a_schedule_has_the_shape_that_was_recorded(desk: Desk) -> None:
    lines = shared_file("zendesk/recorded/sample_records.jsonl").read_text("utf-8").splitlines()
    recorded = next(one["record"] for one in map(json.loads, lines) if one["stream"] == "schedules")

    schedule = desk.get(PATH)["schedules"][0]

    assert set(schedule) == set(recorded)
    assert set(schedule["intervals"][0]) == set(recorded["intervals"][0])


@pytest.mark.parametrize("zone", ["Pacific Time (US & Canada)", "New Caledonia", "Europe/Budapest"])
def test_a_zone_is_named_as_rails_does_or_as_everybody_does(desk: Desk, zone: str) -> None:
    asked = {"schedule": {"name": "Desk", "time_zone": zone}}

    assert desk.post(PATH, asked)["schedule"]["time_zone"] == zone


@pytest.mark.parametrize("zone", ["Atlantis", "America", "../etc/passwd", "x" * 5000, "a\0b"])
def test_an_unknown_zone_is_refused(desk: Desk, zone: str) -> None:
    asked = {"schedule": {"name": "Desk", "time_zone": zone}}

    assert desk.call("POST", PATH, json=asked).status_code == 422


def test_every_name_of_rails_leads_to_a_zone() -> None:
    zones = {name: zone_of(name) for name in RAILS_ZONES}

    west = zones["International Date Line West"]
    assert datetime(2026, 1, 1, tzinfo=west).utcoffset() == timedelta(hours=-12)
    assert len(zones) > 140


def test_a_week_is_set(desk: Desk) -> None:
    path = made(desk)
    week = {"intervals": [{"start_time": 1440, "end_time": 1500}]}

    assert desk.put(f"{path}/workweek", {"workweek": week}) == {"workweek": week}
    assert desk.get(path)["schedule"]["intervals"] == week["intervals"]


def test_the_midnight_that_ends_the_week_may_be_written_as_zero(desk: Desk) -> None:
    week = {"intervals": [{"start_time": 9960, "end_time": 0}]}

    answer = desk.put(f"{made(desk)}/workweek", {"workweek": week})

    assert answer["workweek"]["intervals"] == [{"start_time": 9960, "end_time": 10080}]


@pytest.mark.parametrize(
    ("interval", "status"),
    [
        pytest.param({"start_time": 60, "end_time": 60}, 422, id="empty"),
        pytest.param({"start_time": 1400, "end_time": 1500}, 422, id="spans two days"),
        pytest.param({"start_time": 10000, "end_time": 10100}, 422, id="after the week"),
        pytest.param({"start_time": "a", "end_time": 5}, 400, id="no number"),
        pytest.param({}, 422, id="nothing"),
    ],
)
def test_impossible_intervals_are_refused(
    desk: Desk, interval: dict[str, Any], status: int
) -> None:
    week = {"workweek": {"intervals": [interval]}}

    answer = desk.call("PUT", f"{made(desk)}/workweek", json=week)

    assert answer.status_code == status


def test_holidays_are_made_changed_listed_and_deleted(desk: Desk) -> None:
    path = f"{made(desk)}/holidays"
    asked = {"name": "May Day", "start_date": "2026-05-01", "end_date": "2026-05-02"}
    holiday = desk.post(path, {"holiday": asked})["holiday"]
    one = f"{path}/{holiday['id']}"

    desk.put(one, {"holiday": {"end_date": "2026-05-03"}})

    assert desk.get(one)["holiday"] == holiday | {"end_date": "2026-05-03"}
    assert [
        len(desk.get(path, params=days)["holidays"])
        for days in (
            {},
            {"start_date": "2026-05-03"},
            {"start_date": "2026-05-04"},
            {"end_date": "2026-05-01"},
            {"end_date": "2026-04-30"},
        )
    ] == [1, 1, 0, 1, 0]
    assert desk.call("DELETE", one).status_code == 204
    assert desk.call("GET", one).status_code == 404


@pytest.mark.parametrize(
    "days",
    [
        ("2024-03-01", "2024-03-03"),
        ("2028-03-02", "2028-03-03"),
        ("2026-05-02", "2026-05-01"),
        ("soon", "2026-05-01"),
        ("2026-05-01", None),
    ],
)
def test_impossible_holidays_are_refused(desk: Desk, days: tuple[str, str | None]) -> None:
    holiday = {"name": "H", "start_date": days[0], "end_date": days[1]}

    answer = desk.call("POST", f"{made(desk)}/holidays", json={"holiday": holiday})

    assert answer.status_code == 422


def by_the_minute(schedule: dict[str, Any], start: int, end: int) -> int:
    """Count open seconds by asking every minute what its wall clock shows."""
    zone, total = ZoneInfo(schedule["time_zone"]), 0
    for minute in range(start - start % 60, end, 60):
        wall = datetime.fromtimestamp(minute, UTC).astimezone(zone)
        of_week = wall.isoweekday() % 7 * 1440 + wall.hour * 60 + wall.minute
        day = wall.date().isoformat()
        is_shut = any(one["start_date"] <= day <= one["end_date"] for one in schedule["holidays"])
        if not is_shut and any(
            one["start_time"] <= of_week < one["end_time"] for one in schedule["intervals"]
        ):
            total += min(end, minute + 60) - max(start, minute)
    return total


CHANGES = {  # zone -> an hour before its clocks change
    "Europe/Budapest": datetime(2026, 10, 25, 0, tzinfo=UTC),
    "America/New_York": datetime(2026, 3, 8, 6, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 14, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 9, tzinfo=UTC),
}
INTERVALS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 900)).map(
        lambda pair: {"start_time": pair[0], "end_time": min(pair[0] + pair[1], 10_080)}
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(sorted(CHANGES)),
    intervals=INTERVALS,
    before=st.integers(0, 60_000),
    span=st.integers(1, 130_000),
    is_holiday=st.booleans(),
)
def test_open_seconds_are_exact_where_clocks_change(
    zone: str, intervals: list[dict[str, int]], before: int, span: int, *, is_holiday: bool
) -> None:
    change = CHANGES[zone]
    day = change.astimezone(ZoneInfo(zone)).date().isoformat()
    holidays = [{"start_date": day, "end_date": day}] if is_holiday else []
    schedule = {"time_zone": zone, "intervals": intervals, "holidays": holidays}
    start = int(change.timestamp()) - before
    hours, counted = open_hours(schedule), by_the_minute(schedule, start, start + span)

    due = hours.due(start, counted) if counted else None

    assert hours.seconds(start, start + span) == counted
    if due is not None:
        assert hours.seconds(start, due) == counted
        assert hours.seconds(start, due - 1) == counted - 1
