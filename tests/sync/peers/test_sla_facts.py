"""Complaints about SLA: the object without a column, and minutes that nobody can reproduce."""

from collections import deque
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select

from integrations.runtime.clock import format_instant
from integrations.runtime.database import reading
from sync.sla import service as sla
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import ticket_metrics
from tests.support.copying import Copier, copying
from tests.support.mirror import rows

MINUTES = {
    "reply_time_minutes": ("reply_time_in_minutes", "calendar"),
    "reply_time_business_minutes": ("reply_time_in_minutes", "business"),
    "first_resolution_minutes": ("first_resolution_time_in_minutes", "calendar"),
    "full_resolution_minutes": ("full_resolution_time_in_minutes", "calendar"),
    "requester_wait_minutes": ("requester_wait_time_in_minutes", "calendar"),
    "agent_wait_minutes": ("agent_wait_time_in_minutes", "calendar"),
    "on_hold_minutes": ("on_hold_time_in_minutes", "calendar"),
}
Record = dict[str, Any]


def told_events(copier: Copier) -> dict[int, Record]:
    """Return the metric events as the account's export tells them."""
    found: dict[int, Record] = {}
    start = 0
    while True:
        query = {"start_time": start}
        page = copier.desk.get("incremental/ticket_metric_events", params=query)
        found |= {one["id"]: one for one in page["ticket_metric_events"]}
        if page["end_of_stream"]:
            return found
        start = page["end_time"]


def test_complaint_26_the_sla_of_an_event_has_columns(any_engine: Engine) -> None:
    """airbytehq/airbyte#45667: which target and policy applied was not in the schema."""
    with copying(any_engine, tickets=60) as copier:
        copier.sync()
        told = told_events(copier)

    stored = {row["id"]: row for row in rows(any_engine, ticket_metric_events)}
    applied = {number: one["sla"] for number, one in told.items() if one.get("sla")}
    assert len(applied) > 20
    for number, promise in applied.items():
        row = stored[number]
        assert row["sla"] == promise
        assert row["target_seconds"] == promise["target_in_seconds"]
        assert row["business_hours"] == promise["business_hours"]
        assert row["policy_id"] == str(promise["policy"]["id"])
        assert row["policy_title"] == promise["policy"]["title"]
    withdrawn = {number for number, one in told.items() if one.get("deleted")}
    assert withdrawn
    assert {number for number, row in stored.items() if row["deleted"]} == withdrawn


def test_complaint_28_minutes_are_those_of_zendesk(any_engine: Engine) -> None:
    """fivetran/dbt_zendesk#25, #4, #53, #54, #88, #121, #141, #51: minutes were reckoned anew."""
    with copying(any_engine, tickets=60) as copier:
        copier.sync()
        told = told_events(copier)
        page = copier.desk.get(
            "incremental/tickets/cursor", params={"start_time": 0, "include": "metric_sets"}
        )

    stored = {row["id"]: row for row in rows(any_engine, ticket_metric_events)}
    ended = {number: one["status"] for number, one in told.items() if one.get("status")}
    kept = {
        number: {
            "calendar": stored[number]["status_calendar_minutes"],
            "business": stored[number]["status_business_minutes"],
        }
        for number in ended
    }
    assert len(ended) > 50
    assert kept == ended
    metrics = {row["ticket_id"]: row for row in rows(any_engine, ticket_metrics)}
    for one in page["metric_sets"]:
        row = metrics[one["ticket_id"]]
        assert {name: row[name] for name in MINUTES} == {
            name: one[key][unit] for name, (key, unit) in MINUTES.items()
        }


def play_some_lives(copier: Copier) -> None:
    """Open tickets of all priorities; some are answered, wait, are reopened or solved."""
    desk = copier.desk
    agent = desk.user_id("admin@example.com")
    steps: list[list[Record]] = [
        [],
        [{"comment": {"body": "We look into it"}, "status": "open"}],
        [{"comment": {"body": "Which one?"}, "status": "pending"}],
        [{"comment": {"body": "A note", "public": False}}, {"priority": "urgent"}],
        [{"comment": {"body": "Done"}, "status": "solved"}, {"status": "open"}],
        [{"status": "hold"}, {"comment": {"body": "Still checking"}}],
    ]
    for priority in ("low", "normal", "high", "urgent"):
        for life in steps:
            tags = ["riskdesk"] if priority == "high" else []
            number = desk.ticket(priority=priority, tags=tags)["id"]
            for step in life:
                copier.later(timedelta(minutes=7))
                desk.update(number, assignee_id=agent, **step)


def test_complaint_28_clocks_stand_where_zendesk_has_them(any_engine: Engine) -> None:
    """fivetran/dbt_zendesk#142, #116, #144, #108, #168, #175, #179: deadlines disagreed."""
    with copying(any_engine, tickets=20) as copier:
        play_some_lives(copier)
        copier.sync()
        copier.later(timedelta(minutes=20))
        deque(sla.refresh_stale(any_engine, now=copier.now, everything=True), maxlen=0)
        told = {
            case.id: copier.desk.get(f"tickets/{case.id}/slas/policy_metrics")["policy_metrics"]
            for case in copier.desk.sandbox.state.living_tickets()
        }

    promised = {
        (number, one["metric"], one["breach_at"])
        for number, metrics in told.items()
        for one in metrics
        if one["stage"] == "active"
    }
    ours = sla_clocks.c
    running = select(ours.ticket_id, ours.metric, ours.due_at).where(
        ours.state == "active", ours.target_seconds.is_not(None)
    )
    with reading(any_engine) as connection:
        kept = {(row[0], row[1], format_instant(row[2])) for row in connection.execute(running)}
    assert len(promised) > 10
    assert kept == promised
