"""The comparison finds every kind of damage, at every depth, and none where there is none."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, update

from integrations.runtime.database import metadata, transaction
from sync.streams.registry import BY_NAME
from sync.verification.compare import Difference
from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.conversations import side_conversation_events, side_conversations
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.tickets import (
    ticket_field_values,
    ticket_metrics,
    ticket_tags,
    tickets,
)
from tests.support import planted
from tests.support.databases import fresh_database
from tests.support.mirror import NOON, make_ticket, make_user, rows
from tests.support.verification import Account, copy, found, verified

Damage = Callable[[Connection], object]
DEPTHS = [pytest.param(False, id="checksums"), pytest.param(True, id="full")]


@pytest.fixture
def account(any_engine: Engine) -> Account:
    copied = Account()
    copy(any_engine, copied)
    return copied


@pytest.mark.parametrize("full", DEPTHS)
def test_fresh_copy_has_no_difference(any_engine: Engine, account: Account, *, full: bool) -> None:
    result = verified(any_engine, account, full=full)

    assert result.differences == []
    assert result.is_equal
    assert {name: count for name, count in result.compared.items() if count} == {
        "tickets": 1,
        "ticket_metrics": 1,
        "ticket_tags": 1,
        "ticket_field_values": 1,
        "ticket_audits": 2,
        "ticket_comments": 1,
        "ticket_field_history": 3,
        "ticket_fields": 1,
        "ticket_field_options": 1,
        "ticket_metric_events": 1,
        "side_conversation_events": 2,
        "users": 1,
        "groups": 1,
    }


@pytest.mark.parametrize("full", DEPTHS)
def test_what_was_redacted_is_no_difference(any_engine: Engine, *, full: bool) -> None:
    account = Account()
    account.tickets[7]["description"] = f"my words: {planted.english_seed(random.Random(1))}"
    account.users[0]["notes"] = f"password: {planted.password(random.Random(1))}"
    copy(any_engine, account)
    result = verified(any_engine, account, full=full)

    assert result.differences == []


DAMAGES = [
    pytest.param(
        lambda c: c.execute(update(tickets).values(priority="low")),
        ("tickets", "7", "priority"),
        id="ticket column",
    ),
    pytest.param(
        lambda c: c.execute(update(tickets).values(raw={"id": 7, "subject": "forged"})),
        ("tickets", "7", "raw"),
        id="raw record",
    ),
    pytest.param(
        lambda c: c.execute(update(tickets).values(tags=["vip"])),
        ("tickets", "7", "tags"),
        id="ticket tags",
    ),
    pytest.param(
        lambda c: c.execute(update(tickets).values(deleted_at=NOON)),
        ("tickets", "7", "deleted_at"),
        id="deletion mark",
    ),
    pytest.param(
        lambda c: c.execute(update(tickets).values(updated_at=NOON - timedelta(hours=3))),
        ("tickets", "7", "updated_at"),
        id="stale ticket",
    ),
    pytest.param(
        lambda c: c.execute(update(tickets).values(updated_at=NOON + timedelta(days=3))),
        ("tickets", "7", "updated_at"),
        id="ticket from the future",
    ),
    pytest.param(
        lambda c: c.execute(delete(tickets)), ("tickets", "7", "record"), id="ticket lost"
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_metrics).values(replies=9)),
        ("ticket_metrics", "5007", "replies"),
        id="metrics",
    ),
    pytest.param(
        lambda c: c.execute(delete(ticket_metrics)),
        ("ticket_metrics", "5007", "record"),
        id="metrics lost",
    ),
    pytest.param(
        lambda c: c.execute(delete(ticket_tags).where(ticket_tags.c.tag == "vip")),
        ("ticket_tags", "7", "rows"),
        id="tag row lost",
    ),
    pytest.param(
        lambda c: c.execute(delete(ticket_tags)), ("ticket_tags", "7", "rows"), id="tags lost"
    ),
    pytest.param(
        lambda c: c.execute(insert(ticket_tags).values(ticket_id=7, tag="forged")),
        ("ticket_tags", "7", "rows"),
        id="tag row too many",
    ),
    pytest.param(
        lambda c: c.execute(insert(ticket_tags).values(ticket_id=99, tag="forged")),
        ("ticket_tags", "99", "record"),
        id="tag of no ticket",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_field_values).values(value="risk_a1")),
        ("ticket_field_values", "7", "rows"),
        id="custom field row",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_audits).values(author_id=1)),
        ("ticket_audits", "70", "author_id"),
        id="audit",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_comments).values(body="other words")),
        ("ticket_comments", "71", "body"),
        id="comment body",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_comments).values(public=False)),
        ("ticket_comments", "71", "public"),
        id="comment made private here only",
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
        lambda c: c.execute(
            update(ticket_field_history)
            .where(ticket_field_history.c.event_id == 72)
            .values(valid_until=None)
        ),
        ("ticket_field_history", "72/status", "valid_until"),
        id="history without its end",
    ),
    pytest.param(
        lambda c: c.execute(
            update(ticket_field_history)
            .where(ticket_field_history.c.event_id == 72)
            .values(field="type")
        ),
        ("ticket_field_history", "72/type", "record"),
        id="history row too many",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_metric_events).values(time=NOON)),
        ("ticket_metric_events", "900", "time"),
        id="future breach",
    ),
    pytest.param(
        lambda c: c.execute(delete(ticket_metric_events)),
        ("ticket_metric_events", "900", "record"),
        id="metric event lost",
    ),
    pytest.param(
        lambda c: c.execute(update(side_conversation_events).values(body="other words")),
        ("side_conversation_events", "e-1", "body"),
        id="side conversation event",
    ),
    pytest.param(
        lambda c: c.execute(update(side_conversations).values(state="open")),
        ("side_conversations", "c-1", "state"),
        id="side conversation told wrongly",
    ),
    pytest.param(
        lambda c: c.execute(update(side_conversations).values(id="c-9")),
        ("side_conversations", "c-9", "record"),
        id="side conversation of no event",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_fields).values(title="Other")),
        ("ticket_fields", "360001", "title"),
        id="ticket field",
    ),
    pytest.param(
        lambda c: c.execute(update(ticket_field_options).values(name="Other")),
        ("ticket_field_options", "360001", "rows"),
        id="field option",
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
        lambda c: c.execute(update(groups).values(id=999)),
        ("groups", "999", "record"),
        id="group too many",
    ),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def mirrored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give one copy for all kinds of damage: each is repaired before the next one."""
    with fresh_database(request.param, tmp_path_factory.mktemp("damage")) as engine:
        metadata.create_all(engine)
        copied = Account()
        copy(engine, copied)
        yield engine, copied


@pytest.mark.parametrize(("damage", "expected"), DAMAGES)
def test_damage_is_found_at_every_depth_and_repaired(
    mirrored: tuple[Engine, Account], damage: Damage, expected: tuple[str, str, str]
) -> None:
    with transaction(mirrored[0]) as connection:
        damage(connection)

    by_checksums = found(*mirrored)
    assert expected in by_checksums
    assert found(*mirrored, full=True) == by_checksums

    mended = verified(*mirrored, mend=True)
    assert [each for each in mended.differences if not each.repaired] == []
    assert expected in [(each.table, each.id, each.field) for each in mended.differences]
    assert found(*mirrored, full=True) == []


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
    assert found(any_engine, account, streams=[BY_NAME["tickets"]]) == []
    assert account.singles_read == {7: 1}

    account.tickets[7]["status"] = "solved"
    assert ("tickets", "7", "status") in found(any_engine, account)


def test_ticket_that_zendesk_has_and_the_warehouse_not_is_found(
    any_engine: Engine, account: Account
) -> None:
    account.tickets[8] = make_ticket(8)

    assert ("tickets", "8", "record") in found(any_engine, account)


def test_ticket_that_zendesk_lost_and_the_warehouse_still_has_is_found_and_marked(
    any_engine: Engine, account: Account
) -> None:
    del account.tickets[7]
    account.audits.clear()

    assert found(any_engine, account) == [("tickets", "7", "record")]

    verified(any_engine, account, mend=True)
    (ticket,) = rows(any_engine, tickets)
    assert (ticket["status"], ticket["_source"]) == ("deleted", "verify")
    assert ticket["deleted_at"] is not None
    assert found(any_engine, account) == []


def test_group_that_zendesk_lost_is_found(any_engine: Engine, account: Account) -> None:
    account.groups.clear()

    assert found(any_engine, account) == [("groups", "501", "record")]


def test_record_that_cannot_be_read_is_a_difference_with_its_cause(
    any_engine: Engine, account: Account
) -> None:
    account.users.append(make_user(5, updated_at="never"))
    copy(any_engine, account)
    (difference,) = verified(any_engine, account).differences

    assert (difference.table, difference.id) == ("users", "5")
    assert "in quarantined_records: A record for users" in difference.likely_cause


def test_empty_warehouse_says_to_copy_first(any_engine: Engine) -> None:
    (first, *_rest) = verified(any_engine, Account()).differences

    assert "riskdesk sync run" in first.likely_cause
