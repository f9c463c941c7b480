"""Cursors written by us equal those of a real account, and foreign ones are read or left alone."""

from datetime import UTC, datetime

import pytest

from integrations.zendesk import keysets

# Both were read from a live account on 2026-10-07: the last ticket of a page, and a written one.
SEEK = "eyJvIjoidXBkYXRlZF9hdCxpZCIsInYiOiJaSGJ1L1drQUFBQUFhUUFBQUFBQUFBQUEifQ=="
LAST = "eyJvIjoidXBkYXRlZF9hdCxpZCIsInYiOiJaTkhEbzJZQUFBQUFhWlNDMWRZNUdnQUEifQ=="
NUMBER = "eyJvIjoibmljZV9pZCIsInYiOiJhUUlBQUFBQUFBQUEifQ=="


def test_a_written_cursor_is_the_one_that_zendesk_accepted() -> None:
    moment = datetime(2026, 5, 8, 14, 8, 54, tzinfo=UTC)

    assert keysets.at_instant(keysets.BY_UPDATE, moment) == SEEK


def test_the_values_of_zendesks_cursors_are_read_and_written_back() -> None:
    second, hidden = keysets.values_of(LAST)

    assert (second, hidden) == (datetime(2024, 7, 26, 15, 42, 9, tzinfo=UTC), 28835719774868)
    assert keysets.written(keysets.BY_UPDATE, [second, hidden]) == LAST
    assert keysets.instant_of(LAST) == second
    assert keysets.values_of(NUMBER) == [2]


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("MTY5NTA1MjcyNy4wfHwxMjl8", id="of an export"),
        pytest.param("eyJvIjoiaWQiLCJ2IjoiIn0=", id="without values"),
        pytest.param("eyJvIjoidGl0bGUiLCJ2IjoiY3dFQUFBQmgifQ==", id="of text"),
        pytest.param("not base64", id="no cursor"),
    ],
)
def test_a_cursor_that_is_written_otherwise_has_no_values(cursor: str | None) -> None:
    assert keysets.values_of(cursor) == []
    assert keysets.instant_of(cursor) is None
