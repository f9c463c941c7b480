"""Which row each kind of record becomes; values that are nested or implied are taken out."""

from types import SimpleNamespace
from typing import Any

import msgspec
from sqlalchemy import Table

from sync.warehouse.derivations import DERIVATIONS, Derivation, Input
from sync.warehouse.records import Row, bad_record, row_of
from sync.warehouse.withheld import without_secrets
from sync.warehouse.wording import as_text


def shape(table: Table, record: Any) -> Row:
    """Return the row of a mirrored table for one record; raises BadRecord."""
    record = without_secrets(table.name, record)
    derivation = DERIVATIONS.get(table.name)
    if derivation is None or not isinstance(record, dict):
        return row_of(table, record)
    return _derived(table, record, derivation)


def _derived(table: Table, record: dict[str, Any], derivation: Derivation) -> Row:
    row = row_of(table, record, without=frozenset(derivation.columns))
    inputs = {
        name: _input(table, name, record.get(name), each)
        for name, each in derivation.inputs.items()
    }
    try:
        values = derivation.of(SimpleNamespace(**row, **inputs))
    except ValueError:
        names = ", ".join(derivation.columns)
        raise bad_record(table.name, f"{names}: one has a value of the wrong kind") from None
    carried = {name: inputs[name] for name in derivation.carried}
    return row | dict(zip(derivation.columns, values, strict=True)) | carried


def _input(table: Table, name: str, value: Any, each: Input) -> Any:
    if value is None:
        if each.required:
            raise bad_record(table.name, f"{name} is missing")
        return each.empty
    try:
        return each.read(value) if each.read else msgspec.convert(value, each.type)
    except (TypeError, ValueError, KeyError, OverflowError):
        raise bad_record(table.name, f"{name} has a value of the wrong kind") from None


def tag_rows(ticket_id: int, tags: list[Any]) -> list[Row]:
    """Return one row for each different tag of a ticket."""
    return [{"ticket_id": ticket_id, "tag": tag} for tag in dict.fromkeys(tags)]


def field_value_rows(ticket_id: int, fields: list[dict[str, Any]]) -> list[Row]:
    """Return one row for each value of a ticket's custom fields; some have several."""
    values = {
        (field["id"], position): text
        for field in reversed(fields)
        for position, each in enumerate(_listed(field["value"]))
        if (text := as_text(each)) is not None
    }
    return [
        {"ticket_id": ticket_id, "field_id": field_id, "position": position, "value": text}
        for (field_id, position), text in values.items()
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def option_rows(field_id: int, options: Any) -> list[Row]:
    """Return one row for each option of a field; what has no value or name is left in raw."""
    named = {
        option["value"]: option["name"]
        for option in (options if isinstance(options, list) else ())
        if isinstance(option, dict)
        and isinstance(option.get("value"), str)
        and isinstance(option.get("name"), str)
    }
    return [
        {"field_id": field_id, "value": value, "name": name, "position": position}
        for position, (value, name) in enumerate(named.items())
    ]
