"""The life of a deleted ticket: the bin, back from it, or gone after thirty days."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.state.ticketing.satisfaction import rate
from integrations.sandbox.wire.cursors import decode
from tests.support.sandbox import Desk, desk_on

NOW = "2031-03-03T01:00:00Z"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_on(export_lag=timedelta()) as talking:
        talking.set_clock(NOW)
        yield talking


def binned(desk: Desk) -> list[int]:
    return [one["id"] for one in desk.get("deleted_tickets.json")["deleted_tickets"]]


def exported(desk: Desk, number: int) -> dict[str, Any]:
    tickets = desk.get("incremental/tickets/cursor.json?start_time=0")["tickets"]
    found: list[dict[str, Any]] = [one for one in tickets if one["id"] == number]
    assert len(found) == 1
    return found[0]


def test_a_deleted_ticket_lies_in_the_bin_with_who_and_when(desk: Desk) -> None:
    number = desk.ticket(subject="Gone")["id"]
    desk.set_clock("2031-03-03T02:00:00Z")

    desk.delete(f"tickets/{number}.json")

    (shown,) = desk.get("deleted_tickets.json")["deleted_tickets"]
    assert (shown["id"], shown["subject"], shown["previous_state"]) == (number, "Gone", "new")
    assert shown["deleted_at"] == "2031-03-03T02:00:00Z"
    assert shown["actor"]["name"] == "Desk Admin"
    assert desk.call("GET", f"tickets/{number}.json").status_code == 404
    assert exported(desk, number)["status"] == "deleted"
    assert exported(desk, number)["updated_at"] == "2031-03-03T02:00:00Z"


def test_the_bin_is_sorted_by_deletion_with_cursors_that_say_so(desk: Desk) -> None:
    first, second = desk.ticket()["id"], desk.ticket()["id"]
    desk.delete(f"tickets/{second}.json")
    desk.set_clock("2031-03-03T02:00:00Z")
    desk.delete(f"tickets/{first}.json")

    page = desk.get("deleted_tickets.json?sort=deleted_at&page[size]=1")
    rest = desk.get(page["links"]["next"].removeprefix(f"{desk.sandbox.url}/api/v2/"))
    falling = desk.get("deleted_tickets.json?sort_by=deleted_at&sort_order=desc")

    assert [one["id"] for one in page["deleted_tickets"]] == [second]
    assert [one["id"] for one in rest["deleted_tickets"]] == [first]
    assert [one["id"] for one in falling["deleted_tickets"]] == [first, second]
    assert decode(page["meta"]["after_cursor"], "updated_at,id", "page[after]")[1] == second


def test_a_restored_ticket_is_as_it_was(desk: Desk) -> None:
    number = desk.ticket(status="pending")["id"]
    desk.delete(f"tickets/{number}.json")

    answer = desk.put(f"deleted_tickets/{number}/restore.json")

    assert answer == {}
    assert desk.get(f"tickets/{number}.json")["ticket"]["status"] == "pending"
    assert binned(desk) == []
    assert desk.call("PUT", f"deleted_tickets/{number}/restore.json").status_code == 404


def test_nothing_of_a_ticket_deleted_for_good_is_left_but_its_number(desk: Desk) -> None:
    upload = desk.call("POST", "uploads.json?filename=a.txt", data=b"proof").json()["upload"]
    number = desk.ticket(
        subject="Secret", tags=["secret"], comment={"body": "Secret", "uploads": upload["token"]}
    )["id"]
    desk.delete(f"tickets/{number}.json")

    job = desk.delete(f"deleted_tickets/{number}.json")["job_status"]

    left = exported(desk, number)
    events = desk.get("incremental/ticket_events.json?start_time=0&include=comment_events")
    assert desk.get(f"job_statuses/{job['id']}.json")["job_status"]["status"] == "completed"
    assert (left["status"], left["subject"], left["description"]) == (
        "deleted",
        "SCRUBBED",
        "SCRUBBED",
    )
    assert "ecret" not in str(left) + str(events)
    assert binned(desk) == []
    assert desk.call("PUT", f"deleted_tickets/{number}/restore.json").status_code == 404
    assert desk.call("GET", f"attachments/{upload['attachment']['id']}").status_code == 404


def test_the_bin_is_emptied_after_thirty_days(desk: Desk) -> None:
    old, young = desk.ticket()["id"], desk.ticket()["id"]
    desk.delete(f"tickets/{old}.json")
    desk.set_clock("2031-03-04T01:00:00Z")
    desk.delete(f"tickets/{young}.json")

    desk.set_clock("2031-04-02T01:00:00Z")

    assert binned(desk) == [young]
    assert exported(desk, old)["subject"] == "SCRUBBED"


def test_many_are_deleted_for_good_and_a_missing_one_stops_none(desk: Desk) -> None:
    numbers = [desk.ticket()["id"] for _ in range(2)]
    desk.delete(f"tickets/destroy_many.json?ids={numbers[0]},{numbers[1]}")

    job = desk.delete(f"deleted_tickets/destroy_many.json?ids={numbers[0]},99999,{numbers[1]}")

    results = desk.get(f"job_statuses/{job['job_status']['id']}.json")["job_status"]["results"]
    assert results == {"success": False}
    assert binned(desk) == []


def test_light_agents_delete_nothing(desk: Desk) -> None:
    number = desk.ticket()["id"]
    light = {"X-On-Behalf-Of": "nina.patel@example.com"}

    answer = desk.call("DELETE", f"tickets/{number}.json", headers=light)

    assert answer.status_code == 403


def test_nothing_said_beside_a_ticket_outlives_it(desk: Desk) -> None:
    number = desk.ticket()["id"]
    message = {"subject": "About it", "body": "Who is this?", "to": [{"email": "x@bank.example"}]}
    desk.post(f"tickets/{number}/side_conversations", {"message": message})
    agent = desk.user_id("admin@example.com")
    desk.update(number, status="solved", assignee_id=agent)
    state = desk.sandbox.state
    rate(state, state.tickets[number], {"score": "bad", "comment": {"body": "Never again"}})
    rated = desk.get("satisfaction_ratings")["satisfaction_ratings"]

    desk.delete(f"tickets/{number}")
    desk.delete(f"deleted_tickets/{number}")
    desk.post(f"tickets/{desk.ticket()['id']}/side_conversations", {"message": message})

    events = desk.get("tickets/side_conversations/events?start_time=0")["events"]
    assert number in {one["ticket_id"] for one in rated}
    assert number not in {one["ticket_id"] for one in events}
    assert len(events) == 1
    left = desk.get("satisfaction_ratings")["satisfaction_ratings"]
    assert number not in {one["ticket_id"] for one in left}
