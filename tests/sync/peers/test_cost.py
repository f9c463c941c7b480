"""Complaints about copies that take for ever: requests by the record, restarts, lost progress."""

import math
import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from integrations.sandbox.fault_rules import ServerError, TooManyRequests
from integrations.sandbox.faults import ApiFaults, Faults
from integrations.sandbox.routes import incremental
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.history import ticket_audits, ticket_comments
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from tests.support.copying import Asked, Body, copying, count, ids, import_tickets
from tests.support.mirror import rows

TICKETS_EXPORT = "incremental/tickets/cursor"
EVENTS_EXPORT = "incremental/ticket_events"


def faults(*rules: Any) -> Faults:
    return Faults(api=ApiFaults(rules=rules))


def test_complaint_18_audits_cost_a_request_per_thousand(any_engine: Engine) -> None:
    """airbytehq/airbyte#22611, singer-io/tap-zendesk#14: audits in hours, archived ones never."""
    with copying(any_engine, tickets=200) as copier:
        desk = copier.desk
        told = {
            audit["id"] for case in desk.sandbox.state.living_tickets() for audit in case.audits
        }
        closed = {
            c.id for c in desk.sandbox.state.living_tickets() if c.record["status"] == "closed"
        }
        copier.sync()
        asked = copier.requests()

    assert asked[EVENTS_EXPORT] <= math.ceil(len(told) / 1000) + 1
    assert [path for path in asked if path.endswith("/audits")] == []
    assert ids(any_engine, ticket_audits) >= told
    audited = {row["ticket_id"] for row in rows(any_engine, ticket_audits)}
    assert closed
    assert closed <= audited


def test_complaint_19_comments_cost_no_request_of_their_own(any_engine: Engine) -> None:
    """airbytehq/airbyte#11899, #11035, #7373, #14253, #28653: comments one ticket at a time."""
    with copying(any_engine, tickets=200) as copier:
        copier.sync()
        asked = copier.requests()

    assert count(any_engine, ticket_comments) > count(any_engine, tickets) >= 200
    by_ticket = re.compile(r"comments|tickets/\d+/")
    assert [path for path in asked if by_ticket.search(path)] == []


def test_complaint_19_a_long_refusal_ends_the_run_instead_of_holding_it(any_engine: Engine) -> None:
    """airbytehq/airbyte#11899: one 429 held the copy for seven hours."""
    refusal = TooManyRequests(path=EVENTS_EXPORT, retry_after=7 * 3600)
    with copying(any_engine, tickets=20, faults=faults(refusal)) as copier:
        results = copier.run("tickets", "ticket_events", "users")
        waited = sum(copier.clock.slept)
        copier.desk.sandbox.dice.faults = Faults()
        copier.clock.now += 7 * 3600
        copier.sync()
        differences = copier.differences()

    failed = {name for name, each in results.items() if each.error}
    assert failed == {"ticket_events"}
    assert waited < 600
    assert differences == []


def test_complaint_20_a_thousand_rows_cost_a_handful_of_requests(any_engine: Engine) -> None:
    """airbytehq/airbyte#6400: a thousand rows took two hours."""
    with copying(any_engine, tickets=1000) as copier:
        copier.sync("tickets", "ticket_events", "users")
        asked = copier.requests()
        audits = count(any_engine, ticket_audits)

    assert count(any_engine, tickets) >= 1000
    assert count(any_engine, ticket_metrics) == count(any_engine, tickets)
    assert asked[TICKETS_EXPORT] <= math.ceil(count(any_engine, tickets) / 1000) + 1
    assert asked[EVENTS_EXPORT] <= math.ceil(audits / 1000) + 1
    assert asked.total() <= asked[TICKETS_EXPORT] + asked[EVENTS_EXPORT] + 3


def test_complaint_21_a_page_that_times_out_is_asked_for_in_smaller_ones(
    any_engine: Engine,
) -> None:
    """airbytehq/airbyte#52059, facetoe/zenpy#433: the same page of 1,000 answered 504 for ever."""
    too_large = ServerError(path="incremental/*", statuses=(504,), page_over=100, body="html")
    with copying(any_engine, tickets=150, faults=faults(too_large)) as copier:
        copier.sync("tickets", "ticket_events", "users")
        sizes = [int(query.get("per_page", 1000)) for query in copier.queries(TICKETS_EXPORT)]
        struck = copier.desk.sandbox.dice.struck["server_error"]
        copier.desk.sandbox.dice.faults = Faults()
        differences = copier.differences("tickets", "ticket_events", "users")

    assert struck >= 2
    assert sizes[0] > 100
    assert min(sizes) > 10
    assert count(any_engine, tickets) >= 150
    assert differences == []


class PowerCutError(Exception):
    """The process ends here."""


def test_complaint_22_what_was_read_before_a_kill_is_not_read_again(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostHog/posthog#83777, #24793: ninety minutes without state, killed, and again from zero."""
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", 20)
    pages = 0

    def cut_power(_connection: Connection, stream: str, _records: Sequence[Any]) -> None:
        nonlocal pages
        pages += stream == "tickets"
        if pages == 3:
            pages += 1
            raise PowerCutError

    with copying(any_engine, tickets=100) as copier:
        with pytest.raises(PowerCutError):
            copier.run("tickets", on_page=cut_power)
        kept = count(any_engine, tickets)
        (position,) = rows(any_engine, sync_cursors)
        before = copier.queries(TICKETS_EXPORT)
        copier.requests()
        copier.sync("tickets")
        after = copier.queries(TICKETS_EXPORT)
        differences = copier.differences("tickets")

    assert (kept, position["pages"], len(before)) == (40, 2, 3)
    assert after[0]["cursor"] == position["cursor"] == before[-1]["cursor"]
    assert not {query["cursor"] for query in after[1:]} & {query.get("cursor") for query in before}
    assert differences == []


def test_complaint_23_metrics_of_an_old_ticket_follow_its_changes(any_engine: Engine) -> None:
    """estuary/connectors#1880, #1895, #2014, #2088: metrics by creation, so old ones went stale."""
    with copying(any_engine) as copier:
        desk = copier.desk
        old = import_tickets(
            desk,
            [
                {
                    "subject": "Old",
                    "requester_id": desk.user_id("admin@example.com"),
                    "created_at": "2025-03-03T09:00:00Z",
                    "comments": [{"value": "Hello"}],
                }
            ],
        )[0]
        for _ in range(30):
            desk.ticket()
        copier.sync("tickets")
        copier.requests()
        assignee = desk.user_id("admin@example.com")
        desk.update(old, status="solved", assignee_id=assignee, comment={"body": "Done"})
        copier.sync("tickets")
        asked = copier.requests()
        differences = copier.differences("tickets")

    assert count(any_engine, ticket_metrics, ticket_id=old, solved_at=None) == 0
    assert asked == {TICKETS_EXPORT: 1}
    assert differences == []


def test_complaint_24_a_retry_goes_on_with_the_page_that_failed(
    any_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """airbytehq/airbyte#52133: every retry began the stream anew, 21 times."""
    monkeypatch.setattr(incremental, "BIGGEST_PAGE", 20)
    broken = ServerError(path=TICKETS_EXPORT, statuses=(503,), skip=2, count=2)
    with copying(any_engine, tickets=100, faults=faults(broken)) as copier:
        result = copier.sync("tickets")["tickets"]
        answers = [each for each in copier.asked if each.path == TICKETS_EXPORT]

    good = [each.query.get("cursor") for each in answers if each.status == 200]
    bad = [each.query.get("cursor") for each in answers if each.status == 503]
    assert len(bad) == 2
    assert set(bad) == {good[2]}
    assert len(good) == len(set(good)) == result.pages


def test_two_thousand_tickets_are_copied_without_a_request_for_each(any_engine: Engine) -> None:
    """Nothing is asked by the ticket, and everything by the page."""

    def note_schedules(asked: Asked, body: Body) -> None:
        schedules.extend(body["schedules"] if asked.path == "business_hours/schedules" else ())

    schedules: list[Any] = []
    with copying(any_engine, tamper=note_schedules) as copier:
        requester = copier.desk.user_id("admin@example.com")
        asked_for = {"subject": "Many", "requester_id": requester, "comments": [{"value": "Hi"}]}
        import_tickets(copier.desk, [asked_for] * 2000)
        copier.sync()
        asked = copier.requests()

    pages = {TICKETS_EXPORT: 2, EVENTS_EXPORT: 1}
    assert count(any_engine, tickets) == count(any_engine, ticket_comments) == 2000
    assert {path: times for path, times in asked.items() if path in pages} == pages
    few = {path: times for path, times in asked.items() if path not in pages}
    assert set(few.values()) == {1}
    assert sum("holidays" in path for path in few) == len(schedules)
