"""Lists of tickets come in the orders that cursors and page numbers know."""

from collections.abc import Iterator

import pytest

from tests.support.sandbox import Desk, desk_on


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give a desk with tickets 1 to 4: pending, solved by Priya, open, and new from somebody."""
    with desk_on() as talking:
        for number in range(1, 4):
            talking.ticket(priority="low")
            talking.set_clock(f"2031-03-03T0{number}:00:00Z")
        talking.ticket(requester={"name": "Ana", "email": "ana@customer.example"})
        talking.update(1, status="pending")
        talking.update(2, status="solved", assignee_id=talking.user_id("priya.nair@example.com"))
        talking.update(3, status="open")
        yield talking


def numbers(desk: Desk, query: str) -> list[int]:
    return [one["id"] for one in desk.get(f"tickets?{query}")["tickets"]]


def test_statuses_are_sorted_by_their_course_and_walked_by_cursor(desk: Desk) -> None:
    first = desk.get("tickets?sort=status&page[size]=2")
    second = desk.get(first["links"]["next"].partition("/api/v2/")[2])

    found = [*first["tickets"], *second["tickets"]]

    assert [one["status"] for one in found] == ["new", "open", "pending", "solved"]


@pytest.mark.parametrize("name", ["created_at", "requester", "assignee", "group", "locale"])
def test_cursors_refuse_orders_that_only_page_numbers_know(desk: Desk, name: str) -> None:
    refused = desk.call("GET", f"tickets?sort={name}&page[size]=2")

    assert (refused.status_code, refused.json()["error"]) == (400, "InvalidPaginationParameter")


def test_older_names_of_orders_are_ignored_with_cursors(desk: Desk) -> None:
    assert numbers(desk, "sort_by=created_at&sort_order=desc&page[size]=9") == [1, 2, 3, 4]
    assert numbers(desk, "sort_by=created_at&sort_order=desc&per_page=9") == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("query", "last"),
    [
        ("sort_by=assignee", 2),
        ("sort_by=assignee.name", 2),
        ("sort_by=group", 2),
        ("sort_by=requester", 4),
        ("sort_by=id&sort_order=desc", 1),
        ("sort=-id", 1),
    ],
)
def test_page_numbers_know_orders_by_people(desk: Desk, query: str, last: int) -> None:
    assert numbers(desk, query)[-1] == last


def test_searches_do_not_take_cursors(desk: Desk) -> None:
    refused = desk.call("GET", "search?query=type:ticket&page[size]=2")

    assert refused.status_code == 400
    assert refused.json()["error"]["message"].endswith("page must be an integer")
