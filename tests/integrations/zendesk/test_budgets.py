"""Pacing: no minute, wherever it starts, sees more calls than the budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.zendesk.budgets import Budget, exports_used_up_for, used_up_for
from tests.support.zendesk import Clock


def spend(budget: Budget, clock: Clock, calls: int) -> list[float]:
    moments = []
    for _ in range(calls):
        clock.sleep(budget.take())
        moments.append(clock.now)
    return moments


def test_a_whole_budget_goes_at_once_and_the_next_call_waits() -> None:
    clock = Clock()
    moments = spend(Budget(10, monotonic=clock.monotonic), clock, 11)

    assert moments[9] == moments[0]
    assert moments[10] - moments[0] == pytest.approx(60.5)


def test_turns_come_back_one_by_one_and_not_all_at_the_end() -> None:
    clock = Clock()
    budget = Budget(2, monotonic=clock.monotonic)
    spend(budget, clock, 1)
    clock.now += 40
    spend(budget, clock, 1)

    assert budget.take() == pytest.approx(20.5)
    assert budget.take() == pytest.approx(60.5)


@given(
    budget=st.integers(1, 12),
    pauses=st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=60),
)
def test_no_minute_sees_more_than_the_budget(budget: int, pauses: list[float]) -> None:
    clock = Clock()
    turns = Budget(budget, monotonic=clock.monotonic)
    moments = []
    for pause in pauses:
        clock.now += pause
        moments += spend(turns, clock, 1)

    assert all(
        sum(start <= moment < start + 60 for moment in moments) <= budget for start in moments
    )


def test_a_pause_holds_everybody_back() -> None:
    clock = Clock()
    budget = Budget(100, monotonic=clock.monotonic)
    budget.pause(12)

    assert budget.take() == 12
    assert budget.take() == 12


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    clock = Clock()
    budget = Budget(100, monotonic=clock.monotonic)
    budget.pause(30)
    budget.pause(1)

    assert budget.take() == 30


def test_an_absurd_pause_ends_after_a_minute() -> None:
    clock = Clock()
    budget = Budget(100, monotonic=clock.monotonic)
    budget.pause(1e9)

    assert budget.take() == 60


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "41"}, 41, id="since 2024"),
        pytest.param({"rate-limit-remaining": "0", "rate-limit-reset": "7"}, 7, id="before 2024"),
        pytest.param({"ratelimit-remaining": "3", "ratelimit-reset": "41"}, None, id="some left"),
        pytest.param({"ratelimit-remaining": "0"}, 1, id="no reset told"),
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "nan"}, 60, id="no number"),
        pytest.param({}, None, id="no headers"),
    ],
)
def test_the_account_headers_tell_exhaustion(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert used_up_for(headers) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("total=10; remaining=0; resets=12", 12, id="used up"),
        pytest.param("total=10; remaining=4; resets=12", None, id="some left"),
        pytest.param("nonsense", None, id="unreadable"),
    ],
)
def test_the_export_header_tells_exhaustion(value: str, seconds: float | None) -> None:
    assert exports_used_up_for({"Zendesk-RateLimit-Incremental-Exports": value}) == seconds
