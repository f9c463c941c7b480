"""What never enters the warehouse, not even its raw records: credentials, and doubled text."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Raw
from sqlalchemy import Table

from integrations.runtime.errors import BadRecord
from sync.warehouse.records import as_raw, read_record
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.configuration import webhooks

Record = dict[str, Any]
WITHHELD = "withheld"


def without_secrets(table: str, record: Any) -> Any:
    """Return the record of a table as it may be stored; records of most tables are as they came."""
    withhold = WITHHOLDING.get(table)
    return record if withhold is None or not isinstance(record, dict) else withhold(record)


def admitted(table: Table, records: Iterable[Raw]) -> Iterable[Raw]:
    """Return the records as they may be stored, of most tables untouched."""
    if table.name not in WITHHOLDING:
        return records
    return (_admitted(table.name, record) for record in records)


def _admitted(table: str, raw: Raw) -> Raw:
    try:
        return as_raw(without_secrets(table, read_record(raw)[0]))
    except BadRecord:  # nobody can tell what is in it
        return as_raw(WITHHELD)


def _webhook(record: Record) -> Record:
    """Leave out credentials, values of headers, and all of the address but its host."""
    kept = dict(record)
    if "authentication" in kept:
        given = kept["authentication"]
        kind = given.get("type") if isinstance(given, dict) else None
        kept["authentication"] = {"type": kind} if isinstance(kind, str) else WITHHELD
    if "custom_headers" in kept:
        given = kept["custom_headers"]
        kept["custom_headers"] = dict.fromkeys(given if isinstance(given, dict) else (), WITHHELD)
    if isinstance(kept.get("endpoint"), str):
        kept["endpoint"] = _host_of(kept["endpoint"])
    return kept


def _host_of(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return WITHHELD
    return f"{parts.scheme}://{parts.hostname}{port}" if parts.hostname else WITHHELD


def _deleted_ticket(record: Record) -> Record:
    """Leave out what the ticket says: it is erased there, and must not live on here."""
    kept = {key: value for key, value in record.items() if key not in ("subject", "description")}
    actor = kept.get("actor")
    return kept | {"actor": {"id": actor.get("id")} if isinstance(actor, dict) else None}


WITHHOLDING: Mapping[str, Callable[[Record], Record]] = {
    webhooks.name: _webhook,
    ticket_deletions.name: _deleted_ticket,
}
