"""Business time when clocks change, at the edges of intervals, and for anybody's week."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.runtime.errors import BadRecord
from sync.sla.schedules import CALENDAR, BusinessTime, to_second
from tests.support.sla import OFFICE_HOURS

HOUR = 3600
# Zones with summer time, half hours, quarter hours, a half-hour summer time, and a lost day.
ZONES = (
    "Europe/Budapest",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
)
# Days around which some of these zones change their clocks.
CHANGES = (
    datetime(2011, 12, 30, tzinfo=UTC),
    datetime(2026, 2, 15, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def week(*intervals: tuple[int, int], zone: str = "UTC", closed: Any = ()) -> BusinessTime:
    return BusinessTime(
        {
            "time_zone": zone,
            "intervals": [{"start_time": start, "end_time": end} for start, end in intervals],
            "holidays": [{"start_date": first, "end_date": last} for first, last in closed],
        }
    )


def test_nothing_counts_at_night() -> None:
    office = BusinessTime(OFFICE_HOURS)

    assert office.business_seconds(utc("2026-03-02T17:00"), utc("2026-03-03T07:00")) == 0


def test_a_target_that_fits_exactly_is_due_at_closing_time() -> None:
    office = BusinessTime(OFFICE_HOURS)

    assert office.due_at(utc("2026-03-06T08:00"), 8 * HOUR) == utc("2026-03-06T16:00")


def test_one_more_second_is_due_after_the_weekend() -> None:
    office = BusinessTime(OFFICE_HOURS)

    assert office.due_at(utc("2026-03-06T08:00"), 8 * HOUR + 1) == utc("2026-03-09T08:00:01")


def test_the_hour_that_spring_skips_counts_nothing() -> None:
    night = week((0, 6 * 60), zone="Europe/Budapest")

    assert night.business_seconds(utc("2026-03-28T12:00"), utc("2026-03-29T12:00")) == 5 * HOUR


def test_the_hour_that_autumn_repeats_counts_twice() -> None:
    night = week((0, 6 * 60), zone="Europe/Budapest")

    assert night.business_seconds(utc("2026-10-24T12:00"), utc("2026-10-25T12:00")) == 7 * HOUR


def test_an_interval_inside_the_repeated_hour_opens_twice() -> None:
    short = week((2 * 60, 2 * 60 + 30), zone="Europe/Budapest")

    assert short.due_at(utc("2026-10-25T00:00"), HOUR) == utc("2026-10-25T01:30")


def test_an_interval_inside_the_skipped_hour_waits_a_week() -> None:
    short = week((2 * 60, 2 * 60 + 30), zone="Europe/Budapest")

    assert short.due_at(utc("2026-03-29T00:00"), 60) == utc("2026-04-05T00:01")


def test_round_the_clock_is_calendar_time() -> None:
    start, end = utc("2026-03-28T12:00"), utc("2026-10-28T12:00")
    always = week((0, 10080), zone="America/New_York")

    assert always.business_seconds(start, end) == CALENDAR.seconds(to_second(start), to_second(end))


def test_a_holiday_cuts_a_night_shift_at_midnight() -> None:
    shift = week((1440 + 22 * 60, 2880 + 6 * 60), closed=[("2026-03-03", "2026-03-03")])

    assert shift.business_seconds(utc("2026-03-02T12:00"), utc("2026-03-04T12:00")) == 2 * HOUR


def test_a_holiday_starts_at_local_midnight() -> None:
    always = week((0, 10080), zone="Asia/Kathmandu", closed=[("2026-03-03", "2026-03-03")])

    assert always.due_at(utc("2026-03-02T18:14"), 61) == utc("2026-03-03T18:15:01")


def test_a_long_closure_is_waited_out() -> None:
    office = BusinessTime(
        OFFICE_HOURS | {"holidays": [{"start_date": "2026-01-01", "end_date": "2029-12-31"}]}
    )

    assert office.due_at(utc("2026-03-02T12:00"), 60) == utc("2030-01-01T08:01")


def test_overlapping_intervals_count_once() -> None:
    doubled = week((60, 180), (120, 240))

    assert doubled.business_seconds(utc("2026-03-01T00:00"), utc("2026-03-02T00:00")) == 3 * HOUR


def test_a_span_that_ends_before_it_starts_is_empty() -> None:
    assert BusinessTime(OFFICE_HOURS).business_seconds(utc("2026-03-03"), utc("2026-03-02")) == 0


@pytest.mark.parametrize(
    "time",
    [
        pytest.param(week(), id="no interval"),
        pytest.param(week((600, 600)), id="an interval of no length"),
        pytest.param(week((0, 60), closed=[("1970-01-01", "9999-12-31")]), id="always a holiday"),
    ],
)
def test_a_schedule_that_never_opens_is_never_due(time: BusinessTime) -> None:
    assert time.due_at(utc("2026-03-02"), 60) is None


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        pytest.param("Pacific Time (US & Canada)", "America/Los_Angeles", id="Rails name"),
        pytest.param("New Caledonia", "Pacific/Noumea", id="Rails name of an island"),
        pytest.param("Budapest", "Europe/Budapest", id="Rails name of a city"),
        pytest.param("Europe/Budapest", "Europe/Budapest", id="IANA key"),
    ],
)
def test_zendesk_zone_names_are_understood(name: str, zone: str) -> None:
    start = utc("2026-03-02T00:00")

    assert week((1980, 2460), zone=name).due_at(start, 60) == week((1980, 2460), zone=zone).due_at(
        start, 60
    )


@pytest.mark.parametrize("zone", ["Atlantis", "../secret", "Europe", "a" * 300])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(BadRecord) as caught:
        week((0, 60), zone=zone)

    assert "unknown" in caught.value.message


@pytest.mark.parametrize(
    "interval", [(-1, 60), (0, 10081), (120, 60), (None, 60), ("0", "60")], ids=str
)
def test_an_interval_outside_the_week_is_refused(interval: Any) -> None:
    with pytest.raises(BadRecord) as caught:
        week(interval)

    assert "0 to 10080" in caught.value.hint


def test_a_holiday_without_a_date_is_refused() -> None:
    with pytest.raises(BadRecord) as caught:
        week((0, 60), closed=[("soon", "later")])

    assert "YYYY-MM-DD" in caught.value.hint


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    edges = st.integers(0, 10080)
    intervals = draw(st.lists(st.tuples(edges, edges).map(sorted), max_size=6))
    around = draw(st.sampled_from(CHANGES)).date()
    offsets = st.integers(-3, 3).map(lambda days: around + timedelta(days=days))
    closed = draw(st.lists(st.tuples(offsets, offsets).map(sorted), max_size=2))
    return {
        "time_zone": draw(st.sampled_from(ZONES)),
        "intervals": [{"start_time": a, "end_time": b} for a, b in intervals],
        "holidays": [{"start_date": a.isoformat(), "end_date": b.isoformat()} for a, b in closed],
    }


def moments() -> st.SearchStrategy[int]:
    around = st.integers(-3 * 86_400, 3 * 86_400)
    return st.tuples(st.sampled_from(CHANGES), around).map(
        lambda pair: to_second(pair[0]) + pair[1]
    )


def counts(schedule: dict[str, Any], second: int) -> bool:
    """Judge one real second by its wall clock alone."""
    wall = datetime.fromtimestamp(second, ZoneInfo(schedule["time_zone"]))
    minute = (wall.weekday() + 1) % 7 * 1440 + wall.hour * 60 + wall.minute
    return any(
        i["start_time"] <= minute < i["end_time"] for i in schedule["intervals"]
    ) and not any(
        date.fromisoformat(h["start_date"]) <= wall.date() <= date.fromisoformat(h["end_date"])
        for h in schedule["holidays"]
    )


@settings(deadline=None, max_examples=60)
@given(schedule=schedules(), start=moments(), length=st.integers(0, 4000))
def test_business_time_equals_a_walk_second_by_second(
    schedule: dict[str, Any], start: int, length: int
) -> None:
    walked = sum(counts(schedule, second) for second in range(start, start + length))

    assert BusinessTime(schedule).seconds(start, start + length) == walked


@settings(deadline=None, max_examples=60)
@given(schedule=schedules(), start=moments(), days=st.integers(1, 5))
def test_business_time_of_days_equals_a_walk_minute_by_minute(
    schedule: dict[str, Any], start: int, days: int
) -> None:
    first = start - start % 60  # every offset of these zones is whole minutes
    minutes = range(first, first + days * 86_400, 60)
    walked = 60 * sum(counts(schedule, second) for second in minutes)

    assert BusinessTime(schedule).seconds(first, first + days * 86_400) == walked


@settings(deadline=None)
@given(schedule=schedules(), points=st.tuples(moments(), moments(), moments()).map(sorted))
def test_business_time_adds_up(schedule: dict[str, Any], points: list[int]) -> None:
    time = BusinessTime(schedule)
    start, middle, end = points

    assert time.seconds(start, middle) + time.seconds(middle, end) == time.seconds(start, end)


@settings(deadline=None)
@given(schedule=schedules(), points=st.tuples(moments(), moments(), moments()).map(sorted))
def test_business_time_never_shrinks_nor_outruns_real_time(
    schedule: dict[str, Any], points: list[int]
) -> None:
    time = BusinessTime(schedule)
    start, middle, end = points

    assert 0 <= time.seconds(start, middle) <= time.seconds(start, end) <= end - start


@settings(deadline=None)
@given(schedule=schedules(), start=moments(), seconds=st.integers(1, 400_000))
def test_a_deadline_is_the_first_instant_that_uses_the_target_up(
    schedule: dict[str, Any], start: int, seconds: int
) -> None:
    time = BusinessTime(schedule)
    due = time.due(start, seconds)

    if due is None:
        assert not any(i["start_time"] < i["end_time"] for i in schedule["intervals"])
    else:
        assert time.seconds(start, due) == seconds
        assert time.seconds(start, due - 1) == seconds - 1


@settings(deadline=None)
@given(schedule=schedules(), start=moments(), other=moments())
def test_the_order_of_questions_changes_no_answer(
    schedule: dict[str, Any], start: int, other: int
) -> None:
    asked_before, fresh = BusinessTime(schedule), BusinessTime(schedule)
    asked_before.seconds(other, other + 1000)

    assert asked_before.due(start, 7200) == fresh.due(start, 7200)
