"""Zendesk's own account of SLA clocks arrives whole: promises, breaches to come, late events."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine

from integrations.runtime.clock import format_instant, parse_instant
from integrations.zendesk.export import Page
from sync.mirror import engine as mirror
from sync.mirror.cursors import Position
from sync.mirror.lanes import BEGINNING, advanced
from sync.sla.metric_events import MetricEvent
from sync.sources.exports import ZendeskExports
from sync.streams.registry import BY_NAME
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.sla import stale_clocks
from tests.support.account import client_of
from tests.support.mirror import raws, rows
from tests.support.sandbox import Desk, desk_on

STREAM = BY_NAME["ticket_metric_events"]
START = parse_instant("2026-03-02T09:00:00Z")
URGENT: dict[str, Any] = {"priority": "urgent", "tags": ["riskdesk"]}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_on(seed=5, start=START) as running:
        yield running


def step(desk: Desk, **later: float) -> datetime:
    """Set the record clock so much after the start."""
    moment = START + timedelta(**later)
    desk.set_clock(format_instant(moment))
    return moment


def copy(engine: Engine, desk: Desk, now: datetime) -> None:
    source = ZendeskExports(client_of(desk).session)
    (result,) = mirror.run(engine, source, [STREAM], now=now)
    assert result.error is None


def events(engine: Engine, **wanted: Any) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in rows(engine, ticket_metric_events)
        if all(row[name] == value for name, value in wanted.items())
    ]


def test_breach_is_known_before_its_time_and_withdrawn_when_it_will_not_come(
    any_engine: Engine, desk: Desk
) -> None:
    ticket = desk.ticket(**URGENT)["id"]
    now = step(desk, minutes=3)
    copy(any_engine, desk, now)
    ahead = events(any_engine, type="breach", metric="requester_wait_time")
    desk.update(ticket, status="solved")
    copy(any_engine, desk, step(desk, minutes=6))
    after = events(any_engine, type="breach", metric="requester_wait_time")

    assert [(row["time"] > now, row["deleted"], row["deleted_at"]) for row in ahead] == [
        (True, False, None)
    ]
    assert [(row["id"], row["deleted"], row["deleted_at"]) for row in after] == [
        (ahead[0]["id"], True, ahead[0]["time"])
    ]


def test_an_event_that_is_read_again_unchanged_is_not_written_again(
    any_engine: Engine, desk: Desk
) -> None:
    desk.ticket(**URGENT)
    copy(any_engine, desk, step(desk, minutes=3))
    before, noted = events(any_engine), rows(any_engine, stale_clocks)
    copy(any_engine, desk, step(desk, minutes=6))

    assert any(row["type"] == "breach" for row in before)
    assert (events(any_engine), rows(any_engine, stale_clocks)) == (before, noted)


def test_breaches_ahead_do_not_lead_the_walk_into_the_future(
    any_engine: Engine, desk: Desk
) -> None:
    for _ in range(3):
        desk.ticket(**URGENT)
    copy(any_engine, desk, step(desk, minutes=3))
    desk.ticket(**URGENT)
    copy(any_engine, desk, step(desk, minutes=6))

    opened = {row["ticket_id"] for row in events(any_engine, type="activate")}
    assert len(opened) == 4
    assert max(row["time"] for row in events(any_engine)) > START + timedelta(minutes=6)


def test_breach_ahead_does_not_end_the_copy_of_the_past_early() -> None:
    before = Position(STREAM.name, "backfill", start_at=BEGINNING, until_at=START)
    event = {"id": 1, "type": "breach", "time": format_instant(START + timedelta(hours=1))}
    written = int((START - timedelta(hours=3)).timestamp())
    page = Page(
        records=raws(event),
        sideloads={},
        cursor=str(written),
        end=False,
        server_time=START + timedelta(hours=2),
    )
    after = advanced(before, STREAM, page, stored=1, requests=1, notice=None, now=START)

    assert (after.caught_up_at, after.position_at) == (None, START - timedelta(hours=3))


@pytest.mark.parametrize("minutes", [11, 13, 18])
def test_event_written_late_with_its_original_time_is_found(
    any_engine: Engine, desk: Desk, minutes: int
) -> None:
    desk.ticket(**URGENT)
    copy(any_engine, desk, step(desk, minutes=3))
    faults = {"metric_events": {"late_metric_events": {"rate": 1.0, "minutes": minutes}}}
    desk.put("/sandbox/faults", faults)
    late = desk.ticket(**URGENT)["id"]
    desk.put("/sandbox/faults", {})
    copy(any_engine, desk, step(desk, minutes=8))
    desk.ticket(**URGENT)
    unseen = events(any_engine, ticket_id=late)
    copy(any_engine, desk, step(desk, minutes=12))
    copy(any_engine, desk, step(desk, minutes=3 + minutes + 4))

    assert unseen == []
    assert events(any_engine, ticket_id=late, type="activate") != []
    listed = desk.get("incremental/ticket_metric_events.json?start_time=0")
    assert {row["id"] for row in events(any_engine)} == {
        each["id"] for each in listed["ticket_metric_events"]
    }


def test_promises_of_both_kinds_of_policies_can_be_queried(any_engine: Engine, desk: Desk) -> None:
    desk.ticket(**URGENT, group_id=desk.group_id("Legal"))
    copy(any_engine, desk, step(desk, minutes=3))

    (group,) = events(any_engine, type="apply_group_sla")
    policy = desk.get("group_slas/policies")["group_sla_policies"][0]
    assert (group["policy_id"], group["policy_title"]) == (policy["id"], policy["title"])
    assert (group["target_seconds"], group["business_hours"]) == (7200, True)
    (wait,) = events(any_engine, type="apply_sla", metric="requester_wait_time")
    assert (wait["target_seconds"], wait["business_hours"]) == (14400, False)
    assert wait["policy_id"] in {
        str(one["id"]) for one in desk.get("slas/policies")["sla_policies"]
    }


def test_rows_are_read_as_the_clocks_want_them(any_engine: Engine, desk: Desk) -> None:
    """The comparison of SLA clocks reads raw records: both kinds of promises have to be there."""
    desk.ticket(**URGENT, group_id=desk.group_id("Legal"))
    copy(any_engine, desk, step(desk, minutes=3))

    for row in events(any_engine):
        event = msgspec.convert(row["raw"], MetricEvent)
        promise = event.sla or event.group_sla
        assert (promise.seconds if promise else None) == row["target_seconds"]
        assert (event.id, event.time) == (row["id"], row["time"])
