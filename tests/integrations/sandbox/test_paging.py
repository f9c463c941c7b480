"""Lists are paged by cursor or by number, as recorded."""

import base64
import json
from typing import Any

import pytest

from tests.support.sandbox import Desk


def walk(desk: Desk, path: str, key: str, **params: Any) -> list[Any]:
    """Return all records by following `links.next` while `meta.has_more`."""
    body = desk.get(path, params=params)
    records = list(body[key])
    while body["meta"]["has_more"]:
        body = desk.get(body["links"]["next"].removeprefix(desk.sandbox.url))
        records += body[key]
    return records


def test_cursor_pages_reach_every_ticket_once(desk: Desk) -> None:
    ids = [desk.ticket()["id"] for _ in range(7)]

    found = walk(desk, "tickets.json", "tickets", **{"page[size]": 3})

    assert [ticket["id"] for ticket in found] == ids


@pytest.mark.parametrize(
    ("path", "key"),
    [("groups", "groups"), ("users", "users"), ("ticket_fields", "ticket_fields")],
)
def test_cursor_pages_reach_every_record_once(desk: Desk, path: str, key: str) -> None:
    everything = desk.get(path)[key]

    found = walk(desk, path, key, **{"page[size]": 4})

    assert found == everything


def test_newest_first_reaches_every_ticket_once(desk: Desk) -> None:
    for minute in range(5):
        desk.set_clock(f"2030-01-01T00:0{minute // 2}:00Z")
        desk.ticket()

    found = walk(desk, "tickets", "tickets", sort="-updated_at", **{"page[size]": 2})

    assert [ticket["id"] for ticket in found] == [5, 3, 4, 1, 2]


def test_the_page_before_is_found_again(desk: Desk) -> None:
    for _ in range(4):
        desk.ticket()
    second = desk.get("tickets", params={"page[size]": 2, "page[after]": _after(desk, 2)})

    first = desk.get(second["links"]["prev"].removeprefix(desk.sandbox.url))

    assert [ticket["id"] for ticket in second["tickets"]] == [3, 4]
    assert [ticket["id"] for ticket in first["tickets"]] == [1, 2]


def _after(desk: Desk, size: int) -> str:
    cursor: str = desk.get("tickets", params={"page[size]": size})["meta"]["after_cursor"]
    return cursor


def test_cursor_is_written_as_recorded(desk: Desk) -> None:
    desk.ticket()

    assert _after(desk, 1) == "eyJvIjoibmljZV9pZCIsInYiOiJhUUVBQUFBQUFBQUEifQ=="


def test_behind_the_end_the_cursor_is_null(desk: Desk) -> None:
    desk.ticket()

    body = desk.get("tickets", params={"page[size]": 1, "page[after]": _after(desk, 1)})

    assert body["tickets"] == []
    assert body["meta"] == {"has_more": False, "after_cursor": None, "before_cursor": None}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        pytest.param(
            {"page[size]": "101"}, "page[size] cannot be greater than 100", id="page too big"
        ),
        pytest.param({"page[after]": "not-a-cursor"}, "page[after] is not valid", id="no cursor"),
        pytest.param(
            {"page[after]": base64.b64encode(json.dumps({"o": "id", "v": ""}).encode()).decode()},
            "page[after] is not valid",
            id="cursor of another order",
        ),
        pytest.param({"page[size]": "0"}, "page[size] is not valid", id="empty page"),
    ],
)
def test_bad_page_parameters_are_refused(
    desk: Desk, params: dict[str, str], description: str
) -> None:
    answer = desk.call("GET", "tickets", params=params)

    assert answer.status_code == 400
    assert answer.json() == {"error": "InvalidPaginationParameter", "description": description}


def test_numbered_pages_name_their_neighbours(desk: Desk) -> None:
    for _ in range(5):
        desk.ticket()

    body = desk.get("tickets.json", params={"per_page": 2, "page": 2})

    assert [ticket["id"] for ticket in body["tickets"]] == [3, 4]
    assert body["count"] == 5
    assert body["next_page"].endswith("/api/v2/tickets.json?page=3&per_page=2")
    assert body["previous_page"].endswith("/api/v2/tickets.json?page=1&per_page=2")


@pytest.mark.parametrize("query", ["page=101", "page=1001&per_page=10"])
def test_page_numbers_end_at_ten_thousand_records(desk: Desk, query: str) -> None:
    refused = desk.call("GET", f"tickets?{query}")

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "InvalidPaginationDepth"


@pytest.mark.parametrize("query", ["page=100", "page=1000&per_page=10"])
def test_ten_thousand_records_are_reached_by_page_number(desk: Desk, query: str) -> None:
    assert desk.call("GET", f"tickets?{query}").status_code == 200


@pytest.mark.parametrize("sort", ["updated_at", "-updated_at"])
def test_tickets_sorted_by_update_are_reached_once(desk: Desk, sort: str) -> None:
    for minute in range(5):
        desk.set_clock(f"2030-01-01T00:0{minute}:00Z")
        desk.ticket()
    desk.set_clock("2030-01-01T00:10:00Z")
    desk.update(2, priority="high")
    desk.delete("tickets/4")

    found = walk(desk, "tickets.json", "tickets", sort=sort, **{"page[size]": 2})

    expected = [1, 3, 5, 2]
    assert [one["id"] for one in found] == (expected if sort == "updated_at" else expected[::-1])


def test_a_cursor_with_values_of_another_kind_is_refused(desk: Desk) -> None:
    desk.ticket()
    text = json.dumps({"o": "nice_id", "v": base64.b64encode(b"s\x01\x00\x00\x00a").decode()})
    crafted = base64.b64encode(text.encode()).decode()

    answer = desk.call("GET", "tickets", params={"page[after]": crafted})

    assert answer.status_code == 400
    assert answer.json()["description"] == "page[after] is not valid"
