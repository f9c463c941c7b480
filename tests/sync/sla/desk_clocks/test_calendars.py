"""Business days and the ends of days, in places with holidays and summer time."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.runtime.errors import BadRecord
from sync.sla.desk_clocks.calendars import Calendar
from sync.sla.desk_clocks.limits import Limit, Unit, read_limit
from tests.support.desk_clocks import second, told

LONDON = Calendar(ZoneInfo("Europe/London"), "GB-ENG")
PLACES = {
    "London": LONDON,
    "Dubai": Calendar(ZoneInfo("Asia/Dubai"), "AE"),
    "Hong Kong": Calendar(ZoneInfo("Asia/Hong_Kong"), "HK", kinds=["optional"]),
    "China, which works on some weekends": Calendar(ZoneInfo("Asia/Shanghai"), "CN"),
    "Friday and Saturday off": Calendar(ZoneInfo("Etc/UTC"), weekend={4, 5}, no_holidays=True),
}
DAYS = st.integers(date(2001, 1, 1).toordinal(), date(2058, 1, 1).toordinal())


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def written(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        pytest.param("2026-12-24", 1, "2026-12-29", id="over Christmas, Boxing Day on a Saturday"),
        pytest.param("2026-12-31", 1, "2027-01-04", id="over the end of the year"),
        pytest.param("2026-04-02", 1, "2026-04-07", id="over Easter"),
        pytest.param("2026-06-05", 5, "2026-06-12", id="over a weekend"),
        pytest.param("2026-06-06", 1, "2026-06-08", id="received on a Saturday"),
    ],
)
def test_the_day_after_receipt_is_the_first_that_can_count(
    received: str, days: int, last: str
) -> None:
    assert written(LONDON.add(day(received), days)) == last


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@given(start=DAYS, days=st.integers(1, 200))
def test_business_days_counted_back_are_those_that_were_added(
    place: Calendar, start: int, days: int
) -> None:
    last = place.add(start, days)

    assert place.count(start, last) == days
    assert place.is_business_day(last)
    assert place.count(start, last - 1) == days - 1


def test_a_weekend_that_is_worked_on_counts() -> None:
    china = PLACES["China, which works on some weekends"]

    assert [china.is_business_day(day(one)) for one in ("2026-02-14", "2026-02-16")] == [
        True,
        False,
    ]


def test_days_can_be_closed_and_opened_by_hand() -> None:
    odd = Calendar(
        ZoneInfo("Europe/London"),
        "GB-ENG",
        closed=[date(2026, 6, 8)],
        opened=[date(2026, 12, 25)],
    )

    assert written(odd.add(day("2026-06-05"), 1)) == "2026-06-09"
    assert odd.is_business_day(day("2026-12-25"))


@pytest.mark.parametrize(
    ("zone", "of", "end"),
    [
        pytest.param("Europe/London", "2026-03-29", "2026-03-29T22:59:59Z", id="summer begins"),
        pytest.param("Europe/London", "2026-10-25", "2026-10-25T23:59:59Z", id="summer ends"),
        pytest.param("Asia/Dubai", "2026-12-31", "2026-12-31T19:59:59Z", id="end of the year"),
        pytest.param("Asia/Kathmandu", "2026-05-01", "2026-05-01T18:14:59Z", id="quarter hours"),
        # Beirut's midnight of 29 March 2026 does not exist: the day before ends one second earlier.
        pytest.param("Asia/Beirut", "2026-03-28", "2026-03-28T21:59:59Z", id="a missing midnight"),
        pytest.param("Africa/Cairo", "2026-10-29", "2026-10-29T21:59:59Z", id="23 o'clock twice"),
    ],
)
def test_a_day_ends_with_its_last_local_second(zone: str, of: str, end: str) -> None:
    assert told(Calendar(ZoneInfo(zone)).end_of(day(of))) == end


def test_the_wall_clock_is_that_of_the_place() -> None:
    at = second("2026-12-31T20:30:00Z")
    dubai = PLACES["Dubai"]

    assert (written(dubai.day_of(at)), dubai.time_of(at)) == ("2027-01-01", time(0, 30))


@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        pytest.param("2026-12-31", 2, "2027-02-28", id="a short month"),
        pytest.param("2027-12-30", 2, "2028-02-29", id="a leap year"),
        pytest.param("2026-11-15", 2, "2027-01-15", id="over the end of the year"),
        pytest.param("2026-10-31", 14, "2027-12-31", id="more than a year"),
    ],
)
def test_months_end_on_the_day_of_the_same_number(received: str, months: int, last: str) -> None:
    assert written(Limit(months, Unit.MONTHS).last_day(day(received))) == last


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("15 min", Limit(900, Unit.SECONDS)),
        ("8 h", Limit(28_800, Unit.SECONDS)),
        ("1 business day", Limit(1, Unit.BUSINESS_DAYS)),
        ("8 weeks", Limit(56, Unit.DAYS)),
        ("2 months", Limit(2, Unit.MONTHS)),
        ("0 days", None),
        ("two weeks", None),
        ("3 business weeks", None),
    ],
)
def test_limits_are_read_as_people_write_them(text: str, limit: Limit | None) -> None:
    assert read_limit(text) == limit


@pytest.mark.parametrize("far", ["1999-12-31", "2061-01-01"])
def test_nobody_counts_days_whose_holidays_are_not_told(far: str) -> None:
    with pytest.raises(BadRecord, match="are not known"):
        LONDON.add(day(far), 1)
