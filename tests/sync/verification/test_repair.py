"""Repair stores what differs anew and marks what is gone, and never undoes what is newer."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update

from integrations.runtime.clock import format_instant
from integrations.runtime.database import transaction
from sync.mirror.intake import store_ticket
from sync.streams.registry import BY_NAME, STREAMS
from sync.verification.check import check
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import (
    ticket_field_values,
    ticket_metrics,
    ticket_tags,
    tickets,
)
from tests.support.mirror import Record, make_ticket, make_user, rows
from tests.support.verification import (
    VERIFIED,
    Account,
    Reader,
    copy,
    found,
    make_metrics,
    verified,
)

MIRRORED = (
    *(tickets, ticket_tags, ticket_field_values, ticket_metrics, ticket_audits),
    *(ticket_comments, ticket_field_history, users, groups),
)


@pytest.fixture
def account(any_engine: Engine) -> Account:
    copied = Account(
        tickets={number: make_ticket(number) for number in range(7, 12)},
        metrics={number: make_metrics(number) for number in range(7, 12)},
    )
    copy(any_engine, copied)
    return copied


def contents(engine: Engine) -> list[Any]:
    own = {"_synced_at", "_source"}
    return [
        [{name: value for name, value in row.items() if name not in own} for row in rows(engine, t)]
        for t in MIRRORED
    ]


def test_empty_warehouse_is_filled(any_engine: Engine, account: Account) -> None:
    before = contents(any_engine)
    with transaction(any_engine) as connection:
        for table in MIRRORED:
            connection.execute(delete(table))
    mended = verified(any_engine, account, mend=True)

    assert mended.differences
    assert all(each.repaired for each in mended.differences)
    assert contents(any_engine) == before
    assert {row["_source"] for table in (tickets, users) for row in rows(any_engine, table)} == {
        "verify"
    }
    assert found(any_engine, account, full=True) == []


def test_only_what_differed_is_marked_as_repaired(any_engine: Engine, account: Account) -> None:
    with transaction(any_engine) as connection:
        connection.execute(update(tickets).where(tickets.c.id == 9).values(priority="low"))
    verified(any_engine, account, mend=True)
    sources = {row["id"]: row["_source"] for row in rows(any_engine, tickets)}

    assert sources.pop(9) == "verify"
    assert set(sources.values()) == {"export"}


def test_what_the_desk_noted_on_a_ticket_stays(any_engine: Engine, account: Account) -> None:
    with transaction(any_engine) as connection:
        connection.execute(update(tickets).values(handled_version=VERIFIED, priority="low"))
    verified(any_engine, account, mend=True)

    assert {row["handled_version"] for row in rows(any_engine, tickets)} == {VERIFIED}
    assert {row["priority"] for row in rows(any_engine, tickets)} == {"normal"}


def test_row_that_arrives_before_the_repair_is_left_alone(
    any_engine: Engine, account: Account
) -> None:
    with transaction(any_engine) as connection:
        connection.execute(update(tickets).where(tickets.c.id == 7).values(priority="low"))
    newer = make_ticket(7, priority="urgent") | {
        "updated_at": format_instant(VERIFIED + timedelta(seconds=1))
    }

    class Busy(Reader):
        def ticket(self, ticket_id: int) -> Record:
            with transaction(any_engine) as connection:  # while the comparison reads
                store_ticket(connection, newer, [], source="webhook", now=VERIFIED)
            return super().ticket(ticket_id)

    account.now = VERIFIED
    mended = check(any_engine, Busy(account), account, mend=True, streams=[BY_NAME["tickets"]])

    assert [(each.field, each.repaired) for each in mended.differences] == [("priority", False)]
    assert {row["id"]: row["priority"] for row in rows(any_engine, tickets)}[7] == "urgent"


def test_deleted_ticket_that_zendesk_restored_comes_back(
    any_engine: Engine, account: Account
) -> None:
    with transaction(any_engine) as connection:
        marks = {"status": "deleted", "deleted_at": VERIFIED, "updated_at": VERIFIED}
        connection.execute(update(tickets).where(tickets.c.id == 7).values(marks))
    verified(any_engine, account, mend=True)
    ticket = rows(any_engine, tickets)[0]

    assert (ticket["id"], ticket["status"], ticket["deleted_at"]) == (7, "open", None)


def test_record_that_cannot_be_stored_stays_a_difference(
    any_engine: Engine, account: Account
) -> None:
    account.users.append(make_user(5, updated_at="never"))
    for _attempt in range(2):
        (difference,) = verified(any_engine, account, mend=True).differences
        assert (difference.table, difference.id, difference.repaired) == ("users", "5", False)


def test_rows_of_an_unreadable_record_are_not_taken_for_deleted(
    any_engine: Engine, account: Account
) -> None:
    account.users[0] |= {"updated_at": "never"}
    account.audits[0] |= {"author_id": "nobody"}
    mended = verified(any_engine, account, mend=True)

    assert {(each.table, each.id) for each in mended.differences} == {
        ("users", "9001"),
        ("ticket_audits", "70"),
    }
    assert {row["deleted_at"] for row in rows(any_engine, ticket_comments)} == {None}
    assert {row["deleted_at"] for row in rows(any_engine, users)} == {None}


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_every_stream_compares_and_repairs_an_empty_account(
    sqlite_engine: Engine, stream: Any
) -> None:
    result = verified(sqlite_engine, Account(), streams=[stream], mend=True, full=True)

    assert result.failures == []
