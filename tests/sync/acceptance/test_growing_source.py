"""The case in which a cursor on updated_at loses rows: old times arrive late, in great number."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from integrations.runtime.clock import format_instant
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from tests.support.copying import Copier, copying, count, import_tickets, quiet_change
from tests.support.sandbox import Desk

HALF = 10_000
EVERY = 4  # one ticket in four changes without a sign in updated_at
OLD = datetime(2025, 1, 6, 8, tzinfo=UTC)


def past_tickets(
    desk: Desk, number: int, *, since: timedelta, old_in: int | None = None
) -> list[dict[str, Any]]:
    """Return tickets updated within twenty minutes from so long ago on; of `old_in` one earlier."""
    requester = desk.user_id("admin@example.com")
    first = desk.sandbox.state.clock.now() - since
    made = []
    for index in range(number):
        is_old = old_in is not None and index % old_in == 0
        updated = (OLD if is_old else first) + timedelta(seconds=index % 1200)
        made.append(
            {
                "subject": f"Withdrawal {index}",
                "requester_id": requester,
                "status": "open",
                "priority": "normal",
                "comments": [{"value": "Where is it?"}],
                "created_at": format_instant(OLD),
                "updated_at": format_instant(updated),
            }
        )
    return made


def kept_by_updated_at(copier: Copier, newest: str) -> set[int]:
    """Return what a copy keeps that drops records not updated after its newest one."""
    kept: set[int] = set()
    query: dict[str, Any] = {"start_time": 0}
    while True:
        page = copier.desk.get("incremental/tickets/cursor", params=query)
        kept |= {one["id"] for one in page["tickets"] if one["updated_at"] > newest}
        if page["end_of_stream"]:
            return kept
        query = {"cursor": page["after_cursor"]}


def test_source_that_doubles_while_a_quarter_changes_with_an_old_updated_at(
    any_engine: Engine,
) -> None:
    with copying(any_engine) as copier:
        desk = copier.desk
        first = import_tickets(desk, past_tickets(desk, HALF, since=timedelta(hours=3)))
        copier.sync("tickets")
        newest = max(desk.sandbox.state.tickets[number].record["updated_at"] for number in first)
        grown = past_tickets(desk, HALF, since=timedelta(minutes=30), old_in=EVERY)
        second = import_tickets(desk, grown)
        changed = first[::EVERY]
        for number in changed:
            quiet_change(desk, number, priority="urgent")
        copier.requests()
        copier.sync("tickets")

        asked = copier.requests()
        naive = set(first) | kept_by_updated_at(copier, newest)
        differences = copier.differences("tickets")

    assert 2 * HALF - len(naive) == HALF // EVERY, "a copy by updated_at must lose rows here"
    assert count(any_engine, tickets) == len(set(first) | set(second)) == 2 * HALF
    assert count(any_engine, tickets, priority="urgent") == len(changed)
    assert count(any_engine, ticket_metrics) == 2 * HALF
    assert differences == []
    assert asked["incremental/tickets/cursor"] <= (HALF + len(changed)) // 1000 + 2
