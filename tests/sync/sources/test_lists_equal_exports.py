"""A day of changes, mirrored by lists, leaves the same rows as the same day by exports."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.clock import format_instant
from sync.streams.stream import Paging
from sync.verification.check import check
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import organizations, users
from sync.warehouse.tables.tickets import (
    ticket_field_values,
    ticket_metrics,
    ticket_tags,
    tickets,
)
from tests.support.copying import START, import_tickets, quiet_change
from tests.support.sandbox import Desk
from tests.support.two_sources import two_mirrors

HISTORY = (ticket_audits, ticket_comments, ticket_field_history)
TABLES = (
    *(tickets, ticket_tags, ticket_field_values, ticket_metrics, *HISTORY, users, organizations),
)
MINUTE = timedelta(minutes=1)


def closed(days: float, subject: str) -> dict[str, Any]:
    """Build a ticket that was closed so many days ago."""
    moment = format_instant(START - timedelta(days=days))
    times = {"created_at": moment, "updated_at": moment, "solved_at": moment}
    return {"subject": subject, "comment": {"body": "Old"}, "status": "closed"} | times


def morning(desk: Desk) -> dict[str, int]:
    """Open the tickets of the day; one was archived long ago, another will be today."""
    names = "changed bulk1 bulk2 deleted restored again redacted merged target quiet".split()
    made = {name: desk.ticket(subject=name)["id"] for name in names}
    made["archived"], made["aging"] = import_tickets(
        desk, [closed(300, "archived"), closed(119.95, "aging")]
    )
    return made


def day(desk: Desk, made: dict[str, int], pause: Any) -> None:
    """Let everything happen to the tickets, each at a time of its own."""
    desk.update(made["changed"], comment={"body": "查看中 checking", "public": False}, tags=["x"])
    pause()
    ids = f"{made['bulk1']},{made['bulk2']}"
    desk.put(f"tickets/update_many.json?ids={ids}", {"ticket": {"priority": "urgent"}})
    pause()
    for name in ("deleted", "restored", "again"):
        desk.delete(f"tickets/{made[name]}")
    pause()
    for name in ("restored", "again"):
        desk.put(f"deleted_tickets/{made[name]}/restore")
    pause()
    desk.delete(f"tickets/{made['again']}")
    pause()
    secret = desk.update(made["redacted"], comment={"body": "my card is 4111 1111"})["audit"]
    pause()
    comment = next(each["id"] for each in secret["events"] if each["type"] == "Comment")
    path = f"tickets/{made['redacted']}/comments/{comment}/redact"
    desk.put(path, {"text": "4111 1111"})
    pause()
    desk.post(f"tickets/{made['target']}/merge", {"ids": [made["merged"]]})
    pause()
    quiet_change(desk, made["quiet"], priority="urgent")
    person = desk.post("users", {"user": {"name": "Ana", "email": "ana@customer.example"}})["user"]
    pause()
    desk.put(f"users/{person['id']}", {"user": {"phone": "+6512345678"}})
    leaving = desk.post("users", {"user": {"name": "Bo", "email": "bo@customer.example"}})["user"]
    pause()
    desk.delete(f"users/{leaving['id']}")
    desk.post("organizations", {"organization": {"name": "Acme"}})
    pause()


@pytest.mark.parametrize(
    ("database", "every"),
    [
        pytest.param("sqlite_engine", 1, id="sqlite, each step"),
        pytest.param("sqlite_engine", 3, id="sqlite, sometimes"),
        pytest.param("postgres_engine", 3, id="postgresql, sometimes"),
        pytest.param("postgres_engine", 100, id="postgresql, once"),
    ],
)
def test_a_day_by_lists_equals_the_same_day_by_exports(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, every: int
) -> None:
    archive = timedelta(days=120)
    engine: Engine = request.getfixturevalue(database)
    with two_mirrors(engine, tmp_path, tickets=30, archive_after=archive) as both:
        desk, steps = both.copier.desk, 0
        made = morning(desk)
        both.copier.later(MINUTE)
        both.sync()

        def pause() -> None:
            nonlocal steps
            steps += 1
            both.copier.later(MINUTE)
            if steps % every == 0:
                both.sync()

        day(desk, made, pause)
        both.copier.later(timedelta(hours=3))
        both.sync()
        both.copier.sync()

        found = {table.name: both.differing(table) for table in TABLES}

    # Documented: Zendesk lists no audits of what was archived before the first copy, and metrics
    # of a deleted ticket only where it is exported.
    archived = [found.pop(table.name) for table in HISTORY]
    of_deleted = found.pop(ticket_metrics.name)
    assert {name: rows for name, rows in found.items() if rows} == {}
    assert all(archived)
    assert tickets_of(archived) == {made["archived"]}
    assert {lost["updated_at"] > kept["updated_at"] for lost, kept in of_deleted.values()} == {True}
    assert tickets_of([of_deleted]) == {made["deleted"], made["again"]}


def tickets_of(found: list[dict[str, tuple[Any, Any]]]) -> set[int]:
    """Return the tickets to which rows belong that differ."""
    return {one["ticket_id"] for rows in found for pair in rows.values() for one in pair if one}


def test_verification_by_lists_finds_no_difference_after_such_a_day(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    archive = timedelta(days=120)
    with two_mirrors(sqlite_engine, tmp_path, tickets=30, archive_after=archive) as both:
        made = morning(both.copier.desk)
        both.copier.later(MINUTE)
        day(both.copier.desk, made, lambda: both.copier.later(MINUTE))
        both.sync()
        streams = [each for each in both.source.streams if each.paging is not Paging.SWEEP]
        found = check(sqlite_engine, both.copier.client, both.source, streams=streams, full=True)

    assert found.differences == []
    assert found.is_equal
