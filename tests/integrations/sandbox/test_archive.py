"""Closed tickets leave the lists after a time, and nothing else forgets them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from integrations.runtime.clock import format_instant, utc_now
from tests.support.sandbox import Desk, desk_on

CLOSED, OPEN = 1, 2
LISTS = (
    "tickets?page[size]=100",
    "tickets?page[size]=100&sort=updated_at",
    "tickets?page[size]=100&sort=-updated_at",
    "tickets?page[size]=100&sort=status",
    "tickets?sort_by=created_at",
)


@pytest.fixture
def old() -> Iterator[Desk]:
    """Give a desk with a closed and an open ticket that nobody touched for 121 days."""
    with desk_on(archive_after=timedelta(days=120)) as desk:
        desk.set_clock("2031-01-01T00:00:00Z")
        desk.ticket(tags=["old"])
        desk.ticket(tags=["old"])
        desk.update(CLOSED, status="closed", assignee_id=desk.user_id("priya.nair@example.com"))
        desk.set_clock("2031-05-02T00:00:00Z")
        yield desk


@pytest.mark.parametrize("path", LISTS)
def test_lists_leave_archived_tickets_out(old: Desk, path: str) -> None:
    assert [one["id"] for one in old.get(path)["tickets"]] == [OPEN]


def test_lists_of_audits_and_metrics_leave_archived_tickets_out(old: Desk) -> None:
    audits = old.get("ticket_audits")["audits"]
    metrics = old.get("ticket_metrics")["ticket_metrics"]

    assert {one["ticket_id"] for one in audits} == {OPEN}
    assert [one["ticket_id"] for one in metrics] == [OPEN]


def test_archived_tickets_are_found_shown_and_exported(old: Desk) -> None:
    found = old.get("search/export?filter[type]=ticket&query=tags:old")["results"]
    shown = old.get(f"tickets/show_many?ids={CLOSED},{OPEN}&include=metric_sets")
    exported = old.get("incremental/tickets/cursor?start_time=0")["tickets"]

    for tickets in (found, shown["tickets"], exported):
        assert sorted(one["id"] for one in tickets) == [CLOSED, OPEN]
    assert len(shown["metric_sets"]) == 2
    assert len(old.get(f"tickets/{CLOSED}/audits")["audits"]) == 2


def test_an_archived_ticket_can_be_deleted_and_comes_back_to_the_lists(old: Desk) -> None:
    old.delete(f"tickets/{CLOSED}")
    in_the_bin = old.get("deleted_tickets")["deleted_tickets"]
    old.put(f"deleted_tickets/{CLOSED}/restore")

    assert [one["id"] for one in in_the_bin] == [CLOSED]
    assert [one["id"] for one in old.get(LISTS[0])["tickets"]] == [CLOSED, OPEN]


def test_history_older_than_that_begins_in_the_archive() -> None:
    with desk_on(tickets=60, archive_after=timedelta(days=1)) as desk:
        listed = {one["id"] for one in desk.get(LISTS[0])["tickets"]}
        yesterday = format_instant(utc_now() - timedelta(days=1))
        query = f"filter[type]=ticket&query=status:closed updated<{yesterday}"
        archived = {one["id"] for one in desk.get(f"search/export?{query}")["results"]}

        assert archived
        assert listed.isdisjoint(archived)
