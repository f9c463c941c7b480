"""Incremental exports: order, the last minute, ends of stream, deleted tickets, child events."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on

START = "2030-01-01T00:00:00Z"
START_EPOCH = 1893456000


@pytest.fixture
def history(desk: Desk) -> Desk:
    """Give five tickets, one a minute; an hour has passed since."""
    for minute in range(5):
        desk.set_clock(f"2030-01-01T00:0{minute}:00Z")
        desk.ticket()
    desk.set_clock("2030-01-01T01:00:00Z")
    return desk


def export(desk: Desk, **params: Any) -> Any:
    """Return one page of the cursor export."""
    return desk.get("incremental/tickets/cursor.json", params=params)


def test_cursor_leads_through_the_whole_stream(history: Desk) -> None:
    first = export(history, start_time=0, per_page=3)
    second = export(history, cursor=first["after_cursor"], per_page=3)

    assert [ticket["id"] for ticket in first["tickets"]] == [1, 2, 3]
    assert [ticket["id"] for ticket in second["tickets"]] == [4, 5]
    assert (first["end_of_stream"], second["end_of_stream"]) == (False, True)
    assert history.get(first["after_url"].removeprefix(history.sandbox.url)) == second


def test_cursor_decodes_to_second_and_ticket(history: Desk) -> None:
    cursor = export(history, start_time=0, per_page=2)["after_cursor"]

    assert base64.b64decode(cursor).decode() == f"{START_EPOCH + 60}.0||2|"


def test_at_the_end_the_cursor_stays_and_later_changes_follow(history: Desk) -> None:
    end = export(history, start_time=0)["after_cursor"]
    nothing = export(history, cursor=end)
    history.update(2, priority="high")
    history.set_clock("2030-01-01T01:02:00Z")

    news = export(history, cursor=end)

    assert (nothing["tickets"], nothing["after_cursor"]) == ([], end)
    assert [ticket["id"] for ticket in news["tickets"]] == [2]
    assert news["tickets"][0]["generated_timestamp"] == START_EPOCH + 3600


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        pytest.param("2030-01-01T00:00:59Z", [], id="59 seconds old"),
        pytest.param("2030-01-01T00:01:00Z", [1], id="a minute old"),
    ],
)
def test_the_last_minute_is_left_out(desk: Desk, clock: str, found: list[int]) -> None:
    desk.set_clock(START)
    desk.ticket()
    desk.set_clock(clock)

    page = export(desk, start_time=0)

    assert [ticket["id"] for ticket in page["tickets"]] == found


def test_the_lag_can_be_switched_off() -> None:
    from datetime import timedelta  # noqa: PLC0415

    with desk_on(export_lag=timedelta()) as desk:
        desk.ticket()

        assert len(export(desk, start_time=0)["tickets"]) == 1


def test_a_start_time_in_the_last_minute_is_refused(history: Desk) -> None:
    answer = history.call("GET", f"incremental/tickets/cursor?start_time={START_EPOCH + 3600 - 59}")

    assert answer.status_code == 400
    assert answer.json()["error"] == "StartTimeTooRecent"


def test_a_broken_cursor_is_refused(history: Desk) -> None:
    assert history.call("GET", "incremental/tickets/cursor?cursor=nonsense").status_code == 400


def test_deleted_tickets_are_exported_as_deleted(history: Desk) -> None:
    history.delete("tickets/3")
    history.set_clock("2030-01-01T02:00:00Z")

    kept = export(history, start_time=0, exclude_deleted="true")
    everything = export(history, start_time=0)

    assert [ticket["status"] for ticket in everything["tickets"] if ticket["id"] == 3] == [
        "deleted"
    ]
    assert 3 not in [ticket["id"] for ticket in kept["tickets"]]


def test_a_page_by_time_holds_all_records_of_its_last_second(desk: Desk) -> None:
    desk.set_clock(START)
    for _ in range(3):
        desk.ticket()
    desk.set_clock("2030-01-01T00:01:00Z")
    desk.ticket()
    desk.set_clock("2030-01-01T01:00:00Z")

    first = desk.get("incremental/tickets.json", params={"start_time": 0, "per_page": 1})
    second = desk.get(first["next_page"].removeprefix(desk.sandbox.url))

    assert (first["count"], first["end_of_stream"]) == (3, False)
    assert first["end_time"] == START_EPOCH + 1
    assert (second["count"], second["end_of_stream"]) == (1, True)
    assert second["end_time"] == START_EPOCH + 60
    assert second["next_page"].endswith(f"start_time={START_EPOCH + 60}")


def test_metrics_and_users_come_with_the_export(history: Desk) -> None:
    page = export(history, start_time=0, include="metric_sets,users")

    assert [metrics["ticket_id"] for metrics in page["metric_sets"]] == [1, 2, 3, 4, 5]
    assert page["users"]


def test_users_are_exported_by_cursor(history: Desk) -> None:
    page = history.get("incremental/users/cursor.json", params={"start_time": 0})

    assert "wang.fang@customer.example" in [user["email"] for user in page["users"]]
    assert page["end_of_stream"] is True


def test_ticket_events_tell_what_changed_and_what_was_said(desk: Desk) -> None:
    desk.set_clock(START)
    reason = desk.field_id("Risk reason")
    desk.ticket()
    desk.update(
        1,
        comment={"body": "Looking", "public": False},
        status="open",
        custom_fields=[{"id": reason, "value": "risk_a1"}],
    )
    desk.set_clock("2030-01-01T01:00:00Z")

    body = desk.get(
        "incremental/ticket_events.json", params={"start_time": 0, "include": "comment_events"}
    )

    created, updated = body["ticket_events"]
    children = updated["child_events"]
    assert {child["event_type"] for child in created["child_events"]} == {"Comment", "Create"}
    assert [child["body"] for child in children if child["event_type"] == "Comment"] == ["Looking"]
    assert [
        (child["status"], child["previous_value"]) for child in children if "status" in child
    ] == [("open", "new")]
    assert [child["added_tags"] for child in children if "tags" in child] == [["risk_a1"]]
    assert {"custom_ticket_fields": {str(reason): "risk_a1"}}.items() <= children[-1].items()


def test_without_the_sideload_texts_are_left_out(desk: Desk) -> None:
    desk.set_clock(START)
    desk.ticket()
    desk.set_clock("2030-01-01T01:00:00Z")

    body = desk.get("incremental/ticket_events.json", params={"start_time": 0})

    comment = body["ticket_events"][0]["child_events"][0]
    assert (comment["comment_present"], comment["comment_public"]) == (True, True)
    assert "body" not in comment


@pytest.mark.parametrize("resource", ["tickets", "ticket_events", "users", "organizations"])
def test_samples_of_exports_have_fifty_rows_at_most(resource: str) -> None:
    with desk_on(tickets=60, export_lag=timedelta(0)) as desk:
        sample = desk.get(f"incremental/{resource}/sample.json?start_time=0")

    rows = sample[resource]
    assert 0 < len(rows) <= 50
    assert sample["count"] == len(rows)


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_can_lose_its_exports(desk: Desk, status: int) -> None:
    rule = {"fault": "refused", "status": status, "path": "incremental/*"}
    desk.put("/sandbox/faults", {"api": {"rules": [rule]}})

    assert desk.call("GET", "tickets").ok
    assert desk.call("GET", "incremental/tickets/cursor?start_time=0").status_code == status
    assert desk.call("GET", "incremental/users?start_time=0").status_code == status
