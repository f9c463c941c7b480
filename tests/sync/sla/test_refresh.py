"""Clocks are kept right by touching only tickets that something happened to."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, insert, literal, select, text, update

from integrations.runtime.database import UtcDateTime, reading, transaction
from sync.mirror.intake import mark_vanished
from sync.sla import service
from sync.sla.choices import Choices
from sync.sla.engine import compute
from sync.sla.moments import written
from sync.sla.names import METRIC_NAMES
from sync.sla.schedules import to_second
from sync.sla.source import load_timelines
from sync.sla.source_rules import load_rulebook
from sync.warehouse.tables.people import users
from sync.warehouse.tables.policies import group_sla_policies, schedules
from sync.warehouse.tables.sla import sla_clocks, stale_clocks
from sync.warehouse.tables.versions import sla_policy_versions
from sync.warehouse.views.clocks_now import clocks_at
from tests.support.mirror import rows
from tests.support.sla import (
    AGENT,
    CUSTOMER,
    FIRST,
    LIGHT,
    NINE,
    OTHER_AGENT,
    WAIT,
    after,
)
from tests.support.sla_warehouse import MARK, Update, furnish, receive_life

REPLY: Update = (10, AGENT, True, {"status": "open"})
SOLVED: Update = (20, AGENT, True, {"status": "solved"})


def refreshed(engine: Engine, minutes: float, **options: Any) -> int:
    """Refresh what is stale and return how many tickets were."""
    return next(iter(list(service.refresh_stale(engine, now=after(minutes), **options))))


def seen(engine: Engine, at: datetime) -> list[dict[str, Any]]:
    """Return what the view shows at an instant."""
    query = clocks_at(literal(at, UtcDateTime)).order_by(
        sla_clocks.c.ticket_id, sla_clocks.c.metric, sla_clocks.c.instance
    )
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def computed(engine: Engine, at: datetime, ids: Collection[int]) -> list[dict[str, Any]]:
    """Return what the engine says at that instant, as the view shows it."""
    with reading(engine) as connection:
        rules = load_rulebook(connection)
        found = [
            (timeline.ticket_id, clock)
            for timeline in load_timelines(connection, ids)
            for clock in compute(timeline, rules, now=at)
        ]
    return [
        {
            "ticket_id": ticket_id,
            "metric": clock.metric,
            "instance": clock.instance,
            "state": clock.state.value,
            "elapsed_seconds": clock.elapsed_seconds,
            "remaining_seconds": clock.remaining_seconds,
            "breached": clock.breached,
            "breach_at": clock.breach_at and written(clock.breach_at),
            "due_at": clock.due_at and written(clock.due_at),
        }
        for ticket_id, clock in sorted(
            found, key=lambda one: (one[0], one[1].metric, one[1].instance)
        )
    ]


def as_computed(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("ticket_id", "metric", "instance", "state", "elapsed_seconds", "remaining_seconds")
    instants = {
        name: row[name] and written(to_second(row[name])) for name in ("breach_at", "due_at")
    }
    return {name: row[name] for name in names} | {"breached": bool(row["breached"])} | instants


def random_life(random: Random) -> list[Update]:
    """Return what may happen to a ticket within a week."""
    updates: list[Update] = []
    minutes = 0.0
    for _ in range(random.randrange(6)):
        minutes += random.choice([0.5, random.randrange(1, 300), random.randrange(1, 3000)])
        changes: dict[str, Any] = {}
        if random.random() < 0.7:
            changes["status"] = random.choice(["open", "pending", "hold", "solved"])
        if random.random() < 0.2:
            changes["priority"] = random.choice(["low", "normal"])
        if random.random() < 0.2:
            changes["group_id"] = random.choice([51, 52])
        author = random.choice([CUSTOMER, AGENT, LIGHT])
        updates.append((minutes, author, random.choice([None, True, False]), changes))
    return updates


@pytest.mark.parametrize("business_hours", [True, False])
def test_the_view_shows_at_any_instant_what_the_engine_says_then(
    any_engine: Engine,
    business_hours: bool,  # noqa: FBT001 - the parameter's two cases
) -> None:
    random = Random(7)
    furnish(any_engine, business_hours=business_hours, metrics=sorted(METRIC_NAMES))
    for ticket_id in range(1, 13):
        receive_life(any_engine, ticket_id, random_life(random))
    begin = after(7 * 24 * 60)
    list(service.refresh_stale(any_engine, now=begin))
    last = begin
    for _ in range(6):
        last += timedelta(seconds=random.randrange(1, 200_000))

        shown = [as_computed(row) for row in seen(any_engine, last)]
        assert shown == computed(any_engine, last, range(1, 13))


@pytest.mark.parametrize("seed", range(3))
def test_refreshing_what_changed_ends_where_refreshing_everything_does(
    any_engine: Engine, seed: int
) -> None:
    random = Random(seed)
    furnish(any_engine, business_hours=True, metrics=sorted(METRIC_NAMES))
    lives = {ticket_id: random_life(random) for ticket_id in range(1, 9)}
    for minutes in sorted(random.randrange(6000) for _ in range(4)):
        for ticket_id, life in lives.items():
            known = [one for one in life if one[0] <= minutes]
            if random.random() < 0.6:
                receive_life(any_engine, ticket_id, known, read_at=after(minutes))
        refreshed(any_engine, minutes)
    for ticket_id, life in lives.items():
        receive_life(any_engine, ticket_id, life, read_at=after(9000))
    refreshed(any_engine, 9000)
    little_by_little = seen(any_engine, after(9500))
    refreshed(any_engine, 9400, everything=True)

    assert seen(any_engine, after(9500)) == little_by_little
    assert len(little_by_little) > 8


def test_whatever_the_mirror_writes_makes_a_ticket_stale(any_engine: Engine) -> None:
    furnish(any_engine)
    receive_life(any_engine, 1, [])
    counts = [refreshed(any_engine, 5), refreshed(any_engine, 5)]
    receive_life(any_engine, 1, [REPLY], read_at=after(11))
    counts.append(refreshed(any_engine, 12))
    with transaction(any_engine) as connection:
        mark_vanished(connection, 1, now=after(30))
    counts.append(refreshed(any_engine, 31))

    assert counts == [1, 0, 1, 1]
    assert rows(any_engine, stale_clocks) == rows(any_engine, sla_clocks) == []


def test_a_refresh_that_is_rolled_back_leaves_the_ticket_stale(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    refreshed(sqlite_engine, 0)
    receive_life(sqlite_engine, 1, [])
    with sqlite_engine.connect() as connection:
        service.refresh(connection, [1], now=after(5))
        connection.rollback()

    assert refreshed(sqlite_engine, 6) == 1


def test_what_is_dated_in_the_future_counts_when_its_time_comes(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive_life(sqlite_engine, 1, [REPLY])
    before, early, late = (refreshed(sqlite_engine, minutes) for minutes in (5, 9, 11))

    assert (before, early, late) == (1, 0, 1)
    assert {row["state"] for row in rows(sqlite_engine, sla_clocks) if row["metric"] == FIRST} == {
        "achieved"
    }


def test_a_changed_policy_reaches_tickets_that_were_updated_since(any_engine: Engine) -> None:
    furnish(any_engine)
    for ticket_id, updates in ((1, [SOLVED]), (2, [REPLY]), (3, [(700.0, AGENT, None, {})])):
        receive_life(any_engine, ticket_id, updates)
    refreshed(any_engine, 800)
    with transaction(any_engine) as connection:
        version = {"kind": "ticket", "policy_id": "7", "record": {"filter": {}}}
        times = dict.fromkeys(("known_from", "noted_at", "last_read_at"), after(600))
        connection.execute(insert(sla_policy_versions).values(**version, **times, active_from=NINE))
    all_at_first = refreshed(any_engine, 801)
    with transaction(any_engine) as connection:
        connection.execute(
            insert(sla_policy_versions).values(**version, **times, active_from=after(600))
        )

    assert (all_at_first, refreshed(any_engine, 802), refreshed(any_engine, 803)) == (3, 1, 0)


def test_other_choices_reach_every_ticket(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    for ticket_id in (1, 2):
        receive_life(sqlite_engine, ticket_id, [SOLVED])
    refreshed(sqlite_engine, 30)

    assert refreshed(sqlite_engine, 31, choices=Choices(opening_starts_updates=False)) == 2


def test_who_joins_the_staff_answered_all_along(any_engine: Engine) -> None:
    furnish(any_engine)
    receive_life(any_engine, 1, [(10, OTHER_AGENT, True, {})])
    receive_life(any_engine, 2, [REPLY])
    refreshed(any_engine, 30)
    person = {"id": OTHER_AGENT, "role": "agent", "raw": {}, "tags": [], "user_fields": {}}
    with transaction(any_engine) as connection:
        connection.execute(insert(users).values(**MARK | person, updated_at=NINE))

    assert refreshed(any_engine, 31) == 1
    assert first_reply(any_engine)["fulfilled_at"] == after(10)


def first_reply(engine: Engine) -> Mapping[str, Any]:
    query = select(sla_clocks).where(sla_clocks.c.metric == FIRST, sla_clocks.c.ticket_id == 1)
    with reading(engine) as connection:
        return dict(connection.execute(query).mappings().one())


def test_a_trigger_can_give_a_ticket_other_business_hours(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine, business_hours=True)
    week = {"time_zone": "UTC", "intervals": [{"start_time": 0, "end_time": 10080}]}
    with transaction(sqlite_engine) as connection:
        connection.execute(insert(schedules).values(**MARK, **week, id=6, name="Always"))
    receive_life(sqlite_engine, 1, [(5, AGENT, None, {"schedule_id": 6})])
    refreshed(sqlite_engine, 6)
    clock = first_reply(sqlite_engine)

    assert (clock["schedule_id"], clock["due_at"]) == (6, after(60))


def test_a_schedule_that_is_not_here_leaves_its_clocks_unknown(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine, business_hours=True)
    receive_life(sqlite_engine, 1, [(5, AGENT, None, {"schedule_id": 99})])
    refreshed(sqlite_engine, 6)
    clock = first_reply(sqlite_engine)

    assert (clock["state"], clock["due_at"]) == ("unknown", None)
    assert clock["unknown_reason"] == "nobody knows schedule 99"


@pytest.mark.parametrize("broken", [{"time_zone": "Mars"}, {"intervals": [{"start_time": "x"}]}])
def test_business_hours_that_cannot_be_read_leave_only_their_clocks_unknown(
    sqlite_engine: Engine, broken: dict[str, Any]
) -> None:
    furnish(sqlite_engine, business_hours=True)
    with transaction(sqlite_engine) as connection:
        connection.execute(update(schedules).values(broken))
    receive_life(sqlite_engine, 1, [])
    refreshed(sqlite_engine, 6)
    states = {row["metric"]: row["state"] for row in rows(sqlite_engine, sla_clocks)}

    assert (states[FIRST], states[WAIT]) == ("unknown", "unknown")
    assert states["agent_work_time"] == "active"


def test_group_policies_are_followed(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    line = {"metric": "group_ownership_time", "priority": "normal", "target": 1800}
    condition = {"field": "group_id", "operator": "includes", "value": ["51"]}
    policy = {"id": "01HTIER1", "title": "Tier 1", "position": 1, "filter": {"all": [condition]}}
    with transaction(sqlite_engine) as connection:
        values = MARK | policy | {"policy_metrics": [line]}
        connection.execute(insert(group_sla_policies).values(values))
    receive_life(sqlite_engine, 1, [(5, AGENT, None, {"group_id": 51})])
    refreshed(sqlite_engine, 6)
    (clock,) = (r for r in rows(sqlite_engine, sla_clocks) if r["metric"] == "group_ownership_time")

    assert (clock["policy_id"], clock["due_at"]) == ("01HTIER1", after(35))


def test_an_unknown_metric_of_a_policy_is_told_and_leaves_the_others_alone(
    sqlite_engine: Engine,
) -> None:
    furnish(sqlite_engine, metrics=(FIRST, "time_to_smile"))
    receive_life(sqlite_engine, 1, [])
    refreshed(sqlite_engine, 6)
    states = {row["metric"]: row["state"] for row in rows(sqlite_engine, sla_clocks)}

    assert (states["time_to_smile"], states[FIRST]) == ("unknown", "active")


def test_due_clocks_are_found_without_looking_at_all(any_engine: Engine) -> None:
    query = (
        "SELECT ticket_id FROM sla_clocks"
        " WHERE state = 'active' AND breached = false AND due_at <= '2026-03-02 09:00:00'"
    )
    explain = "EXPLAIN QUERY PLAN " if any_engine.dialect.name == "sqlite" else "EXPLAIN "
    with reading(any_engine) as connection:
        plan = connection.execute(text(explain + query)).all()

    assert "ix_sla_clocks_" in str(plan)
