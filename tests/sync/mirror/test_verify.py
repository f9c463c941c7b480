"""The comparison finds every kind of damage, and none where there is none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, update

from integrations.runtime.database import transaction
from integrations.runtime.errors import RecordGone
from integrations.zendesk.export import Page
from integrations.zendesk.session import ZendeskSession
from sync.mirror import engine as mirror
from sync.mirror.compare import Difference
from sync.mirror.verify import Verification, check
from sync.streams.registry import STREAMS
from sync.streams.stream import Paging, Stream
from sync.warehouse.tables.history import ticket_comments, ticket_field_history
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import ticket_field_values, ticket_tags, tickets
from tests.support.mirror import (
    NOON,
    Record,
    as_ticket_event,
    exported,
    make_audit,
    make_change,
    make_comment,
    make_group,
    make_ticket,
    make_user,
)

AUDIT = make_audit(70, [make_comment(71, "secret words"), make_change(72, "status", "open", "new")])


@dataclass
class Account:
    """A Zendesk account that a test can change: its exports and its single reads."""

    tickets: dict[int, Record] = field(default_factory=lambda: {7: make_ticket()})
    audits: list[Record] = field(default_factory=lambda: [AUDIT])
    users: list[Record] = field(default_factory=lambda: [make_user()])
    groups: list[Record] = field(default_factory=lambda: [make_group()])
    too_new_to_export: set[int] = field(default_factory=set)
    session: ZendeskSession = None  # type: ignore[assignment]

    def pages(self, stream: Stream, path: str, **_position: Any) -> Iterator[Page]:
        assert "{" not in path
        old = [t for n, t in self.tickets.items() if n not in self.too_new_to_export]
        by_stream: dict[str, list[Record]] = {
            "tickets": [exported(ticket, generated=0) for ticket in old],
            "ticket_events": [as_ticket_event(audit) for audit in self.audits],
            "users": self.users,
            "groups": self.groups,
        }
        yield Page(
            records=by_stream.get(stream.name, []),
            sideloads={},
            cursor=None if stream.paging is Paging.FULL_LIST else "1",
            end=True,
            server_time=NOON + timedelta(hours=1),
        )

    def ticket(self, ticket_id: int) -> Record:
        if ticket_id not in self.tickets:
            raise RecordGone("gone", hint="none")
        return self.tickets[ticket_id]

    def audits_of(self, ticket_id: int) -> list[Record]:
        return [audit for audit in self.audits if audit["ticket_id"] == ticket_id]


@dataclass
class Reader:
    """Reads single tickets of the account."""

    account: Account
    session: ZendeskSession = None  # type: ignore[assignment]

    def ticket(self, ticket_id: int) -> Record:
        return self.account.ticket(ticket_id)

    def audits(self, ticket_id: int) -> list[Record]:
        return self.account.audits_of(ticket_id)


@pytest.fixture
def account(any_engine: Engine) -> Account:
    copied = Account()
    results = mirror.run(any_engine, copied, STREAMS, now=NOON)
    assert [result.error for result in results] == [None] * len(STREAMS)
    return copied


def verified(engine: Engine, account: Account) -> Verification:
    return check(engine, Reader(account), account, now=NOON + timedelta(hours=1))


def found(engine: Engine, account: Account) -> list[tuple[str, str, str]]:
    return [(each.stream, each.id, each.field) for each in verified(engine, account).differences]


def test_fresh_copy_has_no_difference(any_engine: Engine, account: Account) -> None:
    result = verified(any_engine, account)

    assert result.differences == []
    assert {name: count for name, count in result.compared.items() if count} == {
        "tickets": 1,
        "ticket_audits": 1,
        "ticket_comments": 1,
        "ticket_field_history": 1,
        "users": 1,
        "groups": 1,
    }


Damage = Callable[[Connection], object]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        pytest.param(
            lambda c: c.execute(update(tickets).values(priority="low")),
            ("tickets", "7", "priority"),
            id="ticket column",
        ),
        pytest.param(
            lambda c: c.execute(update(tickets).values(tags=["vip"])),
            ("tickets", "7", "tags"),
            id="ticket tags",
        ),
        pytest.param(
            lambda c: c.execute(delete(ticket_tags).where(ticket_tags.c.tag == "vip")),
            ("ticket_tags", "7", "rows"),
            id="tag row",
        ),
        pytest.param(
            lambda c: c.execute(update(ticket_field_values).values(value="risk_a1")),
            ("ticket_field_values", "7", "rows"),
            id="custom field row",
        ),
        pytest.param(
            lambda c: c.execute(update(ticket_comments).values(body="other words")),
            ("ticket_comments", "71", "body"),
            id="comment body",
        ),
        pytest.param(
            lambda c: c.execute(delete(ticket_comments)),
            ("ticket_comments", "71", "record"),
            id="comment lost",
        ),
        pytest.param(
            lambda c: c.execute(update(ticket_field_history).values(value="solved")),
            ("ticket_field_history", "72/status", "value"),
            id="history value",
        ),
        pytest.param(
            lambda c: c.execute(update(users).values(email="a@example.com")),
            ("users", "9001", "email"),
            id="user",
        ),
        pytest.param(
            lambda c: c.execute(update(groups).values(name="Other")),
            ("groups", "501", "name"),
            id="group",
        ),
        pytest.param(
            lambda c: c.execute(delete(tickets)), ("tickets", "7", "record"), id="ticket lost"
        ),
    ],
)
def test_damage_is_found(
    any_engine: Engine, account: Account, damage: Damage, expected: tuple[str, str, str]
) -> None:
    with transaction(any_engine) as connection:
        damage(connection)

    assert expected in found(any_engine, account)


def test_text_of_people_is_never_shown(any_engine: Engine, account: Account) -> None:
    with transaction(any_engine) as connection:
        connection.execute(update(ticket_comments).values(body="my seed phrase"))
    (difference,) = verified(any_engine, account).differences

    assert isinstance(difference, Difference)
    assert difference.warehouse.startswith("14 characters #")
    assert "seed" not in str(difference)
    assert "secret" not in str(difference)


def test_ticket_too_new_for_the_export_is_read_by_itself(
    any_engine: Engine, account: Account
) -> None:
    account.too_new_to_export.add(7)
    assert found(any_engine, account) == []

    account.tickets[7]["status"] = "solved"
    assert found(any_engine, account) == [("tickets", "7", "status")]


def test_ticket_that_zendesk_has_and_the_warehouse_not_is_found(
    any_engine: Engine, account: Account
) -> None:
    account.tickets[8] = make_ticket(8)

    assert ("tickets", "8", "record") in found(any_engine, account)


def test_ticket_that_zendesk_lost_and_the_warehouse_still_has_is_found(
    any_engine: Engine, account: Account
) -> None:
    del account.tickets[7]
    account.audits.clear()

    assert found(any_engine, account) == [("tickets", "7", "record")]


def test_group_that_zendesk_lost_is_found(any_engine: Engine, account: Account) -> None:
    account.groups.clear()

    assert found(any_engine, account) == [("groups", "501", "record")]


def test_record_that_cannot_be_read_is_a_difference_with_its_cause(
    any_engine: Engine, account: Account
) -> None:
    account.users.append(make_user(5, updated_at="never"))
    mirror.run(any_engine, account, STREAMS, now=NOON)
    (difference,) = verified(any_engine, account).differences

    assert (difference.stream, difference.id) == ("users", "5")
    assert "quarantined_records" in difference.likely_cause


def test_empty_warehouse_says_to_copy_first(any_engine: Engine) -> None:
    (first, *_rest) = verified(any_engine, Account()).differences

    assert "riskdesk sync run" in first.likely_cause
