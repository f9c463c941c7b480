"""Clocks from the warehouse and back into it, on both databases."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, update

from integrations.runtime.clock import format_instant
from integrations.runtime.database import reading, transaction
from sync.mirror.intake import mark_vanished, store_ticket
from sync.sla import service
from sync.sla.asking import clocks_of
from sync.warehouse.tables.policies import schedule_holidays, sla_policies
from sync.warehouse.tables.sla import sla_clock_targets, sla_clocks
from tests.support.mirror import make_change, make_comment, make_creation, make_ticket
from tests.support.sla import AGENT, CUSTOMER, FIRST, LIGHT, NINE, WAIT, after
from tests.support.sla_warehouse import MARK, audit_at, furnish


def receive(
    engine: Engine,
    ticket_id: int = 1,
    *,
    replies_after: float | None = None,
    replier: int = AGENT,
    solved: bool = False,
    **changes: Any,
) -> None:
    """Let the mirror store a ticket of the customer, answered or not."""
    first = ticket_id * 100
    audits = [
        audit_at(
            first,
            ticket_id,
            NINE,
            CUSTOMER,
            make_comment(first + 1) | {"author_id": CUSTOMER},
            make_creation(first + 2, "status", "new"),
            make_creation(first + 3, "priority", "normal"),
        )
    ]
    status = "new"
    if replies_after is not None:
        status = "solved" if solved else "open"
        reply = make_comment(first + 11) | {"author_id": replier}
        moved = make_change(first + 12, "status", status, "new")
        audits.append(audit_at(first + 10, ticket_id, after(replies_after), replier, reply, moved))
    ticket = make_ticket(
        ticket_id,
        status=status,
        requester_id=CUSTOMER,
        submitter_id=CUSTOMER,
        created_at=format_instant(NINE),
        updated_at=format_instant(after(replies_after or 0)),
        **changes,
    )
    with transaction(engine) as connection:
        store_ticket(connection, ticket, audits, source="export", now=after(0))


def refresh(engine: Engine, *ticket_ids: int, now: datetime) -> int:
    with transaction(engine) as connection:
        return service.refresh(connection, ticket_ids or (1,), now=now)


def stored(engine: Engine, metric: str, ticket_id: int = 1) -> Mapping[str, Any]:
    query = select(sla_clocks).where(
        sla_clocks.c.metric == metric, sla_clocks.c.ticket_id == ticket_id
    )
    with reading(engine) as connection:
        return dict(connection.execute(query).mappings().one())


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(sla_clocks)).all())


def test_clocks_are_stored_with_all_that_people_ask_for(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine, replies_after=75)
    refresh(any_engine, now=after(90))

    assert stored(any_engine, FIRST) == {
        "ticket_id": 1,
        "metric": FIRST,
        "instance": 1,
        "policy_id": "7",
        "policy_title": "Everybody",
        "priority": "normal",
        "target_seconds": 3600,
        "business_hours": False,
        "schedule_id": None,
        "schedule_version": None,
        "source": "zendesk",
        "paused_spells": [],
        "unknown_reason": None,
        "started_at": NINE,
        "due_at": None,
        "fulfilled_at": after(75),
        "breach_at": after(60),
        "breached": True,
        "elapsed_seconds": 4500,
        "remaining_seconds": -900,
        "state": "achieved",
        "explanation": (
            "First reply ended 2026-03-02 10:15:00 UTC with 1 h 15 min of 1 h calendar time"
            " (policy Everybody, priority normal); breached 2026-03-02 10:00:00 UTC."
        ),
        "computed_at": after(90),
    }


def test_every_target_of_a_clock_is_kept(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine)
    refresh(any_engine, now=after(10))
    query = select(sla_clock_targets).where(sla_clock_targets.c.metric == FIRST)
    with reading(any_engine) as connection:
        (target,) = connection.execute(query).mappings()

    assert dict(target) == {
        "ticket_id": 1,
        "metric": FIRST,
        "instance": 1,
        "position": 1,
        "applied_at": NINE,
        "policy_id": "7",
        "policy_title": "Everybody",
        "priority": "normal",
        "target_seconds": 3600,
        "business_hours": False,
        "schedule_id": None,
        "schedule_version": None,
    }


def test_business_hours_follow_the_accounts_schedule(any_engine: Engine) -> None:
    furnish(any_engine, business_hours=True)
    receive(any_engine)
    refresh(any_engine, now=after(10 * 60))
    wait = stored(any_engine, WAIT)

    assert (wait["schedule_id"], wait["elapsed_seconds"]) == (5, 7 * 3600)


def test_a_holiday_of_the_schedule_counts(any_engine: Engine) -> None:
    furnish(any_engine, business_hours=True)
    holiday = {"id": 9, "schedule_id": 5, "name": "Closed"}
    with transaction(any_engine) as connection:
        connection.execute(
            insert(schedule_holidays).values(
                **MARK, **holiday, start_date=NINE.date(), end_date=NINE.date()
            )
        )
    receive(any_engine)
    refresh(any_engine, now=after(60))

    assert stored(any_engine, FIRST)["due_at"] == after(24 * 60)


def test_a_light_agents_public_comment_is_a_reply(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine, replies_after=10, replier=LIGHT)
    refresh(any_engine, now=after(90))

    assert stored(any_engine, FIRST)["fulfilled_at"] == after(10)


def test_a_second_refresh_replaces_the_clocks(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    first = refresh(sqlite_engine, now=after(10))
    second = refresh(sqlite_engine, now=after(70))

    assert first == second == count(sqlite_engine)
    assert stored(sqlite_engine, FIRST)["breached"] is True


def test_two_who_compute_the_same_clocks_at_once_both_end_well(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine)
    with ThreadPoolExecutor() as pool:
        with transaction(any_engine) as connection:
            first = service.refresh(connection, [1], now=after(10))
            waiting = pool.submit(refresh, any_engine, 1, now=after(11))
            done, _ = wait([waiting], timeout=0.3)
        second = waiting.result(timeout=30)

    assert done == set()
    assert first == second == count(any_engine)


def test_a_ticket_that_vanished_loses_its_clocks(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    refresh(sqlite_engine, now=after(10))
    with transaction(sqlite_engine) as connection:
        mark_vanished(connection, 1, now=after(20))
    refresh(sqlite_engine, now=after(30))

    assert count(sqlite_engine) == 0


def test_a_ticket_nobody_knows_is_no_error(sqlite_engine: Engine) -> None:
    assert refresh(sqlite_engine, 404, now=after(10)) == 0


def test_without_policies_clocks_run_without_targets(sqlite_engine: Engine) -> None:
    receive(sqlite_engine)
    refresh(sqlite_engine, now=after(90))

    assert stored(sqlite_engine, FIRST)["target_seconds"] is None


def test_behind_a_policy_that_cannot_be_read_nobody_knows_the_target(any_engine: Engine) -> None:
    furnish(any_engine)
    broken = {"id": 6, "title": "Broken", "position": 0, "filter": [], "policy_metrics": []}
    with transaction(any_engine) as connection:
        connection.execute(insert(sla_policies).values(MARK | broken))
    receive(any_engine)
    refresh(any_engine, now=after(10))
    clock, reason = stored(any_engine, FIRST), "policy 6 may apply, nobody can tell"

    assert (clock["state"], clock["target_seconds"], clock["due_at"]) == ("unknown", None, None)
    assert clock["unknown_reason"] == f"{reason}: its filter cannot be read"
    assert clock["explanation"].endswith(f"nobody can know, because {clock['unknown_reason']}.")


def test_more_tickets_need_no_more_queries(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    for ticket_id in range(1, 21):
        receive(sqlite_engine, ticket_id, replies_after=10)
    statements: list[str] = []
    event.listen(
        sqlite_engine, "before_cursor_execute", lambda _c, _cur, sql, *_: statements.append(sql)
    )
    refresh(sqlite_engine, 1, now=after(90))
    for_one = len(statements)
    refresh(sqlite_engine, *range(1, 21), now=after(90))

    assert len(statements) == 2 * for_one


@pytest.mark.parametrize(
    ("arranged", "minutes", "expected"),
    [
        pytest.param({"replies_after": 10, "solved": True}, 70, [0], id="finished and unchanged"),
        pytest.param({"replies_after": 10}, 59, [0], id="still in time"),
        pytest.param({"replies_after": 10}, 60, [1, 1], id="breached by waiting"),
    ],
)
def test_only_what_moved_is_refreshed(
    any_engine: Engine, arranged: dict[str, Any], minutes: float, expected: list[int]
) -> None:
    furnish(any_engine)
    receive(any_engine, **arranged)
    list(service.refresh_stale(any_engine, now=after(30)))

    assert list(service.refresh_stale(any_engine, now=after(minutes))) == expected
    assert list(service.refresh_stale(any_engine, now=after(minutes + 0.5))) == [0]


def test_everything_can_be_refreshed_on_request(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine, replies_after=10, solved=True)
    list(service.refresh_stale(any_engine, now=after(90)))
    right = stored(any_engine, FIRST)
    with transaction(any_engine) as connection:
        connection.execute(update(sla_clocks).values(state="active", due_at=after(500)))
        connection.execute(update(sla_clock_targets).values(position=9))

    list(service.refresh_stale(any_engine, now=after(100)))
    assert stored(any_engine, FIRST)["state"] == "active"
    list(service.refresh_stale(any_engine, now=after(100), everything=True))
    assert stored(any_engine, FIRST) == {**right, "computed_at": after(100)}
    with any_engine.connect() as connection:
        positions = connection.execute(select(sla_clock_targets.c.position).distinct())
        assert positions.scalars().all() == [1]


def test_a_clock_that_says_the_same_is_not_written_again(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine, replies_after=10, solved=True)
    list(service.refresh_stale(any_engine, now=after(90)))
    list(service.refresh_stale(any_engine, now=after(100), everything=True))

    assert stored(any_engine, FIRST)["computed_at"] == after(90)


def test_a_ticket_that_vanished_is_stale_once(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine, replies_after=10, solved=True)
    list(service.refresh_stale(sqlite_engine, now=after(90)))
    with transaction(sqlite_engine) as connection:
        mark_vanished(connection, 1, now=after(95))

    assert list(service.refresh_stale(sqlite_engine, now=after(100))) == [1, 1]
    assert list(service.refresh_stale(sqlite_engine, now=after(110))) == [0]


def test_clocks_of_one_ticket_are_told_for_any_moment_without_being_stored(
    any_engine: Engine,
) -> None:
    furnish(any_engine)
    receive(any_engine, replies_after=75)
    with reading(any_engine) as connection:
        early, _ = clocks_of(connection, 1, now=after(30))
        late, hours = clocks_of(connection, 1, now=after(90))
        none, _ = clocks_of(connection, 404, now=after(90))

    states = [
        next((one.state.value, one.breached) for one in found if one.metric == FIRST)
        for found in (early, late)
    ]
    assert states == [("active", False), ("achieved", True)]
    assert 5 in {schedule for schedule, _ in hours}
    assert none == []
    assert count(any_engine) == 0
