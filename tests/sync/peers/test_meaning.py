"""Complaints about what rows mean: exploding spines, missing SLA facts, values without a type."""

from typing import Any

from sqlalchemy import Engine, func, select

from integrations.runtime.database import metadata, reading
from sync.warehouse.tables.tickets import ticket_field_values, tickets
from sync.warehouse.views.creation import VIEWS
from tests.support.copying import Copier, copying, count, import_tickets

YEARS_AGO = "2019-01-07T09:00:00Z"
VALUES: dict[str, tuple[Any, list[str]]] = {
    "text": ("null", ["null"]),
    "textarea": ("two\nlines", ["two\nlines"]),
    "checkbox": (True, ["true"]),
    "integer": (7, ["7"]),
    "decimal": ("0.10", ["0.10"]),
    "date": ("2026-03-01", ["2026-03-01"]),
    "regexp": ("AB12", ["AB12"]),
    "multiselect": (["btc", "eth"], ["btc", "eth"]),
    "tagger": ("btc", ["btc"]),
}
OPTIONS = [{"name": "Bitcoin", "value": "btc"}, {"name": "Ether", "value": "eth"}]


def test_complaint_25_no_calendar_multiplies_the_rows(any_engine: Engine) -> None:
    """fivetran/dbt_zendesk#76, #39, #96: one row for every ticket and day did not end."""
    with copying(any_engine, tickets=40) as copier:
        old = {
            "subject": "Open for seven years",
            "requester_id": copier.desk.user_id("admin@example.com"),
            "status": "open",
            "created_at": YEARS_AGO,
            "updated_at": YEARS_AGO,
            "comments": [{"value": "Hello"}],
        }
        import_tickets(copier.desk, [old])
        copier.sync()

    with reading(any_engine) as connection:
        stored = [
            int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in metadata.sorted_tables
        ]
        shown = {
            name: int(connection.scalar(select(func.count()).select_from(view.table)) or 0)
            for name, view in VIEWS.items()
        }
    naive = 7 * 365 * count(any_engine, tickets, status="open")
    assert naive > sum(stored)
    assert {name: rows for name, rows in shown.items() if rows > sum(stored)} == {}
    assert shown["ticket_custom_fields"] > 0


def test_complaint_27_values_of_custom_fields_keep_their_kind(any_engine: Engine) -> None:
    """singer-io/tap-zendesk#58, #30, #10, #11, target-postgres#153, airbyte#10829: kinds, nulls."""
    with copying(any_engine) as copier:
        fields = {kind: _new_field(copier, kind) for kind in VALUES}
        empty = _new_field(copier, "text")
        filled = [{"id": fields[kind], "value": value} for kind, (value, _) in VALUES.items()]
        number = copier.desk.ticket(custom_fields=[*filled, {"id": empty, "value": None}])["id"]
        copier.sync()
        differences = copier.differences()

    expected = {fields[kind]: texts for kind, (_, texts) in VALUES.items()}
    values = ticket_field_values.c
    query = (
        select(values.field_id, values.value)
        .where(values.ticket_id == number, values.field_id.in_([*expected, empty]))
        .order_by(values.field_id, values.position)
    )
    kept: dict[int, list[str]] = {}
    with reading(any_engine) as connection:
        for field_id, value in connection.execute(query):
            kept.setdefault(field_id, []).append(value)
        custom = VIEWS["ticket_custom_fields"].table.c
        named = select(custom.option, custom.type).where(custom.field_id == fields["tagger"])
        (shown,) = connection.execute(named)
    assert kept == expected
    assert tuple(shown) == ("Bitcoin", "tagger")
    assert differences == []


def _new_field(copier: Copier, kind: str) -> int:
    wanted: dict[str, Any] = {"type": kind, "title": f"A {kind}"}
    if kind in ("multiselect", "tagger"):
        wanted["custom_field_options"] = OPTIONS
    if kind == "regexp":
        wanted["regexp_for_validation"] = "[A-Z]{2}[0-9]{2}"
    made: dict[str, Any] = copier.desk.post("ticket_fields", {"ticket_field": wanted})
    return int(made["ticket_field"]["id"])
