"""One ticket at a time into the mirror, as the pipeline brings it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import transaction
from sync.mirror.intake import mark_vanished, store_ticket
from sync.mirror.landing import Arrival, land
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.tickets import (
    ticket_field_values,
    ticket_metrics,
    ticket_tags,
    tickets,
)
from tests.support.mirror import (
    NOON,
    Record,
    as_ticket_event,
    exported,
    make_audit,
    make_change,
    make_comment,
    make_creation,
    make_ticket,
    raws,
    rows,
)


def store(engine: Engine, ticket: Record, *audits: Record, minutes: float = 0) -> None:
    now = NOON + timedelta(minutes=minutes)
    with transaction(engine) as connection:
        store_ticket(connection, ticket, list(audits), source="webhook", now=now)


def export(engine: Engine, *records: Record, minutes: float = 0) -> None:
    arrival = Arrival("tickets", Source.EXPORT, NOON + timedelta(minutes=minutes))
    with transaction(engine) as connection:
        land(connection, tickets, raws(*records), arrival)


def export_events(engine: Engine, *records: Any) -> None:
    arrival = Arrival("ticket_events", Source.EXPORT, NOON)
    with transaction(engine) as connection:
        land(connection, ticket_audits, raws(*records), arrival)


FULL_AUDIT = make_audit(
    70,
    [
        make_comment(71, "我的提现卡住了"),
        make_creation(72, "status", "new"),
        make_creation(73, "group_id", "501"),
        make_creation(74, "tags", ["vip", "withdrawal"]),
        make_change(75, "360001", "risk_f1", None),
        make_change(76, "priority", None, "low"),
        make_creation(77, "type", "incident"),
        {
            "id": 78,
            "type": "ScheduleAssignment",
            "previous_schedule_id": None,
            "new_schedule_id": 9501,
        },
    ],
)


def test_ticket_arrives_with_typed_columns_tags_and_custom_fields(any_engine: Engine) -> None:
    store(any_engine, make_ticket())

    (ticket,) = rows(any_engine, tickets)
    assert (ticket["status"], ticket["via_channel"], ticket["updated_at"]) == (
        "open",
        "email",
        NOON,
    )
    assert ticket["raw"] == make_ticket()
    assert [row["tag"] for row in rows(any_engine, ticket_tags)] == ["vip", "withdrawal"]
    assert [row["value"] for row in rows(any_engine, ticket_field_values)] == ["risk_f1"]


def test_tag_that_was_taken_away_is_gone(any_engine: Engine) -> None:
    store(any_engine, make_ticket())
    store(any_engine, make_ticket(updated=1, tags=["vip"]))

    assert [row["tag"] for row in rows(any_engine, ticket_tags)] == ["vip"]


def test_older_state_changes_nothing_not_even_tags(any_engine: Engine) -> None:
    store(any_engine, make_ticket(updated=5, status="solved", tags=["done"]))
    store(any_engine, make_ticket(updated=4, status="open", tags=["vip"]))

    assert rows(any_engine, tickets)[0]["status"] == "solved"
    assert [row["tag"] for row in rows(any_engine, ticket_tags)] == ["done"]


def test_exports_compare_the_change_clock_not_updated_at(any_engine: Engine) -> None:
    export(any_engine, exported(make_ticket(group_id=502), generated=9))
    export(any_engine, exported(make_ticket(updated=1, group_id=503), generated=8))

    assert rows(any_engine, tickets)[0]["group_id"] == 502


def test_export_from_before_a_single_read_does_not_undo_it(any_engine: Engine) -> None:
    export(any_engine, exported(make_ticket(), generated=0))
    store(any_engine, make_ticket(updated=10, status="solved"))
    export(any_engine, exported(make_ticket(updated=5, status="pending"), generated=5))

    assert rows(any_engine, tickets)[0]["status"] == "solved"


def test_silent_change_of_zendesk_arrives_although_updated_at_is_the_same(
    any_engine: Engine,
) -> None:
    export(any_engine, exported(make_ticket(), generated=0))
    export(any_engine, exported(make_ticket(organization_id=33), generated=1))

    assert rows(any_engine, tickets)[0]["organization_id"] == 33


@pytest.mark.parametrize("spelling", ["field in the key", "field in an object"])
def test_audits_and_event_export_become_the_same_rows(any_engine: Engine, spelling: str) -> None:
    store(any_engine, make_ticket(), FULL_AUDIT)
    tables = (ticket_audits, ticket_comments, ticket_field_history)
    from_audits = [rows(any_engine, table) for table in tables]
    export_events(any_engine, as_ticket_event(FULL_AUDIT, flat=spelling == "field in the key"))
    from_export = [rows(any_engine, table) for table in tables]
    for row in [row for table in from_audits + from_export for row in table]:
        row.pop("_source")  # type: ignore[attr-defined]

    assert [len(table) for table in from_audits] == [1, 1, 7]
    assert from_export == from_audits


def test_field_history_tells_creation_values_and_cleared_values(any_engine: Engine) -> None:
    store(any_engine, make_ticket(), FULL_AUDIT)

    history = {
        row["field"]: (row["value"], row["previous_value"])
        for row in rows(any_engine, ticket_field_history)
    }
    assert history == {
        "status": ("new", None),
        "group_id": ("501", None),
        "tags": ('["vip","withdrawal"]', None),
        "360001": ("risk_f1", None),
        "priority": (None, "low"),
        "type": ("incident", None),
        "schedule_id": ("9501", None),
    }


def test_redacted_comment_replaces_what_was_said(any_engine: Engine) -> None:
    store(any_engine, make_ticket(), make_audit(70, [make_comment(71, "my seed is abc")]))
    redacted = make_audit(70, [make_comment(71, "my seed is ▇▇▇")])
    store(any_engine, make_ticket(), redacted, minutes=1)

    (comment,) = rows(any_engine, ticket_comments)
    assert comment["body"] == "my seed is ▇▇▇"
    assert "abc" not in str(comment)


def test_page_read_before_the_redaction_does_not_bring_the_secret_back(any_engine: Engine) -> None:
    redacted = make_audit(70, [make_comment(71, "▇▇▇")])
    store(any_engine, make_ticket(), redacted, minutes=1)
    store(any_engine, make_ticket(), make_audit(70, [make_comment(71, "my seed is abc")]))

    assert rows(any_engine, ticket_comments)[0]["body"] == "▇▇▇"


def test_comment_made_private_is_private(any_engine: Engine) -> None:
    change = {"id": 80, "type": "CommentPrivacyChange", "comment_id": 71, "public": False}
    audits = [make_audit(70, [make_comment(71)]), make_audit(79, [change])]
    store(any_engine, make_ticket(), *audits)

    assert rows(any_engine, ticket_comments)[0]["public"] is False


def test_own_mark_in_the_audit_can_be_read(any_engine: Engine) -> None:
    audit = make_audit(70, []) | {"metadata": {"custom": {"riskdesk": "a1"}, "system": {}}}
    store(any_engine, make_ticket(), audit)

    assert rows(any_engine, ticket_audits)[0]["custom_metadata"] == {"riskdesk": "a1"}


def test_vanished_ticket_is_marked_and_keeps_its_last_state(any_engine: Engine) -> None:
    store(any_engine, make_ticket())
    with transaction(any_engine) as connection:
        mark_vanished(connection, 7, now=NOON)

    (ticket,) = rows(any_engine, tickets)
    assert (ticket["status"], ticket["deleted_at"]) == ("deleted", NOON)
    assert ticket["subject"] == "Withdrawal is stuck"


def test_state_from_before_the_deletion_does_not_revive_the_ticket(any_engine: Engine) -> None:
    store(any_engine, make_ticket())
    with transaction(any_engine) as connection:
        mark_vanished(connection, 7, now=NOON)
    store(any_engine, make_ticket())

    assert rows(any_engine, tickets)[0]["status"] == "deleted"


def test_restored_ticket_lives_again(any_engine: Engine) -> None:
    export(any_engine, exported(make_ticket(status="deleted", updated=1), generated=1))
    export(any_engine, exported(make_ticket(updated=2), generated=2))

    (ticket,) = rows(any_engine, tickets)
    assert (ticket["status"], ticket["deleted_at"]) == ("open", None)


def test_erased_ticket_loses_what_was_said(any_engine: Engine) -> None:
    store(any_engine, make_ticket(), FULL_AUDIT)
    gone: Record = {"status": "deleted", "subject": "SCRUBBED", "description": "SCRUBBED"}
    export(any_engine, exported(make_ticket(updated=9, custom_fields=[], **gone), generated=9))

    assert rows(any_engine, ticket_comments) == []
    assert rows(any_engine, ticket_field_history) == []
    assert "Withdrawal" not in str(rows(any_engine, tickets))


def test_metrics_inside_an_exported_ticket_are_stored(any_engine: Engine) -> None:
    both = {"calendar": 12, "business": 5}
    metrics = {"id": 88, "updated_at": "2025-03-03T11:00:00Z", "reply_time_in_minutes": both}
    export(any_engine, exported(make_ticket(metric_set=metrics), generated=0))

    (row,) = rows(any_engine, ticket_metrics)
    assert (row["ticket_id"], row["reply_time_minutes"]) == (7, 12)
    assert row["reply_time_business_minutes"] == 5


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(make_ticket(8, created_at="yesterday"), id="time that is none"),
        pytest.param(make_ticket(8, updated_at=None), id="time is missing"),
        pytest.param(make_ticket(2**70), id="number too large"),
        pytest.param(make_ticket(8, tags="vip"), id="tags are text"),
        pytest.param(make_ticket(8, tags=[1]), id="tag is a number"),
        pytest.param(make_ticket(8, custom_fields=[{"value": 1}]), id="custom field without id"),
        pytest.param(make_ticket(8, subject={"en": "x"}), id="subject is an object"),
        pytest.param(None, id="null"),
        pytest.param("ticket", id="text"),
    ],
)
def test_bad_record_is_kept_aside_and_its_neighbours_are_stored(
    any_engine: Engine, broken: Any
) -> None:
    export(any_engine, make_ticket(1), broken, make_ticket(9))
    export(any_engine, make_ticket(1), broken, make_ticket(9), minutes=5)

    assert [row["id"] for row in rows(any_engine, tickets)] == [1, 9]
    (kept,) = rows(any_engine, quarantined_records)
    assert json.loads(kept["raw"]) == broken
    assert kept["seen_at"] == NOON + timedelta(minutes=5)


def test_bad_event_is_kept_aside_with_its_audit(any_engine: Engine) -> None:
    good, bad = make_audit(70, [make_comment(71)]), make_audit(80, [make_comment(81) | {"id": "x"}])
    store(any_engine, make_ticket(), bad, good)

    assert [row["id"] for row in rows(any_engine, ticket_audits)] == [70]
    assert [row["record_id"] for row in rows(any_engine, quarantined_records)] == ["80"]


def test_error_of_a_bad_record_does_not_quote_the_customer(any_engine: Engine) -> None:
    export(any_engine, make_ticket(subject=["my seed phrase"]))

    assert "seed" not in rows(any_engine, quarantined_records)[0]["error"]


def test_characters_no_database_stores_are_replaced(any_engine: Engine) -> None:
    store(any_engine, make_ticket(subject="a\x00b\ud800c 提现"))

    assert rows(any_engine, tickets)[0]["subject"] == "a\ufffdb\ufffdc 提现"


def test_record_that_the_database_refuses_does_not_stop_the_page(postgres_engine: Engine) -> None:
    endless = "".join(chr(0x4E00 + number) for number in range(20_000))  # too long for an index
    records = [make_ticket(number, tags=[endless] if number == 3 else ["x"]) for number in range(9)]
    export(postgres_engine, *records)

    assert [row["id"] for row in rows(postgres_engine, tickets)] == [0, 1, 2, 4, 5, 6, 7, 8]
    assert [row["record_id"] for row in rows(postgres_engine, quarantined_records)] == ["3"]


def test_desk_has_handled_the_state_it_read_not_the_one_an_export_brought(
    any_engine: Engine,
) -> None:
    store(any_engine, make_ticket())
    export(any_engine, exported(make_ticket(updated=5), generated=5))

    assert rows(any_engine, tickets)[0]["handled_version"] == NOON
