"""Tickets with a past from another system are kept with their own times."""

from typing import Any

import pytest

from tests.support.sandbox import Desk, Receiver


@pytest.fixture
def past(desk: Desk) -> dict[str, Any]:
    desk.set_clock("2031-03-03T01:00:00Z")
    return {
        "subject": "Old case",
        "created_at": "2029-05-01T10:00:00Z",
        "updated_at": "2029-05-03T10:00:00Z",
        "solved_at": "2029-05-02T10:00:00Z",
        "status": "solved",
        "requester": {"name": "Kim", "email": "kim@customer.example"},
        "comments": [
            {"value": "It began", "created_at": "2029-05-01T10:00:00Z"},
            {"value": "inside", "public": False, "created_at": "2029-05-02T09:00:00Z"},
        ],
    }


def test_an_imported_ticket_has_its_own_past(desk: Desk, past: dict[str, Any]) -> None:
    answer = desk.call("POST", "imports/tickets.json", json={"ticket": past})

    ticket = answer.json()["ticket"]
    comments = desk.get(f"tickets/{ticket['id']}/comments.json")["comments"]
    metrics = desk.get(f"tickets/{ticket['id']}/metrics.json")["ticket_metric"]
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/api/v2/tickets/{ticket['id']}.json")
    assert (ticket["created_at"], ticket["updated_at"]) == (past["created_at"], past["updated_at"])
    assert (ticket["description"], ticket["status"]) == ("It began", "solved")
    assert [(one["body"], one["public"]) for one in comments] == [
        ("It began", True),
        ("inside", False),
    ]
    assert comments[1]["created_at"] == "2029-05-02T09:00:00Z"
    assert metrics["solved_at"] == past["solved_at"]


def test_exports_show_an_import_now_and_its_audits_then(desk: Desk, past: dict[str, Any]) -> None:
    number = desk.post("imports/tickets.json", {"ticket": past})["ticket"]["id"]
    desk.set_clock("2031-03-03T02:00:00Z")

    tickets = desk.get("incremental/tickets/cursor.json?start_time=1930000000")["tickets"]
    audits = desk.get("ticket_audits.json?limit=10")["audits"]

    assert [one["id"] for one in tickets] == [number]
    assert [one["created_at"] for one in audits] == ["2029-05-02T09:00:00Z", past["created_at"]]


def test_nobody_is_told_of_an_import(desk: Desk, past: dict[str, Any], receiver: Receiver) -> None:
    desk.subscribe(receiver.url, "created", "comment_added")

    desk.post("imports/tickets.json", {"ticket": past})
    desk.settle()

    assert receiver.deliveries == []


def test_many_are_imported_by_a_job(desk: Desk, past: dict[str, Any]) -> None:
    asked = [past, past | {"created_at": "2099-01-01T00:00:00Z"}, past | {"comments": []}]

    job = desk.post("imports/tickets/create_many.json", {"tickets": asked})["job_status"]

    results = desk.get(f"job_statuses/{job['id']}.json")["job_status"]["results"]
    assert "id" in results[0]
    assert results[1]["details"] == "created_at: lies in the future"
    assert results[2]["error"] == "RecordInvalid"
