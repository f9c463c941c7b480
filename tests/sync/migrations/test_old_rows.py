"""A database filled by an older version keeps every row and value when it is upgraded."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Numeric,
    Table,
    inspect,
    text,
)

from integrations.runtime.database import reading, transaction
from sync.migrations import upgrade as migrations
from sync.warehouse.tables.cursors import sync_cursors
from sync.warehouse.tables.history import ticket_field_history
from sync.warehouse.tables.quarantine import quarantined_records
from sync.warehouse.tables.tickets import ticket_field_values
from tests.support.mirror import rows

OLD = "0002"
NOON = datetime(2025, 3, 3, 12, 0, tzinfo=UTC)
REPLACED = {"ticket_custom_fields"}  # a view has its name now, its values are elsewhere
CHANGED = {
    "deliveries": {"body"},
    "quarantined_records": {"raw"},
    "ticket_field_history": {"changed_at"},
}
FIELDS = [
    {"id": 1, "value": "risk_f1"},
    {"id": 2, "value": None},
    {"id": 3, "value": True},
    {"id": 4, "value": ["btc", "提现", "b,c"]},
    {"id": 5, "value": 12},
    {"id": 6, "value": "12"},
    {"id": 7, "value": []},
    {"id": 8, "value": False},
    {"id": 360001234567890, "value": 'quo"ted'},
    {"id": 9, "value": ""},
]
ALLOWED: dict[str, dict[str, Any]] = {  # where a constraint wants certain words
    "deliveries": {"mark": "event", "source": "sync"},
    "assessments": {"abstained": False},
    "actions": {"state": "planned"},
    "escalations": {"state": "answered", "withdrawn_at": None},
}
VALUES = {
    *((1, 0, "risk_f1"), (3, 0, "true"), (4, 0, "btc"), (4, 1, "提现"), (4, 2, "b,c")),
    *((5, 0, "12"), (6, 0, "12"), (8, 0, "false"), (360001234567890, 0, 'quo"ted'), (9, 0, "")),
}


def migrate(engine: Engine, revision: str) -> None:
    with transaction(engine) as connection:
        command.upgrade(migrations._config(connection), revision)


def add(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row with plain SQL; lists and objects become JSON, times are UTC."""
    is_postgres = connection.dialect.name == "postgresql"
    holders = [
        f"CAST(:{name} AS JSONB)" if is_postgres and isinstance(value, dict | list) else f":{name}"
        for name, value in values.items()
    ]
    names = ", ".join(f'"{name}"' for name in values)
    plain = {name: _plain(value, is_postgres=is_postgres) for name, value in values.items()}
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(holders)})"), plain)  # noqa: S608


def _plain(value: Any, *, is_postgres: bool) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime) and not is_postgres:
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value


def test_custom_fields_become_rows_of_values(empty_engine: Engine) -> None:
    migrate(empty_engine, OLD)
    with transaction(empty_engine) as connection:
        for number, fields in ((7, FIELDS), (8, [])):
            add(
                connection,
                "tickets",
                id=number,
                status="open",
                tags=["vip"],
                custom_fields=fields,
                created_at=NOON,
                updated_at=NOON,
                raw={"id": number},
                _synced_at=NOON,
                _source="export",
            )
    migrations.upgrade(empty_engine)

    found = rows(empty_engine, ticket_field_values)
    assert {row["ticket_id"] for row in found} == {7}
    assert {(row["field_id"], row["position"], row["value"]) for row in found} == VALUES


def test_values_of_the_past_get_their_end_and_their_channel(empty_engine: Engine) -> None:
    hours = [NOON.replace(hour=hour) for hour in (9, 10, 10, 11)]
    migrate(empty_engine, OLD)
    with transaction(empty_engine) as connection:
        audit = {"custom_metadata": {}, "created_at": NOON, "raw": {}}
        read = {"_synced_at": NOON, "_source": "export"}
        add(connection, "ticket_audits", id=5, ticket_id=7, via_channel="rule", **audit, **read)
        for event_id, hour in enumerate(hours, start=1):
            change = {"event_id": event_id, "field": "status", "ticket_id": 7, "audit_id": 5}
            value = {"value": f"v{event_id}", "changed_at": hour}
            add(connection, "ticket_field_history", **change, **value, **read)
        other = {"event_id": 9, "field": "status", "ticket_id": 8, "audit_id": 6}
        add(connection, "ticket_field_history", **other, changed_at=NOON, **read)
    migrations.upgrade(empty_engine)

    *history, alone = rows(empty_engine, ticket_field_history)
    assert [(row["value"], row["valid_from"]) for row in history] == [
        (f"v{number}", hour) for number, hour in enumerate(hours, start=1)
    ]
    assert [row["valid_until"] for row in history] == [*hours[1:], None]
    assert {row["via_channel"] for row in history} == {"rule"}
    assert (alone["valid_from"], alone["valid_until"], alone["via_channel"]) == (NOON, None, None)


def test_quarantined_records_stay_word_for_word(empty_engine: Engine) -> None:
    record = {"id": 7, "subject": 'a "b" \\ 提', "tags": [1, None, {"x": 1.5}]}
    migrate(empty_engine, OLD)
    with transaction(empty_engine) as connection:
        kept = {"stream": "tickets", "record_id": "7", "error": "tags", "seen_at": NOON}
        add(connection, "quarantined_records", digest="d1", raw={"record": record}, **kept)
        add(connection, "quarantined_records", digest="d2", raw={"record": "no record"}, **kept)
    migrations.upgrade(empty_engine)

    first, second = rows(empty_engine, quarantined_records)
    assert (json.loads(first["raw"]), json.loads(second["raw"])) == (record, "no record")
    assert (first["digest"], first["stored"], first["resolved_at"]) == ("d1", False, None)


def test_cursor_becomes_that_of_the_live_lane(empty_engine: Engine) -> None:
    migrate(empty_engine, OLD)
    with transaction(empty_engine) as connection:
        counted = {"rows": 5, "pages": 2, "stored_at": NOON, "caught_up_at": NOON}
        add(connection, "sync_cursors", stream="tickets", cursor="MTc5|7|", **counted)
    migrations.upgrade(empty_engine)

    (cursor,) = rows(empty_engine, sync_cursors)
    assert (cursor["stream"], cursor["lane"], cursor["cursor"]) == ("tickets", "live", "MTc5|7|")
    assert (cursor["rows"], cursor["pages"], cursor["caught_up_at"]) == (5, 2, NOON)


def test_row_of_every_table_survives_with_every_value(empty_engine: Engine) -> None:
    migrate(empty_engine, OLD)
    old = MetaData()
    with transaction(empty_engine) as connection:
        old.reflect(connection)
        for table in old.sorted_tables:
            if table.name != "alembic_version":
                connection.execute(table.insert().values(_filled(table)))
    before = {table.name: _read(empty_engine, table) for table in old.sorted_tables}
    migrations.upgrade(empty_engine)

    new = MetaData()
    with reading(empty_engine) as connection:
        new.reflect(connection)
    del before["alembic_version"]
    assert min(map(len, before.values())) == 1
    for name in before.keys() - REPLACED:
        ((stored,), (expected,)) = _read(empty_engine, new.tables[name]), before[name]
        same = expected.keys() - CHANGED.get(name, set())
        assert {each: stored[each] for each in same} == {each: expected[each] for each in same}


def _read(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(table.select()).mappings()]


def _filled(table: Table) -> dict[str, Any]:
    """Return a value of its kind for every column."""
    filled = {column.name: _value(column.name, column.type) for column in table.columns}
    return filled | ALLOWED.get(table.name, {})


def _value(name: str, kind: Any) -> Any:
    for types, value in (
        (Boolean, True),
        (Integer, 7),
        (Numeric, 7),
        (DateTime, NOON),
        (Date, date(2025, 3, 3)),
    ):
        if isinstance(kind, types):
            return value
    if isinstance(kind, JSON):
        return [] if name in ("custom_fields", "tags") else {"record": {"a": [1]}}
    return name[: getattr(kind, "length", None) or 99]


def test_upgrade_leaves_no_table_of_its_own_behind(empty_engine: Engine) -> None:
    migrate(empty_engine, OLD)
    migrations.upgrade(empty_engine)

    names = inspect(empty_engine).get_table_names()
    assert [name for name in names if "before" in name or name.startswith("_")] == []


@pytest.mark.parametrize("revision", ["0001", OLD, "0003"])
def test_database_of_any_age_can_be_upgraded(empty_engine: Engine, revision: str) -> None:
    migrate(empty_engine, revision)
    migrations.upgrade(empty_engine)

    assert migrations.current(empty_engine) == migrations.newest()
