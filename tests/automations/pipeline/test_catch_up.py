from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from automations.pipeline.catch_up import hand_over
from integrations.runtime.clock import format_instant
from integrations.runtime.database import transaction
from integrations.webhooks import repository as inbox
from sync.mirror import intake
from sync.mirror.landing import Arrival, land
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.tickets import tickets
from tests.support.deliveries import make_delivery, stored
from tests.support.mirror import NOON, make_ticket, raws

SINCE = NOON - timedelta(days=3)


def mirror(connection: Connection, ticket_id: int = 17, **changes: object) -> None:
    """Bring a ticket into the mirror as an export does, which nobody handled."""
    ticket = make_ticket(ticket_id, **changes)  # type: ignore[arg-type]
    land(connection, tickets, raws(ticket), Arrival("tickets", Source.EXPORT, NOON))


def caught_up(connection: Connection, *ticket_ids: int) -> list[int]:
    return hand_over(connection, ticket_ids, changed_since=SINCE, now=NOON)


def test_a_change_that_no_delivery_told_of_is_handed_over(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        mirror(connection)
        missed = caught_up(connection, 17)

    assert missed == [17]
    (row,) = stored(any_engine)
    assert (row["source"], row["event_type"], row["mark"]) == ("sync", "found_by_sync", "event")
    assert (row["ticket_id"], row["happened_at"], row["handled_at"]) == (17, NOON, None)


def test_the_same_change_is_handed_over_once_however_often_it_is_exported(
    any_engine: Engine,
) -> None:
    with transaction(any_engine) as connection:
        mirror(connection)
        caught_up(connection, 17)
        assert caught_up(connection, 17) == []
        (waiting,) = inbox.waiting(connection, 17, now=NOON)
        inbox.mark_handled(connection, [waiting["id"]], outcome="failed", now=NOON)
        caught_up(connection, 17)

    assert [row["outcome"] for row in stored(any_engine)] == ["failed"]


def test_the_next_change_is_handed_over_again(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        mirror(connection)
        caught_up(connection, 17)
        (waiting,) = inbox.waiting(connection, 17, now=NOON)
        inbox.mark_handled(connection, [waiting["id"]], outcome="handled", now=NOON)
        mirror(connection, updated=5)
        missed = caught_up(connection, 17)

    assert missed == [17]
    assert len(stored(any_engine)) == 2


def test_a_delivery_that_waits_covers_the_change(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        mirror(connection)
        inbox.store(connection, [make_delivery()], source="webhook", now=NOON)
        missed = caught_up(connection, 17)

    assert missed == []
    assert [row["source"] for row in stored(any_engine)] == ["webhook"]


def test_a_state_that_the_desk_has_seen_is_not_handed_over(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        intake.store_ticket(connection, make_ticket(17), [], source="webhook", now=NOON)

        assert caught_up(connection, 17) == []


@pytest.mark.parametrize(
    ("age", "handed_over"),
    [
        pytest.param(timedelta(days=3), True, id="just young enough"),
        pytest.param(timedelta(days=3, seconds=1), False, id="history"),
    ],
)
def test_old_changes_are_history(
    any_engine: Engine,
    age: timedelta,
    handed_over: bool,  # noqa: FBT001
) -> None:
    with transaction(any_engine) as connection:
        mirror(connection, updated_at=format_instant(NOON - age))

        assert caught_up(connection, 17) == ([17] if handed_over else [])


def test_a_closed_ticket_is_never_automated(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        mirror(connection, status="closed")
        mirror(connection, 18, status="solved")

        assert caught_up(connection, 17, 18) == [18]


def test_only_the_tickets_of_the_page_are_looked_at(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        mirror(connection, 17)
        mirror(connection, 18)

        assert caught_up(connection, 18) == [18]
        assert caught_up(connection) == []
        assert caught_up(connection, 404) == []


def test_the_oldest_change_comes_first(any_engine: Engine) -> None:
    with transaction(any_engine) as connection:
        mirror(connection, 17, updated=3)
        mirror(connection, 18, updated=1)
        mirror(connection, 19, updated=2)

        assert caught_up(connection, 17, 18, 19) == [18, 19, 17]
