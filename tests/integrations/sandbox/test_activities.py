"""Agents are told what others did to their tickets."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

AGENT = {"X-On-Behalf-Of": "priya.nair@example.com"}


@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[Desk, dict[str, Any]]]:
    """Give a desk where an agent got a ticket, was written to, and saw it become urgent."""
    with desk_on() as desk:
        ticket = desk.ticket(priority="normal")
        desk.set_clock("2031-03-03T01:00:00Z")
        agent = desk.user_id("priya.nair@example.com")
        desk.update(ticket["id"], assignee_id=agent, comment={"body": "Yours", "public": False})
        desk.set_clock("2031-03-03T02:00:00Z")
        said = {"body": "Any news?", "author_id": ticket["requester_id"]}
        desk.update(ticket["id"], priority="urgent", comment=said)
        desk.update(ticket["id"], priority="low")
        desk.put(f"tickets/{ticket['id']}", {"ticket": {"comment": {"body": "x"}}}, headers=AGENT)
        yield desk, ticket


def test_an_agent_sees_assignments_comments_and_raised_priorities_of_others(
    busy: tuple[Desk, dict[str, Any]],
) -> None:
    desk, ticket = busy

    found = desk.get("activities.json", headers=AGENT)["activities"]

    target = {"ticket": {"id": ticket["id"], "subject": ticket["subject"]}}
    assert [(one["verb"], one["object"]) for one in reversed(found)] == [
        ("tickets.assignment", target),
        (
            "tickets.priority_increase",
            {
                "change": {
                    "field_name": "priority",
                    "previous_value": "normal",
                    "value": "urgent",
                }
            },
        ),
        ("tickets.comment", {"comment": {"value": "Any news?", "public": True}}),
    ]


def test_an_activity_names_its_agent_its_actor_and_its_ticket(
    busy: tuple[Desk, dict[str, Any]],
) -> None:
    desk, ticket = busy
    listed = desk.get("activities", headers=AGENT)

    shown = desk.get(f"activities/{listed['activities'][0]['id']}", headers=AGENT)["activity"]

    assert shown == listed["activities"][0]
    assert shown["target"]["ticket"]["id"] == ticket["id"]
    assert shown["user"] in listed["users"]
    assert shown["actor"] in listed["actors"]


def test_cursors_of_activities_begin_with_the_newest(busy: tuple[Desk, dict[str, Any]]) -> None:
    desk, _ = busy

    page = desk.get("activities?page[size]=1", headers=AGENT)

    cursor = json.loads(base64.b64decode(page["meta"]["after_cursor"]))
    assert cursor["o"] == "-created_at,id"
    assert page["activities"][0]["created_at"] == "2031-03-03T02:00:00Z"


def test_activities_are_counted_and_cut_at_a_time(busy: tuple[Desk, dict[str, Any]]) -> None:
    desk, _ = busy

    later = desk.get("activities?since=2031-03-03T01:30:00Z", headers=AGENT)

    assert later["count"] == 2
    assert desk.get("activities/count", headers=AGENT)["count"]["value"] == 3


def test_activities_of_others_are_not_found(busy: tuple[Desk, dict[str, Any]]) -> None:
    desk, _ = busy
    known = desk.get("activities", headers=AGENT)["activities"][0]["id"]

    answer = desk.call("GET", f"activities/{known}")

    assert answer.status_code == 404


def test_activities_older_than_thirty_days_are_gone() -> None:
    with desk_on() as desk:
        desk.ticket(assignee_id=desk.user_id("priya.nair@example.com"))
        assert desk.get("activities", headers=AGENT)["count"] == 1
        desk.set_clock("2035-01-01T00:00:00Z")

        answer = desk.get("activities", headers=AGENT)

        assert answer["count"] == 0
