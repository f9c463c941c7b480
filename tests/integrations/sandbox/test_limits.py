"""Rate limits and their headers."""

import pytest

from integrations.sandbox.door.limits import Budget, Limits, Window
from integrations.sandbox.state.refusals import Refusal
from tests.support.sandbox import Desk, desk_on


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_opens_again_after_its_time() -> None:
    clock = Clock()
    window = Window(Budget("h", 2, 60.0, "too many"), clock)
    assert window.spend("a") == (1, 60)
    clock.now += 10
    assert window.spend("a") == (0, 50)

    with pytest.raises(Refusal) as refused:
        window.spend("a")

    assert refused.value.headers == {"Retry-After": "50"}
    assert window.spend("b") == (1, 60)
    clock.now += 50
    assert window.spend("a") == (1, 60)


def test_the_account_limit_answers_429_with_the_time_to_wait() -> None:
    with desk_on(rpm=2) as desk:
        first = desk.call("GET", "users/me")
        desk.call("GET", "users/me")
        third = desk.call("GET", "users/me")

    assert first.headers["x-rate-limit"] == first.headers["ratelimit-limit"] == "2"
    assert first.headers["x-rate-limit-remaining"] == "1"
    assert 1 <= int(first.headers["ratelimit-reset"]) <= 60
    assert third.status_code == 429
    assert 1 <= int(third.headers["retry-after"]) <= 60
    assert third.json()["error"] == "APIRateLimitExceeded"


def test_exports_have_their_own_small_budget() -> None:
    with desk_on(rpm_incremental=1) as desk:
        path = "incremental/tickets/cursor?start_time=0"
        first, second = desk.call("GET", path), desk.call("GET", path)

        assert first.headers["zendesk-ratelimit-incremental-exports"] == (
            "total=1; remaining=0; resets=60"
        )
        assert second.status_code == 429
        assert desk.call("GET", "users/me").status_code == 200


def test_a_ticket_may_be_changed_thirty_times_by_one_user() -> None:
    limits = Limits(rpm=1000, rpm_incremental=1, monotonic=Clock())

    for _ in range(30):
        limits.spend("ticket-update", (1, 7))

    with pytest.raises(Refusal):
        limits.spend("ticket-update", (1, 7))
    assert limits.spend("ticket-update", (2, 7)) == {
        "zendesk-ratelimit-per-ticket-updates": "total=30; remaining=29; resets=600"
    }


def test_an_update_reports_what_is_left_for_the_ticket(desk: Desk) -> None:
    ticket = desk.ticket()

    answer = desk.call("PUT", f"tickets/{ticket['id']}", json={"ticket": {"priority": "low"}})

    assert answer.headers["zendesk-ratelimit-per-ticket-updates"].startswith("total=30; remaining=")
