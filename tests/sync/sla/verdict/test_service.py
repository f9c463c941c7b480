"""Zendesk's verdict is kept up to date beside the clocks, on both databases."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, update

from integrations.runtime.clock import format_instant
from integrations.runtime.database import reading, transaction
from sync.mirror.intake import mark_vanished, store_ticket
from sync.sla import service
from sync.sla.verdict.causes import Cause
from sync.sla.verdict.service import differences, verdict
from sync.warehouse.stale import note_stale
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import users
from sync.warehouse.tables.versions import sla_policy_versions
from tests.support.mirror import make_audit, make_comment, make_creation, make_ticket
from tests.support.sla import CUSTOMER, NINE, after
from tests.support.sla_verdict import HOUR_EACH, Story

Row = dict[str, Any]
QUIET = Story()
LINES = [
    {"metric": metric, "priority": priority, "target_in_seconds": target.seconds}
    for (metric, priority), target in HOUR_EACH.targets.items()
]
RECORD = {"title": "Policy 1", "position": 1, "filter": {}, "policy_metrics": LINES}


def furnish(engine: Engine, *, read_at: datetime = NINE, record: Row = RECORD) -> None:
    """Put a customer and a policy into the warehouse, as it was read then."""
    person = {"id": CUSTOMER, "role": "end-user", "tags": [], "user_fields": {}, "raw": {}}
    read = {"_synced_at": NINE, "_source": "export", "updated_at": NINE}
    with transaction(engine) as connection:
        connection.execute(insert(users).values(**person, **read))
    note(engine, record, active_from=after(-1), noted_at=read_at)


def note(engine: Engine, record: Row, *, active_from: datetime, noted_at: datetime) -> None:
    """Let the mirror have seen a version of the policy."""
    times = {"active_from": active_from, "known_from": active_from, "noted_at": noted_at}
    seen = {"kind": "ticket", "policy_id": "1", "record": record, "last_read_at": after(9999)}
    with transaction(engine) as connection:
        connection.execute(insert(sla_policy_versions).values(**seen, **times))


def receive(engine: Engine) -> None:
    """Let the mirror store a new ticket of the customer."""
    said = make_comment(101) | {"author_id": CUSTOMER}
    set_ = [make_creation(102, "status", "open"), make_creation(103, "priority", "normal")]
    audit = make_audit(100, [said, *set_], ticket_id=1)
    times: Row = {"created_at": format_instant(NINE), "updated_at": format_instant(NINE)}
    people: Row = {"requester_id": CUSTOMER, "submitter_id": CUSTOMER, "group_id": None, "tags": []}
    ticket = make_ticket(1, status="open", **people, **times)
    audits = [audit | {"created_at": format_instant(NINE), "author_id": CUSTOMER}]
    with transaction(engine) as connection:
        store_ticket(connection, ticket, audits, source="export", now=NINE)


def tell(engine: Engine, *, read_at: datetime, story: Story = QUIET, **changes: Any) -> None:
    """Let the mirror store what Zendesk tells of the ticket's clocks."""
    rows = [
        {
            **{
                name: getattr(event, name) for name in ("id", "ticket_id", "metric", "type", "time")
            },
            "instance_id": event.instance_id,
            "target_seconds": event.sla.seconds if event.sla else None,
            "business_hours": False,
            "policy_id": "1" if event.sla else None,
            "raw": {},
            "_synced_at": read_at,
            "_source": "export",
            **changes,
        }
        for event in story.told()
    ]
    with transaction(engine) as connection:
        connection.execute(insert(ticket_metric_events), rows)
        note_stale(connection, {row["ticket_id"] for row in rows})


def refresh(engine: Engine, minutes: float, *, everything: bool = False) -> int:
    """Refresh what is stale at that time; return how many tickets that were."""
    return next(
        iter(list(service.refresh_stale(engine, now=after(minutes), everything=everything)))
    )


def found(engine: Engine) -> list[Row]:
    with reading(engine) as connection:
        return [dict(row) for row in differences(connection)]


def test_a_difference_is_kept_with_both_values_and_its_cause(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine)
    tell(any_engine, read_at=after(1))
    with transaction(any_engine) as connection:
        applied = ticket_metric_events.c.type == "apply_sla"
        its = ticket_metric_events.c.metric == "reply_time"
        changed = update(ticket_metric_events).where(applied, its)
        connection.execute(changed.values(target_seconds=7200))
    refresh(any_engine, 30)
    with reading(any_engine) as connection:
        told = verdict(connection)
    (row,) = (each for each in found(any_engine) if each["field"] == "target_seconds")

    assert (row["metric"], row["instance"]) == ("first_reply_time", 1)
    assert (row["ours"], row["zendesk"], row["cause"]) == ("3600", "7200", Cause.UNEXPLAINED)
    assert told.unexplained >= 1
    assert told.compared == 4


def test_what_agrees_leaves_no_row(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    tell(sqlite_engine, read_at=after(1))
    refresh(sqlite_engine, 30)

    assert found(sqlite_engine) == []


def test_a_difference_keeps_the_time_at_which_it_was_found(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    tell(sqlite_engine, read_at=after(1), story=Story(policies=()))
    for minutes in (30, 50):
        refresh(sqlite_engine, minutes, everything=True)
    rows = found(sqlite_engine)

    assert {(row["found_at"], row["checked_at"]) for row in rows} == {(after(30), after(50))}


def test_what_zendesk_tells_later_is_compared_and_a_late_difference_passes(
    any_engine: Engine,
) -> None:
    furnish(any_engine)
    receive(any_engine)
    refresh(any_engine, 10)
    before = {row["cause"] for row in found(any_engine)}
    tell(any_engine, read_at=after(12))
    refresh(any_engine, 13)

    assert (before, found(any_engine)) == ({Cause.LATE_EVENT}, [])


def test_a_ticket_is_computed_anew_when_a_policy_of_its_time_comes_to_light(
    any_engine: Engine,
) -> None:
    furnish(any_engine)
    receive(any_engine)
    refresh(any_engine, 5)
    shorter = [line | {"target_in_seconds": 600} for line in LINES]
    note(any_engine, {**RECORD, "policy_metrics": shorter}, active_from=NINE, noted_at=after(6))
    refresh(any_engine, 8)
    tell(any_engine, read_at=after(9), story=Story(policies=()))
    refresh(any_engine, 40)
    (row,) = (
        each
        for each in found(any_engine)
        if each["field"] == "target_seconds" and each["metric"] == "first_reply_time"
    )

    assert row["ours"] == "600"


def test_of_a_deleted_ticket_only_zendesk_has_clocks_and_that_is_said_once(
    any_engine: Engine,
) -> None:
    furnish(any_engine)
    receive(any_engine)
    with transaction(any_engine) as connection:
        mark_vanished(connection, 1, now=after(2))
    tell(any_engine, read_at=after(3))

    assert [refresh(any_engine, minutes) for minutes in (30, 31)] == [1, 0]
    assert {(row["cause"], row["ours"]) for row in found(any_engine)} == {
        (Cause.DELETED_TICKET, "none")
    }


def test_without_events_of_zendesk_nothing_is_compared(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    refresh(sqlite_engine, 60)
    with reading(sqlite_engine) as connection:
        told = verdict(connection)

    assert (told.compared, told.differences) == (0, 0)
    assert told.sentence() == "Zendesk's own metric events tell of none of these clocks."


def test_events_out_of_all_time_are_left_out(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    tell(sqlite_engine, read_at=after(1), time=after(0) - timedelta(days=365 * 200))
    refresh(sqlite_engine, 60)

    assert found(sqlite_engine) == []
