"""Rate limits and their headers."""

import pytest

from integrations.sandbox.door.budgets import Budget
from integrations.sandbox.door.limits import Limits, Window
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
    window = Window(Budget(header="h", total=2), clock)
    assert window.spend("a")[1:] == (1, 60)
    clock.now += 10
    assert window.spend("a")[1:] == (0, 50)

    with pytest.raises(Refusal) as refused:
        window.check("a")

    assert refused.value.headers == {"Retry-After": "50"}
    assert window.spend("b")[1:] == (1, 60)
    clock.now += 50
    assert window.spend("a")[1:] == (1, 60)


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
    assert third.headers["x-rate-limit-remaining"] == third.headers["ratelimit-remaining"] == "0"
    assert third.json()["error"] == "APIRateLimitExceeded"


def test_exports_have_their_own_small_budget() -> None:
    with desk_on(rpm_incremental=1) as desk:
        path = "incremental/tickets/cursor?start_time=0"
        first, second = desk.call("GET", path), desk.call("GET", path)

        assert first.headers["zendesk-ratelimit-incremental-exports"] == (
            "total=1; remaining=0; resets=60"
        )
        assert second.status_code == 429
        assert second.headers["zendesk-ratelimit-incremental-exports"].startswith(
            "total=1; remaining=0; "
        )
        assert second.headers["x-rate-limit-remaining"] == first.headers["x-rate-limit-remaining"]
        assert desk.call("GET", "users/me").status_code == 200


def test_a_ticket_may_be_changed_thirty_times_by_one_user() -> None:
    limits = Limits(rpm=1000, rpm_incremental=1, monotonic=Clock())

    for _ in range(30):
        limits.spend("ticket-update", agent_id=1, params=[7])

    with pytest.raises(Refusal):
        limits.spend("ticket-update", agent_id=1, params=[7])
    headers = limits.spend("ticket-update", agent_id=2, params=[7])
    assert headers["zendesk-ratelimit-per-ticket-updates"] == "total=30; remaining=29; resets=600"


def test_a_refused_request_costs_nothing() -> None:
    limits = Limits(rpm=1000, rpm_incremental=1, monotonic=Clock())
    limits.spend("export", agent_id=1)

    with pytest.raises(Refusal):
        limits.spend("export", agent_id=1)

    assert limits.spend(None, agent_id=1)["x-rate-limit-remaining"] == "998"


@pytest.mark.parametrize(
    ("name", "seconds", "allowed"),
    [
        pytest.param("tickets-index", 60, 100_000, id="ticket lists"),
        pytest.param("tags-index", 60, 100, id="tags"),
        pytest.param("search", 60, 100, id="search"),
        pytest.param("search-export", 60, 100, id="search export"),
        pytest.param("view-execute", 60, 5, id="one view by one agent"),
        pytest.param("view-count-many", 300, 6, id="counts of views"),
        pytest.param("user-permanent-delete", 600, 700, id="users deleted for good"),
        pytest.param("organization-update", 60, 5, id="one organization"),
        pytest.param("side-conversation-write", 600, 300, id="side conversations"),
        pytest.param("side-conversation-events", 600, 600, id="their events"),
        pytest.param("attachments", 60, 2500, id="attachments"),
        pytest.param("ticket-delete", 60, 400, id="deletions"),
        pytest.param("deleted-tickets-index", 60, 10, id="the bin"),
        pytest.param("deleted-tickets-destroy", 60, 1000, id="deletions for good"),
        pytest.param("export", 60, 10, id="exports"),
        pytest.param("export-cursor", 60, 20, id="users by cursor"),
        pytest.param("export-sample", 1200, 10, id="sample exports"),
        pytest.param("ticket-update", 60, 300, id="ticket updates of a big account"),
        pytest.param("webhooks", 60, 100, id="webhooks"),
        pytest.param("webhook-test", 60, 20, id="webhook tests"),
    ],
)
def test_every_budget_has_the_size_and_the_time_of_zendesk(
    name: str, seconds: int, allowed: int
) -> None:
    clock = Clock()
    limits = Limits(rpm=1_000_000, rpm_incremental=10, monotonic=clock)
    spread = 1 if name == "ticket-update" else 0  # no ticket is changed too often
    for number in range(allowed):
        limits.spend(name, agent_id=1, params=[number * spread])

    with pytest.raises(Refusal) as refused:
        limits.spend(name, agent_id=1, params=[allowed * spread])
    clock.now += seconds

    assert refused.value.status == 429
    assert refused.value.headers["Retry-After"] == str(seconds)
    assert limits.spend(name, agent_id=1, params=[allowed * spread])


@pytest.mark.parametrize(
    ("rpm", "total"),
    [pytest.param(700, 100, id="Enterprise"), pytest.param(2500, 300, id="High Volume")],
)
def test_ticket_updates_of_an_account_depend_on_its_plan(rpm: int, total: int) -> None:
    limits = Limits(rpm=rpm, rpm_incremental=10, monotonic=Clock())

    headers = limits.spend("ticket-update", agent_id=1, params=[7])

    expected = f"total={total}; remaining={total - 1}; resets=60"
    assert headers["zendesk-rate-limit-tickets-update"] == expected


def test_deep_pages_have_a_budget_of_their_own() -> None:
    limits = Limits(rpm=1000, rpm_incremental=1, monotonic=Clock())
    for page in range(501, 551):
        limits.spend("tickets-index", agent_id=1, page=page)

    with pytest.raises(Refusal):
        limits.spend("tickets-index", agent_id=1, page=600)

    assert limits.spend("tickets-index", agent_id=1, page=500)


def test_lifted_limits_of_single_endpoints_never_tell_a_client_to_wait() -> None:
    limits = Limits(rpm=1000, rpm_incremental=10, endpoint_limits=False, monotonic=Clock())
    for _ in range(40):
        headers = limits.spend("ticket-update", agent_id=1, params=[7])

    assert headers["zendesk-ratelimit-per-ticket-updates"] == "total=30; remaining=29; resets=600"


def test_an_update_reports_what_is_left_for_the_ticket(desk: Desk) -> None:
    ticket = desk.ticket()

    answer = desk.call("PUT", f"tickets/{ticket['id']}", json={"ticket": {"priority": "low"}})

    assert answer.headers["zendesk-rate-limit-tickets-update"].startswith("total=300; remaining=")
    assert answer.headers["zendesk-ratelimit-per-ticket-updates"].startswith("total=30; remaining=")
