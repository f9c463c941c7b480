"""No complaint is lost because a webhook was."""

from datetime import timedelta

from sqlalchemy import Engine

from integrations.runtime.database import reading, transaction
from sync.mirror.catch_up import uncovered
from sync.mirror.intake import store_ticket
from sync.mirror.landing import Arrival, land
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.tickets import tickets
from tests.support.mirror import NOON, exported, make_ticket, raws


def mirrored(engine: Engine, *ticket_ids: int, updated: float = 0) -> None:
    records = [exported(make_ticket(n, updated=updated), generated=updated) for n in ticket_ids]
    with transaction(engine) as connection:
        land(connection, tickets, raws(*records), Arrival("tickets", Source.EXPORT, NOON))


def worked_on(engine: Engine, ticket_id: int, *, updated: float = 0) -> None:
    ticket = make_ticket(ticket_id, updated=updated)
    with transaction(engine) as connection:
        store_ticket(connection, ticket, [], source="webhook", now=NOON)


def found(engine: Engine, **query: object) -> list[int]:
    with reading(engine) as connection:
        return [each.ticket_id for each in uncovered(connection, **query)]  # type: ignore[arg-type]


def test_ticket_that_no_webhook_told_about_is_found(any_engine: Engine) -> None:
    mirrored(any_engine, 1, 2)
    worked_on(any_engine, 1)

    assert found(any_engine) == [2]


def test_ticket_that_changed_after_it_was_worked_on_is_found(any_engine: Engine) -> None:
    worked_on(any_engine, 1)
    mirrored(any_engine, 1, updated=3)

    assert found(any_engine) == [1]


def test_ticket_worked_on_in_a_newer_state_than_the_export_is_covered(any_engine: Engine) -> None:
    worked_on(any_engine, 1, updated=5)
    mirrored(any_engine, 1, updated=3)

    assert found(any_engine) == []


def test_only_the_asked_tickets_and_times_are_searched(any_engine: Engine) -> None:
    mirrored(any_engine, 1, 2)
    mirrored(any_engine, 3, updated=10)

    assert found(any_engine, ticket_ids=[1, 3]) == [1, 3]
    assert found(any_engine, changed_since=NOON + timedelta(minutes=10)) == [3]
