"""Records that real accounts sent land in the tables."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import transaction
from sync.mirror.landing import Arrival, land
from sync.streams.registry import BY_NAME
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.history import ticket_comments, ticket_field_history
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.tickets import tickets
from tests.support.mirror import NOON, raws, rows
from tests.support.shared import shared_file

LISTED = ("groups", "group_memberships", "brands", "macros", "sla_policies", "schedules", "users")


def samples() -> dict[str, Any]:
    lines = shared_file("zendesk/recorded/sample_records.jsonl").read_text("utf-8").splitlines()
    found = {line["stream"]: line["record"] for line in map(json.loads, lines)}
    return {name: _with_time(record) for name, record in found.items()}


def _with_time(record: dict[str, Any]) -> dict[str, Any]:
    """Put times back where the sample hides them."""
    hidden = {key for key, value in record.items() if value == "redacted" and key.endswith("_at")}
    return record | dict.fromkeys(hidden, "2024-08-01T13:29:59Z")


@pytest.mark.parametrize("name", [*LISTED, "ticket_fields"])
def test_recorded_record_lands(any_engine: Engine, name: str) -> None:
    record, table = samples()[name], BY_NAME[name].table
    with transaction(any_engine) as connection:
        land(connection, table, raws(record), Arrival(name, Source.EXPORT, NOON))

    assert rows(any_engine, quarantined_records) == []
    (row,) = rows(any_engine, table)
    assert (row["id"], row["raw"]) == (record["id"], record)


def test_recorded_tickets_of_an_export_land(any_engine: Engine) -> None:
    lines = shared_file("zendesk/recorded/interactions.jsonl").read_text("utf-8").splitlines()
    found = [
        ticket
        for answer in map(json.loads, lines)
        if answer["route"].startswith("/api/v2/incremental/tickets") and answer["status"] == 200
        for ticket in answer["body"]["tickets"]
    ]
    with transaction(any_engine) as connection:
        land(connection, tickets, raws(*found), Arrival("tickets", Source.EXPORT, NOON))

    assert rows(any_engine, quarantined_records) == []
    assert {row["id"] for row in rows(any_engine, tickets)} == {each["id"] for each in found}


def test_recorded_audit_becomes_a_comment_and_history(any_engine: Engine) -> None:
    audit = samples()["ticket_audits"]
    table = BY_NAME["ticket_events"].table
    with transaction(any_engine) as connection:
        land(connection, table, raws(audit), Arrival("ticket_events", Source.EXPORT, NOON))

    (comment,) = rows(any_engine, ticket_comments)
    assert (comment["body"], comment["public"]) == (audit["events"][0]["body"], True)
    history = {row["field"]: row["value"] for row in rows(any_engine, ticket_field_history)}
    assert history["priority"] == "urgent"
    assert history["tags"] == '["order","sample_ticket"]'
