"""What lists no longer tell of is asked for by its number: alive, deleted, or gone for good."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from integrations.runtime.database import reading
from sync.warehouse.tables.rereads import ticket_rereads
from sync.warehouse.tables.tickets import tickets
from tests.support.copying import count
from tests.support.two_sources import TwoMirrors, two_mirrors

MINUTE = timedelta(minutes=1)


@pytest.fixture
def both(any_engine: Engine, tmp_path: Path) -> Iterator[TwoMirrors]:
    with two_mirrors(any_engine, tmp_path) as pair:
        yield pair


def row_of(engine: Engine, number: int) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(tickets).where(tickets.c.id == number)).one()


def test_a_ticket_that_vanished_without_a_trace_is_marked_by_the_sweep(both: TwoMirrors) -> None:
    desk = both.copier.desk
    stayed, vanished = desk.ticket()["id"], desk.ticket()["id"]
    both.sync()
    del desk.sandbox.state.tickets[vanished]  # deleted and purged between two looks at the bin
    both.copier.later(timedelta(hours=1))
    both.sync()

    assert row_of(both.by_lists, vanished).status == "deleted"
    assert row_of(both.by_lists, stayed).deleted_at is None
    assert count(both.by_lists, ticket_rereads) == 0


def test_an_open_ticket_that_was_archived_meanwhile_is_read_by_its_number(
    both: TwoMirrors,
) -> None:
    desk = both.copier.desk
    number = desk.ticket()["id"]
    both.sync()
    desk.update(number, status="closed", assignee_id=desk.user_id("priya.nair@example.com"))
    shelf = desk.sandbox.state.tickets
    both.copier.later(MINUTE)
    shelf.archive(both.copier.now)  # while the mirror stood still
    both.sync()

    assert shelf.is_archived(number)
    assert row_of(both.by_lists, number).status == "closed"


def test_a_ticket_that_left_the_bin_by_being_restored_is_not_erased(both: TwoMirrors) -> None:
    desk = both.copier.desk
    number = desk.ticket()["id"]
    both.sync()
    desk.delete(f"tickets/{number}")
    both.copier.later(MINUTE)
    both.sync()
    desk.put(f"deleted_tickets/{number}/restore")
    both.copier.later(MINUTE)
    both.sync("deleted_tickets")  # the bin is read before the list of changes

    restored = row_of(both.by_lists, number)
    assert (restored.status, restored.deleted_at, restored.erased_at) == ("new", None, None)
