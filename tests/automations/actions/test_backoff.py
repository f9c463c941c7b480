from datetime import timedelta

import pytest

from automations.actions.backoff import MOST_ATTEMPTS, wait_before


def test_pauses_double_from_two_seconds_to_ten_minutes() -> None:
    pauses = [wait_before(attempt).total_seconds() for attempt in range(1, MOST_ATTEMPTS)]

    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]


def test_a_pause_is_never_shorter_than_zendesk_asked_for() -> None:
    assert wait_before(1, at_least_s=93.5) == timedelta(seconds=93.5)
    assert wait_before(10, at_least_s=93.5) == timedelta(minutes=10)


@pytest.mark.parametrize("attempt", [21, 10**9])
def test_even_endless_attempts_wait_ten_minutes(attempt: int) -> None:
    assert wait_before(attempt) == timedelta(minutes=10)
