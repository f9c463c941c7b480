"""Audits of all tickets, counts, sideloads inside tickets, metrics by id, recent work."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox import Desk, desk_on


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with desk_on(tickets=30) as talking:
        yield talking


@pytest.fixture(scope="module")
def audits(desk: Desk) -> list[int]:
    """The ids of all audits, newest first."""
    found = [
        (audit["created_at"], audit["id"])
        for case in desk.sandbox.state.living_tickets()
        for audit in case.audits
    ]
    return [number for _, number in sorted(found, reverse=True)]


def below(desk: Desk, url: str) -> str:
    return url.removeprefix(f"{desk.sandbox.url}/api/v2/")


def test_all_audits_are_read_backwards(desk: Desk, audits: list[int]) -> None:
    read: list[int] = []
    url: str | None = "ticket_audits.json?limit=7"
    while url:
        page = desk.get(below(desk, url))
        read += [audit["id"] for audit in page["audits"]]
        url = page["before_url"]

    assert read == audits


def test_the_newest_audits_are_waited_for_with_the_other_cursor(
    desk: Desk, audits: list[int]
) -> None:
    page = desk.get("ticket_audits.json?limit=3&sort_order=asc")
    number = desk.ticket()["id"]

    after = desk.get(below(desk, page["after_url"]))

    assert [audit["id"] for audit in page["audits"]] == audits[2::-1]
    assert [audit["ticket_id"] for audit in after["audits"]] == [number]
    assert base64.b64decode(page["after_cursor"]).decode().endswith(f".0||{audits[0]}|")
    assert base64.b64decode(page["before_cursor"]).decode().startswith("|")
    desk.delete(f"tickets/{number}.json")


def test_all_audits_are_read_by_pages_from_the_oldest(desk: Desk, audits: list[int]) -> None:
    read: list[int] = []
    page = desk.get("ticket_audits.json?page[size]=50")
    while page["audits"]:
        read += [audit["id"] for audit in page["audits"]]
        page = desk.get(below(desk, page["links"]["next"]))

    assert read == audits[::-1]


def test_a_page_leads_back_to_the_one_before(desk: Desk) -> None:
    first = desk.get("ticket_audits.json?page[size]=5")
    second = desk.get(below(desk, first["links"]["next"]))

    back = desk.get(below(desk, second["links"]["prev"]))

    assert back["audits"] == first["audits"]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=fHw%3D", "page[after]=x", "page[size]=101"])
def test_odd_cursors_are_refused(desk: Desk, query: str) -> None:
    assert desk.call("GET", f"ticket_audits.json?{query}").status_code == 400


def test_comments_and_audits_are_counted(desk: Desk) -> None:
    number = desk.ticket()["id"]
    desk.update(number, comment={"body": "more"}, priority="high")
    desk.update(number, priority="low")

    comments = desk.get(f"tickets/{number}/comments/count.json")["count"]
    audits = desk.get(f"tickets/{number}/audits/count.json")["count"]

    assert (comments["value"], audits["value"]) == (2, 3)
    assert comments["refreshed_at"]


def test_sideloads_inside_the_ticket_and_beside_it(desk: Desk) -> None:
    names = "comment_count,dates,incident_counts,last_audits,brands,ticket_forms,sharing_agreements"

    shown = desk.get(f"tickets/1.json?include={names}")

    ticket, metrics = shown["ticket"], desk.get("tickets/1/metrics.json")["ticket_metric"]
    audits = desk.get("tickets/1/audits.json")["audits"]
    assert ticket["comment_count"] == desk.get("tickets/1/comments/count.json")["count"]["value"]
    assert ticket["dates"]["status_updated_at"] == metrics["status_updated_at"]
    assert ticket["incident_count"] == 0
    assert shown["last_audits"] == [audits[-1]]
    assert [one["id"] for one in shown["brands"]] == [ticket["brand_id"]]
    assert [one["id"] for one in shown["ticket_forms"]] == [ticket["ticket_form_id"]]
    assert shown["sharing_agreements"] == []


def test_lists_carry_the_same_sideloads(desk: Desk) -> None:
    body = desk.get("tickets.json?page[size]=3&include=comment_count,last_audits")

    assert all("comment_count" in ticket for ticket in body["tickets"])
    assert [audit["ticket_id"] for audit in body["last_audits"]] == [1, 2, 3]


def test_metrics_are_found_by_their_id_and_by_their_ticket(desk: Desk) -> None:
    metrics = desk.get("tickets/2/metrics.json")["ticket_metric"]

    by_id = desk.get(f"ticket_metrics/{metrics['id']}.json")["ticket_metric"]
    by_ticket = desk.get("ticket_metrics/2.json")["ticket_metric"]

    assert by_id == by_ticket == [metrics]
    assert desk.call("GET", "ticket_metrics/999999.json").status_code == 404


def test_metrics_of_all_tickets_begin_with_the_newest(desk: Desk) -> None:
    first = desk.get("ticket_metrics.json?page[size]=4")
    second = desk.get(below(desk, first["links"]["next"]))

    numbers = [one["ticket_id"] for one in first["ticket_metrics"] + second["ticket_metrics"]]
    assert numbers == sorted(numbers, reverse=True)


def test_recent_tickets_are_those_the_caller_worked_on_last(desk: Desk) -> None:
    as_lin = {"X-On-Behalf-Of": "lin.wei@example.com"}
    numbers = [desk.ticket()["id"] for _ in range(6)]
    for number in numbers:
        desk.put(f"tickets/{number}", {"ticket": {"priority": "low"}}, headers=as_lin)
    desk.put(f"tickets/{numbers[2]}", {"ticket": {"priority": "high"}}, headers=as_lin)

    recent = desk.get("tickets/recent.json", headers=as_lin)["tickets"]

    expected = [numbers[n] for n in (2, 5, 4, 3, 1)]
    assert [one["id"] for one in recent] == expected


def test_safe_updates_hold_for_bulk_work_and_tags(desk: Desk) -> None:
    ticket = desk.ticket()
    old = {"safe_update": False, "updated_stamp": "2020-01-01T00:00:00Z"}
    good = {"safe_update": "true", "updated_stamp": ticket["updated_at"]}

    tags = desk.call("PUT", f"tickets/{ticket['id']}/tags.json", json={"tags": ["a"]} | old)
    results = _update_many(desk, [{"id": ticket["id"], "priority": "low"} | old])
    done = _update_many(desk, [{"id": ticket["id"], "priority": "low"} | good])

    assert tags.status_code == 409
    assert results[0]["error"] == "UpdateConflict"
    assert done[0]["success"] is True


def test_a_change_for_many_names_them_by_id_or_by_the_id_of_another_system(desk: Desk) -> None:
    ids = [desk.ticket(external_id=f"case-{n}")["id"] for n in range(2)]

    job = desk.put(
        f"tickets/update_many.json?ids={ids[0]},99999&external_ids=case-1",
        {"ticket": {"additional_tags": ["swept"]}},
    )["job_status"]

    results = desk.get(f"job_statuses/{job['id']}.json")["job_status"]["results"]
    tags = [desk.get(f"tickets/{number}.json")["ticket"]["tags"] for number in ids]
    assert tags == [["swept"], ["swept"]]
    assert [one["success"] for one in results] == [True, False, True]
    failed = {"error": "RecordNotFound", "details": "Not found", "success": False}
    assert results[1] == {"index": 1, "id": 99999} | failed


def test_what_is_wrong_with_an_item_is_told_in_the_report(desk: Desk) -> None:
    closed = desk.ticket(status="closed")["id"]

    results = _update_many(desk, [{"id": closed, "priority": "low"}, {"priority": "low"}])

    assert results[0]["details"] == "Status: closed prevents ticket update"
    assert results[1]["error"] == "RecordNotFound"


def _update_many(desk: Desk, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    job = desk.put("tickets/update_many.json", {"tickets": items})["job_status"]
    results: list[dict[str, Any]] = desk.get(f"job_statuses/{job['id']}")["job_status"]["results"]
    return results
