from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.runtime.clock import format_instant, parse_instant, utc_now


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        pytest.param("2026-03-03T12:00:00Z", 0, id="whole seconds"),
        pytest.param("2026-03-03T12:00:00.5Z", 500_000, id="tenths"),
        pytest.param("2026-03-03T12:00:00.123456789Z", 123_456, id="nanoseconds are cut"),
        pytest.param("2026-03-03T20:00:00.000001+08:00", 1, id="another zone"),
    ],
)
def test_reads_instants_as_zendesk_writes_them(text: str, microseconds: int) -> None:
    expected = datetime(2026, 3, 3, 12, microsecond=microseconds, tzinfo=UTC)

    assert parse_instant(text) == expected
    assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-03-03", "2026-03-03T12:00:00", "0001-01-01T00:00:00+01:00", ".", "Z", "1.5Z"],
)
def test_what_is_no_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every message is fine
        parse_instant(text)


@given(st.text(max_size=40))
def test_any_other_text_is_a_value_error_at_most(text: str) -> None:
    try:
        moment = parse_instant(text)
    except ValueError:
        return

    assert moment.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_written_can_be_read(moment: datetime) -> None:
    assert parse_instant(format_instant(moment)) == moment.replace(microsecond=0)


def test_writes_utc_whatever_the_zone() -> None:
    moment = datetime(2026, 3, 3, 20, tzinfo=timezone(timedelta(hours=8)))

    assert format_instant(moment) == "2026-03-03T12:00:00Z"


def test_the_clock_knows_its_zone() -> None:
    assert utc_now().tzinfo is UTC
