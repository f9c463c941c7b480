"""Every statement on the warehouse's page runs on both databases and finds an answer."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from integrations.runtime.clock import utc_now
from integrations.runtime.database import reading
from sync.warehouse.tables.aftermath import satisfaction_ratings, ticket_deletions
from sync.warehouse.tables.configuration import ticket_field_options, ticket_fields
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.history import ticket_comments, ticket_field_history
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.sla import sla_clocks
from sync.warehouse.tables.tickets import ticket_field_values
from tests.support.mirror import NOON
from tests.support.warehouse import ANA, RISK, WEI, hour, put, put_metrics, put_people, put_ticket

PAGE = Path(__file__).resolve().parents[3] / "docs" / "warehouse.md"
STATEMENTS = re.findall(r"```sql\n(.*?);\n```", PAGE.read_text("utf-8"), re.DOTALL)
TICKET = 7  # the one the page asks about


@pytest.fixture
def small_warehouse(any_engine: Engine) -> Engine:
    put_people(any_engine)
    put_ticket(any_engine, TICKET, priority="urgent", assignee_id=ANA)
    put_ticket(any_engine, 8, deleted_at=hour(1))
    put_metrics(any_engine, TICKET, reply_time_minutes=12)
    _put_history(any_engine)
    _put_risk(any_engine)
    _put_clocks(any_engine)
    put(any_engine, ticket_deletions, {"id": 8, "actor_id": ANA, "ticket_deleted_at": hour(1)})
    rated = {"id": 1, "ticket_id": TICKET, "score": "good", "group_id": RISK}
    put(any_engine, satisfaction_ratings, rated)
    counts = {"rows": 1, "pages": 1}
    put(any_engine, sync_cursors, {"stream": "tickets", "lane": "live"} | counts)
    refused = {"stream": "users", "digest": "x", "raw": "{}", "error": "id is missing"}
    put(any_engine, quarantined_records, refused | {"seen_at": NOON})
    return any_engine


def _put_history(engine: Engine) -> None:
    shared = {"ticket_id": TICKET, "audit_id": 1, "author_id": ANA}
    for event_id, field, value, before in (
        (1, "status", "open", "solved"),
        (2, "group_id", str(RISK), None),
    ):
        change = {"event_id": event_id, "field": field, "value": value, "previous_value": before}
        put(engine, ticket_field_history, shared | change | {"valid_from": NOON})
    paused = {"event_id": 4, "field": "status", "value": "pending", "previous_value": "open"}
    put(engine, ticket_field_history, shared | paused | {"valid_from": hour(0.5)})
    solved = {"event_id": 5, "field": "status", "value": "solved", "previous_value": "pending"}
    put(engine, ticket_field_history, shared | solved | {"valid_from": hour(1)})
    said = {"id": 3, "public": True, "body": "Hello", "attachments": []}
    put(engine, ticket_comments, shared | said, shared | said | {"id": 4, "author_id": WEI})


def _put_risk(engine: Engine) -> None:
    put(engine, ticket_fields, {"id": 70, "title": "Risk reason", "type": "tagger"})
    put(engine, ticket_field_options, {"field_id": 70, "value": "risk_a1", "name": "A1 Login"})
    chosen = {"ticket_id": TICKET, "field_id": 70, "position": 0, "value": "risk_a1"}
    put(engine, ticket_field_values, chosen)


def _put_clocks(engine: Engine) -> None:
    soon = utc_now() + timedelta(hours=1)
    clock = {"ticket_id": TICKET, "metric": "first_reply_time", "instance": 1, "due_at": soon}
    figures = {"target_seconds": 60, "elapsed_seconds": 9, "started_at": NOON, "breached": False}
    told = {"business_hours": False, "state": "active", "explanation": "", "computed_at": NOON}
    put(engine, sla_clocks, clock | figures | told)
    missed = {"metric": "next_reply_time", "breached": True, "breach_at": NOON}
    put(engine, sla_clocks, clock | figures | told | missed)
    event = {"id": 1, "ticket_id": TICKET, "metric": "reply_time", "instance_id": 1}
    put(engine, ticket_metric_events, event | {"type": "breach", "time": soon})


def test_the_page_has_its_statements() -> None:
    assert len(STATEMENTS) > 15


def test_every_documented_statement_finds_an_answer(small_warehouse: Engine) -> None:
    with reading(small_warehouse) as connection:
        for statement in STATEMENTS:
            assert connection.execute(text(statement)).first() is not None, statement
