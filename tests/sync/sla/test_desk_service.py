"""Marks and the desk's clocks from the warehouse and back into it, on both databases."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from integrations.runtime.database import reading, transaction
from sync.mirror.intake import mark_vanished
from sync.sla import service
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile, load_desk_rules
from sync.sla.source_desk import kept_editions
from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.marks import desk_rule_editions, ticket_marks
from sync.warehouse.tables.people import group_memberships, groups, users
from sync.warehouse.tables.policies import schedules
from sync.warehouse.tables.sla import sla_clock_targets, sla_clocks
from sync.warehouse.tables.tickets import tickets
from tests.support.warehouse import put

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
CUSTOMER, AGENT, LAWYER = 10, 20, 21
TAGS = ["riskdesk", "risk_family_c", "risk_s3", "risk_escalated", "risk_queue_lgl"]
WEEKDAYS = [{"start_time": day * 1440 + 540, "end_time": day * 1440 + 1080} for day in range(1, 6)]


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def furnish(engine: Engine) -> None:
    """Give the account people, a department, office hours and a field for the jurisdiction."""
    for person, role in ((CUSTOMER, "end-user"), (AGENT, "agent"), (LAWYER, "agent")):
        put(engine, users, {"id": person, "role": role, "tags": [], "user_fields": {}})
    put(engine, groups, {"id": 50, "name": "Legal"})
    put(engine, group_memberships, {"id": 51, "user_id": LAWYER, "group_id": 50})
    put(engine, ticket_fields, {"id": 60, "title": "Jurisdiction", "type": "tagger"})
    office = {"id": 5, "name": "Office", "time_zone": "Etc/UTC", "intervals": WEEKDAYS}
    put(engine, schedules, office)


def receive(
    engine: Engine, ticket_id: int = 1, *, tags: Any = TAGS, jurisdiction: str = ""
) -> None:
    """Store a ticket of the customer that was marked and escalated an hour after it came."""
    number = ticket_id * 1000
    put(
        engine,
        tickets,
        {
            "id": ticket_id,
            "status": "open",
            "requester_id": CUSTOMER,
            "submitter_id": CUSTOMER,
            "via_channel": "email",
            "tags": list(tags),
            "custom_fields": [{"id": 60, "value": jurisdiction}] if jurisdiction else [],
            "created_at": MONDAY,
            "_synced_at": MONDAY,
        },
    )
    _audit(engine, ticket_id, number, MONDAY, CUSTOMER, public=True)
    _audit(engine, ticket_id, number + 10, hours(1), AGENT)
    _change(engine, ticket_id, number + 10, "tags", " ".join(tags), at=hours(1))


def comment(engine: Engine, at: datetime, author: int, *, public: bool, ticket_id: int = 1) -> None:
    _audit(engine, ticket_id, 9000 + int(at.timestamp()) % 1000, at, author, public=public)


def _audit(
    engine: Engine,
    ticket_id: int,
    number: int,
    at: datetime,
    author: int,
    *,
    public: bool | None = None,
) -> None:
    row = {"ticket_id": ticket_id, "author_id": author, "created_at": at, "_synced_at": at}
    put(engine, ticket_audits, row | {"id": number, "custom_metadata": {}})
    if public is not None:
        more = {"id": number + 1, "audit_id": number, "public": public, "body": "…"}
        put(engine, ticket_comments, row | more | {"attachments": []})


def _change(
    engine: Engine, ticket_id: int, audit_id: int, field: str, value: str, *, at: datetime
) -> None:
    row = {"event_id": audit_id + 2, "field": field, "ticket_id": ticket_id, "audit_id": audit_id}
    more = {"author_id": AGENT, "valid_from": at, "value": value, "via_channel": "api"}
    put(engine, ticket_field_history, row | more)


def refresh(engine: Engine, *ids: int, now: datetime, rules: RulesFile = SHIPPED_ONLY) -> None:
    with transaction(engine) as connection:
        service.refresh(connection, ids or (1,), now=now, desk_rules=rules)


def clock(engine: Engine, metric: str) -> Mapping[str, Any]:
    with reading(engine) as connection:
        query = select(sla_clocks).where(sla_clocks.c.metric == metric)
        return dict(connection.execute(query).mappings().one())


def test_marks_and_clocks_of_a_complaint_are_stored_together(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine, jurisdiction="uk")
    refresh(any_engine, now=hours(2))

    with reading(any_engine) as connection:
        marks = connection.execute(select(ticket_marks)).mappings().one()
        targets = connection.execute(select(sla_clock_targets.c.policy_id)).scalars().all()
    assert dict(marks) == {
        "ticket_id": 1,
        "family": "C",
        "reason": None,
        "severity": "S3",
        "language": None,
        "jurisdiction": "GB",
        "is_complaint": True,
        "product": None,
        "queue": "LGL",
        "channel": "email",
        "read_at": hours(2),
    }
    final = clock(any_engine, "fca_final_answer")
    assert (final["source"], final["policy_id"]) == ("regulation", "fca-disp/final@1")
    assert final["due_at"] == datetime(2026, 7, 27, 22, 59, 59, tzinfo=UTC)
    assert final["explanation"].startswith("FCA DISP, final response (United Kingdom) is running")
    assert "fca-disp/final@1" in targets


def test_a_department_is_its_group_and_keeps_the_accounts_hours(any_engine: Engine) -> None:
    furnish(any_engine)
    receive(any_engine)
    refresh(any_engine, now=hours(2))
    asked = clock(any_engine, "department_answer")
    comment(any_engine, hours(3), AGENT, public=False)
    comment(any_engine, hours(4), LAWYER, public=False)
    refresh(any_engine, now=hours(5))

    # 24 hours of nine a day from ten on Monday: eight, nine, seven.
    assert asked["due_at"] == datetime(2026, 6, 3, 16, tzinfo=UTC)
    assert (asked["schedule_id"], asked["schedule_version"], asked["business_hours"]) == (
        5,
        0,
        True,
    )
    assert clock(any_engine, "department_answer")["fulfilled_at"] == hours(4)


@pytest.mark.parametrize(
    ("hours_named", "state"), [("Office", "active"), ("Night shift", "unknown")]
)
def test_rules_may_name_a_schedule_of_the_account(
    sqlite_engine: Engine, hours_named: str, state: str
) -> None:
    rules = RulesFile(
        "departments: [{code: LGL, name_en: Legal, name_zh: 法务,"
        f" hours: {hours_named}, times: {{S1: 1 h, S2: 2 h, S3: 3 h, S4: 4 h}}}}]",
        "rules.yaml",
    )
    furnish(sqlite_engine)
    receive(sqlite_engine)
    refresh(sqlite_engine, now=hours(2), rules=rules)

    row = clock(sqlite_engine, "department_answer")
    assert row["state"] == state
    assert (row["due_at"] is None) == (state == "unknown")
    assert ("Night shift" in (row["unknown_reason"] or "")) == (state == "unknown")


def test_a_complaint_of_nowhere_is_unknown_and_has_no_numbers(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    refresh(sqlite_engine, now=hours(2))

    row = clock(sqlite_engine, "regulatory_answer")
    assert (row["state"], row["unknown_reason"]) == ("unknown", "the ticket has no jurisdiction")
    assert {row[name] for name in ("started_at", "due_at", "elapsed_seconds", "breached")} == {None}
    assert "nobody can know" in row["explanation"]


def test_a_ticket_that_is_gone_loses_its_marks(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    refresh(sqlite_engine, now=hours(2))
    with transaction(sqlite_engine) as connection:
        mark_vanished(connection, 1, now=hours(3))
    refresh(sqlite_engine, now=hours(3))

    with reading(sqlite_engine) as connection:
        assert connection.execute(select(ticket_marks)).all() == []
        assert connection.execute(select(sla_clocks)).all() == []


FASTER = RulesFile(
    "severity: [{edition: 1, times: {S1: 1 min, S2: 2 min, S3: 3 min, S4: 4 min}}]", "rules.yaml"
)
NEXT_EDITION = RulesFile(
    "severity: [{edition: 2, in_force: 2026-06-02,"
    " times: {S1: 1 min, S2: 2 min, S3: 3 min, S4: 4 min}}]",
    "rules.yaml",
)


@pytest.mark.parametrize("rules", [FASTER, NEXT_EDITION], ids=["changed in use", "next edition"])
def test_a_finished_clock_keeps_the_figures_it_was_measured_by(
    any_engine: Engine, rules: RulesFile
) -> None:
    furnish(any_engine)
    receive(any_engine)
    comment(any_engine, hours(2), AGENT, public=True)
    refresh(any_engine, now=hours(3))
    before = clock(any_engine, "severity_first_answer")
    refresh(any_engine, now=hours(3), rules=rules)

    assert clock(any_engine, "severity_first_answer") == before
    assert (before["policy_id"], before["target_seconds"]) == ("desk/severity@1", 28_800)


def test_editions_that_were_changed_in_use_are_named(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine)
    unused = load_desk_rules(FASTER)
    refresh(sqlite_engine, now=hours(3))
    with reading(sqlite_engine) as connection:
        kept = kept_editions(connection)

    assert unused.changed_editions == ()
    assert load_desk_rules(FASTER, kept).changed_editions == ("desk/severity@1",)
    assert load_desk_rules(NEXT_EDITION, kept).changed_editions == ()


def test_words_of_a_rule_may_change_at_any_time(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    receive(sqlite_engine, jurisdiction="ae-du")
    refresh(sqlite_engine, now=hours(2))
    shipped = load_desk_rules().records["vara/ack@1"]["entry"]
    with transaction(sqlite_engine) as connection:
        record = {"section": "rules", "entry": shipped | {"title": "as it was called"}}
        mine = desk_rule_editions.c.policy_id == "vara/ack@1"
        connection.execute(update(desk_rule_editions).where(mine).values(record=record))
        kept = kept_editions(connection)
    refresh(sqlite_engine, now=hours(3))

    assert load_desk_rules(SHIPPED_ONLY, kept).changed_editions == ()
    title = clock(sqlite_engine, "vara_acknowledgement")["policy_title"]
    assert title == "VARA, acknowledgement (Dubai)"


def test_refreshing_all_equals_refreshing_one_by_one(sqlite_engine: Engine) -> None:
    furnish(sqlite_engine)
    for ticket_id, place in enumerate(("uk", "de", "", "us-ny", "hk"), start=1):
        receive(sqlite_engine, ticket_id, jurisdiction=place)
    everything = select(sla_clocks).order_by(*sla_clocks.primary_key)
    for ticket_id in range(1, 6):
        refresh(sqlite_engine, ticket_id, now=hours(2))
    with reading(sqlite_engine) as connection:
        one_by_one = connection.execute(everything).all()
    list(service.refresh_stale(sqlite_engine, now=hours(2), everything=True))

    with reading(sqlite_engine) as connection:
        assert connection.execute(everything).all() == one_by_one
    assert len(one_by_one) > 20
