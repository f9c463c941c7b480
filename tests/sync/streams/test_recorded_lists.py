"""Records that real accounts sent for every stream land in its table, and hold nothing unknown."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.runtime.database import transaction
from sync.mirror.landing import Arrival, land
from sync.streams.registry import STREAMS
from sync.streams.stream import Stream
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.quarantine import quarantined_records, unknown_fields
from tests.support.mirror import NOON, raws, rows
from tests.support.shared import shared_file

Record = dict[str, Any]
SAMPLED_AS = {"custom_statuses": "custom_ticket_statuses", "organization_list": "organizations"}
# Nobody recorded them.
NOT_RECORDED = {
    *("ticket_events", "side_conversation_events", "group_sla_policies", "schedule_holidays"),
    *("deleted_tickets", "views"),
}


def recorded(stream: Stream) -> Iterator[Record]:
    """Yield every record of a stream that is in the recordings."""
    name = SAMPLED_AS.get(stream.name, stream.name)
    for line in _lines("sample_records"):
        if line["stream"] == name:
            yield _with_times(line["record"])
    for line in _lines("interactions"):
        is_list = line["method"] == "GET" and isinstance(line["body"], dict)
        listed = line["body"].get(stream.records_key) if is_list else None
        of_tickets = stream.records_key != "tickets" or "/incremental/" in line["route"]
        if isinstance(listed, list) and of_tickets:
            yield from (each for each in listed if isinstance(each, dict))


def _lines(name: str) -> list[Record]:
    text = shared_file(f"zendesk/recorded/{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _with_times(record: Record) -> Record:
    """Put back what the samples hide: times, and lists that are the ticket's own."""
    hidden = {key for key, value in record.items() if value == "redacted" and key.endswith("_at")}
    shown = record | dict.fromkeys(hidden, "2024-08-01T13:29:59Z")
    lists = {key for key in ("custom_fields", "fields") if shown.get(key) == "redacted"}
    shown |= {key: [] for key in lists}
    if shown.get("generated_timestamp") == "redacted":
        shown["generated_timestamp"] = 1722518999
    return shown


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_recorded_records_land_and_hold_nothing_unknown(any_engine: Engine, stream: Stream) -> None:
    records = list(recorded(stream))
    with transaction(any_engine) as connection:
        arrival = Arrival(stream.name, Source.EXPORT, NOON)
        land(connection, stream.table, raws(*records), arrival)

    assert bool(records) != (stream.name in NOT_RECORDED)
    assert rows(any_engine, quarantined_records) == []
    assert rows(any_engine, unknown_fields) == []
    (key,) = stream.table.primary_key.columns
    stored = {row[key.name] for row in rows(any_engine, stream.table)}
    assert stored == {each[key.name] for each in records}
