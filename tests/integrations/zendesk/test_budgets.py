"""Budgets as data: which calls spend which, and what answers tell of them."""

import pytest

from integrations.zendesk.budgets import (
    ACCOUNT,
    account_used_up_for,
    limits,
    spent_by,
    used_up_for,
)

PLAN = limits(requests=700, exports=10, ticket_updates=100)


@pytest.mark.parametrize(
    ("call", "scarce"),
    [
        ("GET tickets/7.json", []),
        ("GET incremental/tickets/cursor.json", [("exports", "")]),
        ("GET incremental/ticket_events", [("exports", "")]),
        ("GET incremental/users/cursor.json", [("users export", "")]),
        ("GET incremental/users.json", [("exports", "")]),
        ("PUT tickets/7.json", [("updates of a ticket", "7"), ("ticket updates", "")]),
        ("PUT tickets/7/tags", [("updates of a ticket", "7"), ("ticket updates", "")]),
        ("DELETE tickets/7/tags", [("updates of a ticket", "7"), ("ticket updates", "")]),
        ("PUT tickets/7/comments/9/redact.json", [("updates of a ticket", "7")]),
        ("DELETE tickets/7", []),
        ("POST tickets/7/side_conversations", [("side conversations", "")]),
        ("POST tickets/7/side_conversations/0b1f/reply", [("side conversations", "")]),
        ("GET tickets/7/side_conversations", []),
        ("GET tickets/7/side_conversations/0b1f/events", [("side conversation events", "")]),
        ("GET search/export.json", [("search export", "")]),
        ("GET search.json", []),
        ("GET deleted_tickets.json", [("deleted tickets", "")]),
        ("DELETE deleted_users/9.json", [("permanent user deletions", "")]),
    ],
)
def test_each_call_spends_its_scarce_budgets_first_and_then_the_accounts(
    call: str, scarce: list[tuple[str, str]]
) -> None:
    method, path = call.split()

    assert list(spent_by(method, f"/api/v2/{path}")) == [*scarce, (ACCOUNT, "")]


def test_asking_for_a_token_spends_the_account() -> None:
    assert list(spent_by("POST", "/oauth/tokens")) == [(ACCOUNT, "")]


def test_every_budget_that_calls_spend_exists() -> None:
    assert PLAN[ACCOUNT].limit == 700
    assert (PLAN["users export"].limit, PLAN["updates of a ticket"].seconds) == (20, 600.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "41"}, 41, id="since 2024"),
        pytest.param({"rate-limit-remaining": "0", "rate-limit-reset": "7"}, 7, id="before 2024"),
        pytest.param({"ratelimit-remaining": "3", "ratelimit-reset": "41"}, None, id="some left"),
        pytest.param({"ratelimit-remaining": "0"}, 1, id="no reset told"),
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "nan"}, 600, id="no number"),
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "-5"}, 0, id="negative"),
        pytest.param({}, None, id="no headers"),
    ],
)
def test_the_account_headers_tell_exhaustion(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert account_used_up_for(headers) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("total=10; remaining=0; resets=33", 33, id="used up"),
        pytest.param("total=10; remaining=4; resets=33", None, id="some left"),
        pytest.param("total=10; remaining=0", 1, id="no reset"),
        pytest.param("remaining=0; resets=soon", 1, id="unreadable"),
        pytest.param("nonsense", None, id="nonsense"),
    ],
)
def test_the_header_of_an_endpoint_tells_exhaustion(value: str, seconds: float | None) -> None:
    headers = {"zendesk-ratelimit-incremental-exports": value}

    assert used_up_for(PLAN["exports"], headers) == seconds
    assert used_up_for(PLAN["users export"], headers) is None
