"""Views over the API: their tickets, rows, groups and counts."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.rules import when
from tests.support.sandbox import Desk, desk_on

SEEN = [when("status", "less_than", "solved"), when("current_tags", "includes", "shown")]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on() as talking:
        for number, priority in enumerate(("low", "urgent", "high", None, "high"), start=1):
            talking.ticket(subject=f"Case {number}", priority=priority, tags=["shown"])
        talking.ticket(tags=["hidden"])
        talking.ticket(tags=["shown"], status="solved")
        yield talking


@pytest.fixture
def view(desk: Desk) -> dict[str, Any]:
    output = {"columns": ["priority", "subject", "requester", "created"], "sort_by": "nice_id"}
    output["sort_order"] = "asc"
    asked = {"title": "Shown", "all": SEEN, "output": output}
    made: dict[str, Any] = desk.post("views", {"view": asked})["view"]
    return made


def test_a_view_has_the_tickets_that_meet_its_conditions(desk: Desk, view: dict[str, Any]) -> None:
    body = desk.get(f"views/{view['id']}/tickets")

    assert [one["id"] for one in body["tickets"]] == [1, 2, 3, 4, 5]
    assert (body["count"], body["next_page"]) == (5, None)


def test_the_tickets_of_a_view_are_read_page_by_page(desk: Desk, view: dict[str, Any]) -> None:
    place = f"views/{view['id']}/tickets?page[size]=2"

    first = desk.get(place)
    second = desk.get(f"{place}&page[after]={first['meta']['after_cursor']}")
    back = desk.get(f"{place}&page[before]={second['meta']['before_cursor']}")

    assert [one["id"] for one in first["tickets"]] == [1, 2]
    assert [one["id"] for one in second["tickets"]] == [3, 4]
    assert [one["id"] for one in back["tickets"]] == [1, 2]
    assert second["meta"]["has_more"] is True


def test_links_lead_to_the_last_page(desk: Desk, view: dict[str, Any]) -> None:
    body, found = desk.get(f"views/{view['id']}/tickets?page[size]=2"), []
    while body["tickets"]:
        found += [one["id"] for one in body["tickets"]]
        if not body["meta"]["has_more"]:
            break
        body = desk.session.get(body["links"]["next"], timeout=5).json()

    assert found == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("cursor", ["nonsense", "e30=", "eyJvZmZzZXQiOi0xfQ==", "WyJhIl0="])
def test_a_broken_cursor_is_refused(desk: Desk, view: dict[str, Any], cursor: str) -> None:
    answer = desk.call("GET", f"views/{view['id']}/tickets?page[after]={cursor}")

    assert answer.status_code == 400
    assert answer.json()["error"] == "InvalidPaginationParameter"


def test_a_view_is_executed_into_rows_and_columns(desk: Desk, view: dict[str, Any]) -> None:
    body = desk.get(f"views/{view['id']}/execute?sort_by=priority&sort_order=desc")

    assert body["columns"] == [
        {"id": "priority", "title": "Priority"},
        {"id": "subject", "title": "Subject"},
        {"id": "requester", "title": "Requester"},
        {"id": "created", "title": "Requested"},
    ]
    assert body["rows"][0]["subject"] == "Case 2"
    assert body["rows"][0]["ticket"]["last_comment"]["body"] == "Please help"
    assert [one["priority"] for one in body["rows"]] == ["urgent", "high", "high", "low", None]
    assert body["view"]["id"] == view["id"]
    assert body["users"][0]["name"] == "Wang Fang"


def test_rows_are_grouped(desk: Desk) -> None:
    output = {"columns": ["subject"], "group_by": "priority", "group_order": "asc"}
    asked = {"title": "Grouped", "all": SEEN, "output": output}
    view = desk.post("views", {"view": asked})["view"]

    body = desk.get(f"views/{view['id']}/execute")

    assert view["execution"]["group"] == {"id": "priority", "title": "Priority", "order": "asc"}
    assert [one["group"] for one in body["rows"]] == [None, "low", "high", "high", "urgent"]
    assert [one["name"] for one in body["groups"]] == [None, "low", "high", "urgent"]


def test_a_view_can_be_seen_before_it_is_made(desk: Desk) -> None:
    field = desk.field_id("Amount")
    asked = {"all": SEEN, "output": {"columns": ["nice_id", field]}}

    body = desk.post("views/preview", {"view": asked})
    count = desk.post("views/preview/count", {"view": asked})["view_count"]

    assert body["columns"][1] == {"id": field, "title": "Amount", "type": "text"}
    assert set(body["rows"][0]) == {"ticket_id", str(field), "ticket"}
    assert (count["value"], count["fresh"]) == (5, True)


def test_the_first_count_only_starts_the_counting(desk: Desk, view: dict[str, Any]) -> None:
    place = f"views/{view['id']}/count"

    first, second = desk.get(place)["view_count"], desk.get(place)["view_count"]

    assert (first["value"], first["pretty"], first["fresh"]) == (None, "...", False)
    assert (second["value"], second["pretty"], second["fresh"]) == (5, "5", True)
    assert second["url"].endswith(f"/api/v2/views/{view['id']}/count.json")


def test_many_views_are_counted_at_once_but_no_more_than_twenty(
    desk: Desk, view: dict[str, Any]
) -> None:
    counts = desk.get(f"views/count_many?ids={view['id']},5")["view_counts"]
    answer = desk.call("GET", "views/count_many?ids=" + ",".join(map(str, range(21))))

    assert [one["view_id"] for one in counts] == [view["id"]]
    assert answer.status_code == 400


def test_views_are_listed_in_every_way(desk: Desk, view: dict[str, Any]) -> None:
    for place in ("views", "views/active", "views/compact", f"views/show_many?ids={view['id']}"):
        assert view["id"] in [one["id"] for one in desk.get(place)["views"]]
    assert desk.get("views/search?query=shown")["views"][0]["title"] == "Shown"

    assert desk.get("views/count")["count"]["value"] == len(desk.sandbox.state.views)


@pytest.mark.parametrize(
    "asked",
    [
        {"all": []},
        {"all": [when("current_tags", "includes", "a")]},
        {"all": SEEN, "output": {"columns": ["moon"]}},
        {"all": SEEN, "output": {"columns": [{}]}},
        {"all": SEEN, "output": {"columns": ["status"] * 11}},
        {"all": SEEN, "output": {"sort_by": ["status"]}},
        {"all": SEEN, "any": [when("role", "is", "agent")]},
        {"all": SEEN, "title": ""},
    ],
    ids=str,
)
def test_a_view_that_makes_no_sense_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    answer = desk.call("POST", "views", json={"view": {"title": "Odd"} | asked})

    assert answer.status_code == 422


def test_a_view_is_executed_five_times_a_minute_by_one_agent() -> None:
    with desk_on(endpoint_limits=True) as desk:
        view = desk.post("views", {"view": {"title": "Open", "all": SEEN}})["view"]
        answers = [desk.call("GET", f"views/{view['id']}/execute").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]
