"""The whole mirror against the sandbox over a real socket: copy, change, copy again, compare."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import HttpUrl, SecretStr
from sqlalchemy import Engine, Table

from integrations.runtime.clock import utc_now
from integrations.runtime.database import metadata, transaction
from integrations.runtime.settings import Settings
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.server import running_sandbox
from integrations.zendesk.account import connect
from integrations.zendesk.client import ZendeskClient
from sync.mirror import engine as mirror
from sync.mirror.intake import store_ticket
from sync.sources.exports import ZendeskExports
from sync.streams.registry import BY_NAME, STREAMS
from sync.verification.check import check, verify
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.tickets import ticket_field_values, ticket_tags, tickets
from tests.support.databases import fresh_postgres, fresh_sqlite, share_key
from tests.support.mirror import rows
from tests.support.sandbox import LIFTED

TICKETS = 60
BOOKKEEPING = {"_synced_at", "_source", "raw", "generated_timestamp", "handled_version"}
MIRRORED = (
    *(tickets, ticket_tags, ticket_field_values, ticket_comments, ticket_audits),
    *(ticket_field_history, users, groups),
)


@pytest.fixture
def client() -> Iterator[ZendeskClient]:
    config = SandboxConfig(seed=11, tickets=TICKETS, export_lag=timedelta(0), **LIFTED)
    with running_sandbox(config) as sandbox:
        yield connected(sandbox.url)


def connected(url: str) -> ZendeskClient:
    return connect(
        Settings(
            zendesk_url=HttpUrl(url),
            zendesk_access_token=SecretStr("sandbox"),
            zendesk_client_id=None,
            zendesk_email=None,
            requests_per_minute=100_000,
            export_requests_per_minute=100_000,
        )
    )


def copy(engine: Engine, client: ZendeskClient) -> dict[str, mirror.StreamResult]:
    results = mirror.run(engine, ZendeskExports(client.session), STREAMS, now=utc_now())
    assert [result.error for result in results] == [None] * len(STREAMS)
    return {result.stream: result for result in results}


def contents(engine: Engine, table: Table) -> list[Mapping[str, Any]]:
    return [
        {name: value for name, value in row.items() if name not in BOOKKEEPING}
        for row in rows(engine, table)
    ]


def test_copy_of_the_account_is_complete_and_exact(
    any_engine: Engine, client: ZendeskClient
) -> None:
    copy(any_engine, client)
    result = check(any_engine, client, ZendeskExports(client.session))

    assert result.differences == []
    assert result.compared["tickets"] == TICKETS
    assert result.compared["ticket_comments"] >= TICKETS
    assert min(result.compared[name] for name in ("users", "groups", "ticket_fields")) > 1
    assert rows(any_engine, quarantined_records) == []


def test_second_run_reads_only_what_changed(any_engine: Engine, client: ZendeskClient) -> None:
    copy(any_engine, client)
    before = [contents(any_engine, table) for table in MIRRORED]
    again = copy(any_engine, client)

    assert again["tickets"].rows < TICKETS
    assert [contents(any_engine, table) for table in MIRRORED] == before


def test_changes_and_deletions_arrive(any_engine: Engine, client: ZendeskClient) -> None:
    copy(any_engine, client)
    ids = [row["id"] for row in rows(any_engine, tickets) if row["status"] != "closed"]
    client.update_ticket(
        ids[0],
        {"comment": {"body": "查看中 checking", "public": False}, "additional_tags": ["seen"]},
        marker="m1",
        updated_stamp=None,
    )
    client.session.delete(f"/api/v2/tickets/{ids[1]}.json")
    created = client.create_ticket(
        {"subject": "New", "comment": {"body": "My funds are gone"}}, idempotency_key="k"
    )
    copy(any_engine, client)

    assert verify(any_engine, client, ZendeskExports(client.session)) == []
    by_id = {row["id"]: row for row in rows(any_engine, tickets)}
    assert "seen" in by_id[ids[0]]["tags"]
    assert (by_id[ids[1]]["status"], by_id[ids[1]]["deleted_at"] is None) == ("deleted", False)
    assert by_id[created["id"]]["subject"] == "New"
    marks = [row["custom_metadata"] for row in rows(any_engine, ticket_audits)]
    assert {"riskdesk": "m1"} in marks


def test_single_reads_become_the_same_rows_as_the_export(
    any_engine: Engine, client: ZendeskClient
) -> None:
    copy(any_engine, client)
    before = [contents(any_engine, table) for table in MIRRORED]
    alive = [row["id"] for row in rows(any_engine, tickets) if row["deleted_at"] is None]
    for ticket_id in alive:
        record, audits = client.ticket(ticket_id), client.audits(ticket_id)
        with transaction(any_engine) as connection:
            store_ticket(connection, record, audits, source="webhook", now=utc_now())

    assert [contents(any_engine, table) for table in MIRRORED] == before
    assert {row["_source"] for row in rows(any_engine, ticket_comments)} == {"webhook"}


def test_sqlite_and_postgresql_hold_the_same(tmp_path: Path, client: ZendeskClient) -> None:
    with fresh_sqlite(tmp_path) as first, fresh_postgres() as second:
        share_key(first, second)
        for engine in (first, second):
            metadata.create_all(engine)
            copy(engine, client)

        for table in MIRRORED:
            assert contents(first, table) == contents(second, table)


def test_newest_minute_that_exports_leave_out_is_no_difference(sqlite_engine: Engine) -> None:
    config = SandboxConfig(seed=11, tickets=5, rpm=100_000, rpm_incremental=1000)
    with running_sandbox(config) as sandbox:
        client = connected(sandbox.url)
        copy(sqlite_engine, client)
        created = client.create_ticket(
            {"subject": "New", "comment": {"body": "Help"}}, idempotency_key="k"
        )
        record, audits = client.ticket(created["id"]), client.audits(created["id"])
        with transaction(sqlite_engine) as connection:
            store_ticket(connection, record, audits, source="webhook", now=utc_now())

        streams = [BY_NAME["tickets"], BY_NAME["ticket_events"]]
        found = check(sqlite_engine, client, ZendeskExports(client.session), streams=streams)
        assert found.differences == []
