"""What changes while it is compared is no false alarm, and what differs is told with its cause."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from integrations.runtime.clock import format_instant
from integrations.runtime.database import metadata, transaction
from sync.mirror.intake import store_ticket
from sync.streams.registry import BY_NAME
from sync.verification.causes import ALTERED, DELETED, ERASED_HERE, MISSED, NEVER_COPIED
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.tickets import tickets
from tests.support.mirror import make_audit, make_comment, make_ticket, rows
from tests.support.verification import (
    VERIFIED,
    Account,
    copy,
    found,
    make_metrics,
    verified,
)

DURING = VERIFIED + timedelta(seconds=30)
TICKETS, EVENTS = BY_NAME["tickets"], BY_NAME["ticket_events"]


@pytest.fixture
def account(any_engine: Engine) -> Account:
    copied = Account(
        tickets={number: make_ticket(number) for number in range(1, 11)},
        metrics={number: make_metrics(number) for number in range(1, 11)},
        audits=[make_audit(100 + n, [make_comment(200 + n)], ticket_id=n) for n in range(1, 11)],
    )
    copy(any_engine, copied)
    return copied


def causes(engine: Engine, account: Account, **options: Any) -> set[str]:
    return {each.likely_cause for each in verified(engine, account, **options).differences}


def change_during(account: Account, *, number: int, page: int) -> None:
    """Change a ticket when that page of tickets is asked for, as a busy account does."""

    def change(stream: str, pages: int) -> None:
        if (stream, pages) == ("tickets", page):
            account.now = DURING
            changed = account.tickets.pop(number)  # exports list what changed at their end
            when = format_instant(DURING)
            account.tickets[number] = changed | {"status": "solved", "updated_at": when}

    account.on_page = change


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("page", [2, 4])
def test_ticket_that_changes_while_it_is_compared_is_no_difference(
    any_engine: Engine, account: Account, *, page: int, full: bool
) -> None:
    change_during(account, number=2, page=page)

    assert verified(any_engine, account, full=full).differences == []
    assert account.tickets[2]["status"] == "solved"


def test_ticket_that_the_mirror_hears_of_meanwhile_is_no_difference(
    any_engine: Engine, account: Account
) -> None:
    change_during(account, number=9, page=2)
    change_in_zendesk = account.on_page

    def change(stream: str, pages: int) -> None:
        change_in_zendesk(stream, pages)
        if (stream, pages) == ("tickets", 2):
            with transaction(any_engine) as connection:
                store_ticket(connection, account.tickets[9], [], source="webhook", now=DURING)

    account.on_page = change

    assert verified(any_engine, account).differences == []
    assert [row["status"] for row in rows(any_engine, tickets)].count("solved") == 1


def test_change_after_the_newest_copy_is_told_as_that(any_engine: Engine, account: Account) -> None:
    account.tickets[3] |= {
        "status": "solved",
        "updated_at": format_instant(VERIFIED - timedelta(minutes=20)),
    }
    (cause,) = causes(any_engine, account)

    assert cause.startswith("changed after the newest complete copy (2025-03-03 12:59:00 UTC)")


def test_row_that_was_altered_here_is_told_as_that(any_engine: Engine, account: Account) -> None:
    with transaction(any_engine) as connection:
        connection.execute(update(tickets).where(tickets.c.id == 3).values(priority="low"))

    assert causes(any_engine, account) == {ALTERED}


def test_record_that_a_complete_copy_missed_is_told_as_that(
    any_engine: Engine, account: Account
) -> None:
    account.tickets[77] = make_ticket(77)

    assert MISSED in causes(any_engine, account, streams=[TICKETS])


def test_deletion_that_the_mirror_did_not_notice_is_told_as_that(
    any_engine: Engine, account: Account
) -> None:
    del account.tickets[4]

    assert causes(any_engine, account, streams=[TICKETS]) == {DELETED}


def test_stream_that_was_never_copied_is_told_as_that(any_engine: Engine, account: Account) -> None:
    account.tickets[77] = make_ticket(77)
    with transaction(any_engine) as connection:
        connection.execute(update(sync_cursors).values(caught_up_at=None))

    assert causes(any_engine, account, streams=[TICKETS]) == {NEVER_COPIED}


def test_error_of_the_newest_run_is_the_cause(any_engine: Engine, account: Account) -> None:
    account.tickets[77] = make_ticket(77)
    with transaction(any_engine) as connection:
        connection.execute(update(sync_cursors).values(error="Zendesk answered 500."))
    (cause,) = causes(any_engine, account, streams=[TICKETS])

    assert cause == "the newest run of the stream failed: Zendesk answered 500."


def test_each_page_is_read_once_and_only_pages_in_doubt_again(
    any_engine: Engine, account: Account
) -> None:
    fresh = verified(any_engine, account, streams=[TICKETS])
    assert (fresh.requests, account.pages_read["tickets"], fresh.single_looks) == (4, 4, 0)

    with transaction(any_engine) as connection:
        connection.execute(update(tickets).where(tickets.c.id == 5).values(priority="low"))
    again = verified(any_engine, account, streams=[TICKETS])

    assert [each.id for each in again.differences] == ["5"]
    # four pages, what changed since, the page of ticket 5; then the ticket itself
    assert (again.requests, account.pages_read["tickets"]) == (6, 6)
    assert account.singles_read == {5: 1}


def test_comment_made_private_on_another_page_is_no_difference(
    any_engine: Engine, account: Account
) -> None:
    private = {"id": 999, "type": "CommentPrivacyChange", "comment_id": 201, "public": False}
    account.audits.append(make_audit(150, [private], ticket_id=1))
    copy(any_engine, account)
    comments = {row["id"]: row["public"] for row in rows(any_engine, ticket_comments)}
    assert (comments[201], comments[202]) == (False, True)

    for full in (False, True):
        assert found(any_engine, account, streams=[EVENTS], full=full) == []

    with transaction(any_engine) as connection:
        connection.execute(update(ticket_comments).values(public=True))
    for full in (False, True):
        wrong = found(any_engine, account, streams=[EVENTS], full=full)
        assert wrong == [("ticket_comments", "201", "public")]


def test_nothing_is_written_without_being_asked(any_engine: Engine, account: Account) -> None:
    with transaction(any_engine) as connection:
        connection.execute(update(tickets).where(tickets.c.id == 3).values(priority="low"))
        connection.execute(update(ticket_comments).values(body="forged"))
    account.tickets[77] = make_ticket(77)
    before = [rows(any_engine, table) for table in metadata.sorted_tables]

    assert len(verified(any_engine, account, full=True).differences) > 10
    assert len(verified(any_engine, account).differences) > 10
    assert [rows(any_engine, table) for table in metadata.sorted_tables] == before


def test_tombstone_of_what_zendesk_still_shows_is_told_as_that(
    any_engine: Engine, account: Account
) -> None:
    with transaction(any_engine) as connection:
        wiped: dict[str, Any] = {"erased_at": VERIFIED, "subject": None, "raw": {}}
        connection.execute(update(tickets).where(tickets.c.id == 3).values(wiped))

    assert causes(any_engine, account, streams=[TICKETS]) == {ERASED_HERE}
