"""Complaints about the edges of pages: repeated records, crowded seconds, cursors that stand."""

from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.sandbox.routes import incremental
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import Asked, Body, Copier, copying, count, import_tickets
from tests.support.mirror import rows

HISTORY = (ticket_audits, ticket_comments, ticket_field_history)


class Tally:
    """Counts which records came, and how often."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.ids: list[int] = []

    def __call__(self, _asked: Asked, body: Body) -> None:
        self.ids += [one["id"] for one in body.get(self.key, ())]


def opened(copier: Copier, number: int) -> list[int]:
    """Open tickets, all within one second."""
    requester = copier.desk.user_id("admin@example.com")
    asked = {"subject": "Crowd", "requester_id": requester, "comments": [{"value": "Hello"}]}
    return import_tickets(copier.desk, [asked] * number)


def test_complaint_14_records_repeated_at_a_boundary_are_stored_once(any_engine: Engine) -> None:
    """dlt-hub/verified-sources#659: 50,082 rows for 50,000, and events in duplicate."""
    tally = Tally("ticket_events")
    with copying(any_engine, tickets=40, tamper=tally) as copier:
        for _ in range(3):
            copier.sync()
        told = copier.desk.get("incremental/ticket_events", params={"start_time": 0})
        differences = copier.differences()

    assert len(tally.ids) > len(set(tally.ids)), "the last second must have come again"
    assert count(any_engine, ticket_audits) == len(set(tally.ids)) == told["count"]
    assert differences == []


def test_complaint_15_runs_without_news_write_nothing_anew(any_engine: Engine) -> None:
    """airbytehq/airbyte#11901: the last record was handed out again with every run."""
    tally = Tally("tickets")
    with copying(any_engine, tickets=20, tamper=tally) as copier:
        copier.sync()
        tally.ids.clear()
        before = [rows(any_engine, table) for table in (tickets, users)]
        results = [copier.sync("tickets", "users") for _ in range(3)]
        after = [rows(any_engine, table) for table in (tickets, users)]

    assert [each["tickets"].rows for each in results] == [0, 0, 0]
    assert tally.ids == []
    assert after == before


@pytest.mark.parametrize("size", [10, 100])
def test_complaint_16_more_than_a_page_in_one_second(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """PostHog/posthog#59215 and eight more: a full page at one time was read for ever."""
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", size)
    with copying(any_engine) as copier:
        crowd = opened(copier, 250)
        copier.sync("tickets", "ticket_events", "users")
        asked = copier.requests()
        times = {case.generated for case in copier.desk.sandbox.state.living_tickets()}
        differences = copier.differences("tickets", "ticket_events", "users")

    assert len(times) == 1
    assert count(any_engine, tickets) == len(crowd) == 250
    assert count(any_engine, ticket_comments) == 250
    assert asked["incremental/tickets/cursor"] <= 250 // size + 2
    assert asked["incremental/ticket_events"] <= 250 // size + 2
    assert differences == []


def test_complaint_16_time_paging_passes_a_second_that_fills_a_page(any_engine: Engine) -> None:
    """facetoe/zenpy#451, singer-io/tap-zendesk#103: the end of a full page was its beginning."""

    def crowded(asked: Asked, body: Body) -> Body | None:
        """Answer as if the crowded second filled a page, which ends in the second it began in."""
        if asked.path != "incremental/ticket_events" or int(asked.query["start_time"]) > second:
            return None
        page = [one for one in body["ticket_events"] if one["timestamp"] <= second]
        return body | {"ticket_events": page, "end_time": second, "end_of_stream": False}

    with copying(any_engine, tamper=crowded) as copier:
        second = int(copier.now.timestamp())
        opened(copier, 30)
        copier.later()
        later = copier.desk.ticket()["id"]
        result = copier.run("tickets", "ticket_events")["ticket_events"]
        asked = copier.requests()["incremental/ticket_events"]

    assert result.error is None
    assert asked <= 4
    assert count(any_engine, ticket_comments) == 31
    assert count(any_engine, ticket_comments, ticket_id=later) == 1


def test_complaint_17_a_cursor_that_stands_still_is_read_once(any_engine: Engine) -> None:
    """pipeshub-ai/pipeshub-ai#2836: the guard against a stuck cursor consumed its page again."""
    stuck: dict[str, Any] = {}

    def stand_still(asked: Asked, body: Body) -> Body | None:
        if asked.path != "incremental/tickets/cursor" or not body["tickets"]:
            return None
        stuck.setdefault("cursor", body["after_cursor"])
        return body | {"after_cursor": stuck["cursor"], "end_of_stream": False}

    with copying(any_engine, tamper=stand_still) as copier:
        opened(copier, 20)
        result = copier.run("tickets")["tickets"]
        asked = copier.requests()["incremental/tickets/cursor"]
        copier.tamper = None
        later = copier.desk.ticket()["id"]
        copier.sync("tickets")
        differences = copier.differences("tickets")

    assert asked <= 2
    assert result.rows == 20
    assert count(any_engine, tickets) == 21
    assert count(any_engine, tickets, id=later) == 1
    assert differences == []
