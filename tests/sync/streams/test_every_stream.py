"""What every stream of the registry keeps to, on both databases, against a running sandbox."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Connection, Date, Engine, Text, select

from integrations.runtime.clock import parse_instant, utc_now
from integrations.runtime.database import UtcDateTime, metadata
from integrations.zendesk.export import Page
from sync.mirror import engine as mirror
from sync.mirror.landing import Arrival, Landed, land, landing_of
from sync.sources.exports import ZendeskExports
from sync.streams.registry import BY_NAME, STREAMS
from sync.streams.stream import Paging, Stream
from sync.warehouse.decoding import Strange
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.quarantine import quarantined_records, unknown_fields
from sync.warehouse.withheld import admitted
from tests.support.account import KEY, client_of, furnished_account, records_of
from tests.support.databases import fresh_database
from tests.support.mirror import raws, rows
from tests.support.sandbox import Desk

Record = dict[str, Any]
Told = Callable[[Record], Any]
LATER = timedelta(hours=1)
OWN = {"raw", "_synced_at", "_source", "handled_version", "erased_at"}  # of the warehouse itself
WITHHELD = {"webhooks", "ticket_deletions"}  # parts of their records are never stored
READ_SLOWLY = {"ticket_audits", "webhooks"}  # event by event; numbers that come as text
PARTED = {"ticket_audits"}  # its records are spread over comments and field history
WORDS = {"Web form": "web", "Web service": "api", "Rule": "rule"}  # channels in the event export


def dig(record: Record, *keys: str) -> Any:
    """Return a value inside nested objects, or None."""
    for key in keys:
        record = record.get(key) or {}
    return record or None


def minutes(key: str, clock: str = "calendar") -> Told:
    return lambda record: record[key][clock]


IS_DEFAULT: dict[str, Told] = {"is_default": lambda record: record["default"]}
# Columns that do not simply repeat the field of the same name.
TOLD: dict[str, dict[str, Told]] = {
    "tickets": {
        "via_channel": lambda record: record["via"]["channel"],
        "deleted_at": lambda record: (
            record["updated_at"] if record["status"] == "deleted" else None
        ),
    },
    "ticket_audits": {
        "author_id": lambda record: record["updater_id"],
        "via_channel": lambda record: WORDS[record["via"]],
        "custom_metadata": lambda record: record["metadata"].get("custom") or {},
    },
    "ticket_metric_events": {
        "target_seconds": lambda record: dig(_promise(record), "target_in_seconds"),
        "business_hours": lambda record: _promise(record).get("business_hours"),
        "policy_id": lambda record: (
            str(policy) if (policy := dig(_promise(record), "policy", "id")) else None
        ),
        "policy_title": lambda record: dig(_promise(record), "policy", "title"),
        "status_calendar_minutes": lambda record: (record.get("status") or {}).get("calendar"),
        "status_business_minutes": lambda record: (record.get("status") or {}).get("business"),
        "deleted_at": lambda record: record["time"] if record["deleted"] else None,
    },
    "users": {
        "deleted_at": lambda record: None if record["active"] else record["updated_at"],
    },
    "side_conversation_events": {
        "actor_id": lambda record: record["actor"]["user_id"],
        "via_channel": lambda record: record["via"],
        "subject": lambda record: dig(record, "message", "subject"),
        "preview_text": lambda record: dig(record, "message", "preview_text"),
        "body": lambda record: dig(record, "message", "body"),
        "html_body": lambda record: dig(record, "message", "html_body"),
        "sender": lambda record: dig(record, "message", "from"),
        "recipients": lambda record: dig(record, "message", "to") or [],
    },
    "ticket_deletions": {
        "actor_id": lambda record: record["actor"]["id"],
        "ticket_deleted_at": lambda record: record["deleted_at"],
        "deleted_at": lambda _: None,
    },
    "webhooks": {"endpoint": lambda _: "https://hooks.example.com:8443"},
    "groups": IS_DEFAULT,
    "group_memberships": IS_DEFAULT,
    "brands": IS_DEFAULT,
    "ticket_forms": IS_DEFAULT,
    "custom_statuses": IS_DEFAULT,
}
# What the record of a stream looks like once Zendesk has deleted it.
DELETED: dict[str, Record] = {
    "tickets": {"status": "deleted", "generated_timestamp": 2**31},
    "users": {"active": False},
    "organizations": {"deleted_at": "2026-11-26T12:00:00Z"},
    "ticket_metric_events": {"deleted": True},
}
NEVER_DELETED = {"ticket_events", "side_conversation_events"}  # history


def _promise(record: Record) -> Record:
    return record.get("sla") or record.get("group_sla") or {}


@dataclass(frozen=True)
class Copied:
    """A database that holds a copy of the account, and what Zendesk lists for each stream."""

    engine: Engine
    records: Mapping[str, list[Record]]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with furnished_account() as furnished:
        yield furnished


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def copied(
    request: pytest.FixtureRequest, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copied]:
    with fresh_database(request.param, tmp_path_factory.mktemp("copied")) as engine:
        metadata.create_all(engine)
        copy(engine, desk, *STREAMS)
        yield Copied(engine, {each.name: records_of(desk, each) for each in STREAMS})


@pytest.fixture
def trial(copied: Copied) -> Iterator[Connection]:
    """Give a connection whose changes are undone at the end."""
    with copied.engine.connect() as connection:
        yield connection
        connection.rollback()


def copy(engine: Engine, desk: Desk, *streams: Stream) -> None:
    source = ZendeskExports(client_of(desk).session)
    results = mirror.run(engine, source, streams, now=utc_now())
    assert [result.error for result in results] == [None] * len(streams)


def store(
    connection: Connection, stream: Stream, *records: Any, after: timedelta = LATER
) -> Landed:
    """Store records as if they had been read then; return what became of them."""
    arrival = Arrival(stream.name, Source.EXPORT, utc_now() + after)
    return land(connection, stream.table, raws(*records), arrival)


def key_of(stream: Stream) -> str:
    (column,) = stream.table.primary_key.columns
    return column.name


def contents(source: Engine | Connection, stream: Stream) -> dict[Any, Record]:
    """Return the rows of a stream's table by their key, without when and how they came."""
    found = rows(source, stream.table)
    return {
        row[key_of(stream)]: {k: v for k, v in row.items() if k not in ("_synced_at", "_source")}
        for row in found
    }


def expected(stream: Stream, record: Record, column: Any) -> Any:
    """Return what a column has to hold, read from the record in another way than the mirror's."""
    told = TOLD.get(stream.table.name, {}).get(column.name)
    value = told(record) if told else record.get(column.name)
    if value is None:
        return column.info.get("empty")
    if isinstance(column.type, UtcDateTime):
        return parse_instant(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return int(value) if isinstance(column.type, BigInteger) else value


every_stream = pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)


@every_stream
def test_rows_equal_the_records_field_by_field(copied: Copied, stream: Stream) -> None:
    stored, records = contents(copied.engine, stream), copied.records[stream.name]
    columns = [column for column in stream.table.columns if column.name not in OWN]

    assert records, "the account has none of them, so this would prove nothing"
    for record in records:
        row = stored[record[key_of(stream)]]
        wanted = {column.name: expected(stream, record, column) for column in columns}
        assert {name: row[name] for name in wanted} == wanted
        assert stream.table.name in WITHHELD | PARTED or row["raw"] == record
    if stream.paging is Paging.FULL_LIST:
        assert len(stored) == len(records)


@every_stream
def test_second_copy_changes_nothing(copied: Copied, desk: Desk, stream: Stream) -> None:
    before = contents(copied.engine, stream)
    copy(copied.engine, desk, stream)

    assert contents(copied.engine, stream) == before


@every_stream
def test_page_that_comes_twice_is_harmless(
    copied: Copied, trial: Connection, stream: Stream
) -> None:
    before, records = contents(trial, stream), copied.records[stream.name]
    store(trial, stream, *records, *records)

    assert contents(trial, stream) == before
    assert rows(trial, quarantined_records) == []


@every_stream
def test_record_that_does_not_fit_is_kept_aside_and_the_rest_is_stored(
    copied: Copied, trial: Connection, stream: Stream
) -> None:
    record = copied.records[stream.name][-1]
    simple = [c.name for c in stream.table.columns if not isinstance(c.type, JSON)]
    without_key = {name: value for name, value in record.items() if name != key_of(stream)}
    of_wrong_type = [record | {name: {"not": "fitting"}} for name in simple if name in record]
    wrong = [without_key, *of_wrong_type, "no record", None]
    landed = store(trial, stream, *wrong[:2], record, *wrong[2:])

    assert len(of_wrong_type) > 1
    assert (landed.rows, landed.quarantined) == (1, len(wrong))
    refused = rows(trial, quarantined_records)
    assert len(refused) == len(wrong)
    assert {row["stream"] for row in refused} == {stream.name}
    assert "fitting" not in " ".join(row["error"] for row in refused)


@every_stream
def test_older_state_never_overwrites_a_newer_one(
    copied: Copied, trial: Connection, stream: Stream
) -> None:
    before, record = contents(trial, stream), copied.records[stream.name][0]
    changed = {
        column.name: "older"
        for column in stream.table.columns
        if column.name in record and column.name != key_of(stream) and type(column.type) is Text
    }
    clocks = {
        "updated_at": "2001-01-01T00:00:00Z",
        **({"generated_timestamp": 1} if stream.name == "tickets" else {}),
    }
    old = record | changed | {name: value for name, value in clocks.items() if name in record}
    store(trial, stream, old, after=-LATER)

    assert contents(trial, stream) == before


@every_stream
def test_newer_state_is_stored(copied: Copied, trial: Connection, stream: Stream) -> None:
    record = copied.records[stream.name][0]
    store(trial, stream, record | {"field_of_tomorrow": {"a": [1, "提"]}})

    raw = contents(trial, stream)[record[key_of(stream)]]["raw"]
    assert raw["field_of_tomorrow"] == {"a": [1, "提"]}
    assert rows(trial, quarantined_records) == []


@every_stream
@pytest.mark.parametrize("is_exact", [True, False], ids=["read fast", "read value by value"])
def test_field_of_tomorrow_is_stored_in_raw_and_reported_once(
    copied: Copied, trial: Connection, stream: Stream, *, is_exact: bool
) -> None:
    table, record = stream.table, copied.records[stream.name][0]
    name = (
        f"{stream.name}_{copied.engine.dialect.name}_{is_exact}"  # a process learns what is noted
    )
    value = "new" if is_exact else "new\0"
    for minutes in (1, 2):
        store(trial, stream, record | {name: value}, after=timedelta(hours=1, minutes=minutes))

    noted = [(row["table_name"], row["field"]) for row in rows(trial, unknown_fields)]
    assert noted == [(table.name, name)]
    raw = contents(trial, stream)[record[key_of(stream)]]["raw"]
    assert raw[name] == ("new" if is_exact else "new\ufffd")


CHANGES = [each for each in STREAMS if each.paging is not Paging.FULL_LIST]
LISTS = [each for each in STREAMS if each.paging is Paging.FULL_LIST]


@pytest.mark.parametrize("stream", CHANGES, ids=lambda stream: stream.name)
def test_deletion_that_the_export_tells_is_marked(
    copied: Copied, trial: Connection, stream: Stream
) -> None:
    gone = DELETED.get(stream.name)
    if gone is None:
        assert stream.name in NEVER_DELETED
        return
    alive = [each for each in copied.records[stream.name] if not _is_gone(each)]
    store(trial, stream, alive[0] | gone)

    row = contents(trial, stream)[alive[0][key_of(stream)]]
    assert isinstance(row["deleted_at"], datetime)


def _is_gone(record: Record) -> bool:
    return bool(
        record.get("status") == "deleted" or record.get("active") is False or record.get("deleted")
    )


class Shortened(ZendeskExports):
    """Zendesk's pages, from the lists of which one record is missing."""

    def __init__(self, desk: Desk, stream: Stream, missing: Any) -> None:
        super().__init__(client_of(desk).session)
        self.stream = stream
        self.missing = missing

    def pages(self, stream: Stream, path: str, **where: Any) -> Iterator[Page]:
        for page in super().pages(stream, path, **where):
            if stream is self.stream:
                decoded = [(each, json.loads(bytes(each))) for each in page.records]
                page.records[:] = [
                    each for each, record in decoded if record[key_of(stream)] != self.missing
                ]
            yield page


@pytest.mark.parametrize("stream", LISTS, ids=lambda stream: stream.name)
def test_record_missing_from_a_list_is_marked_and_lives_again_when_it_is_back(
    copied: Copied, desk: Desk, stream: Stream
) -> None:
    before = contents(copied.engine, stream)
    missing = copied.records[stream.name][0][key_of(stream)]
    source = Shortened(desk, stream, missing)
    (result,) = mirror.run(copied.engine, source, [stream], now=utc_now())
    marked = [key for key, row in contents(copied.engine, stream).items() if row["deleted_at"]]
    copy(copied.engine, desk, stream)

    assert (result.error, result.deleted, marked) == (None, 1, [missing])
    assert contents(copied.engine, stream) == before


@every_stream
def test_records_are_read_fast_and_no_field_is_unknown(copied: Copied, stream: Stream) -> None:
    table, strange = stream.table, Strange()
    for raw in admitted(table, raws(*copied.records[stream.name])):
        if table.name in READ_SLOWLY:
            landing_of(table).explain(json.loads(bytes(raw)), raw, strange)
        else:
            landing_of(table).decode(raw, strange)

    assert strange == {}


@every_stream
def test_every_column_and_table_says_what_it_means(stream: Stream) -> None:
    assert stream.table.comment
    assert [column.name for column in stream.table.columns if not column.comment] == []


def test_nothing_secret_of_a_webhook_is_anywhere(copied: Copied, trial: Connection) -> None:
    stream = BY_NAME["webhooks"]
    (webhook,) = copied.records["webhooks"]
    assert KEY in json.dumps(webhook), "Zendesk shows something secret here"
    shown = webhook | {"authentication": {"type": "bearer_token", "data": {"token": KEY}}}
    store(trial, stream, shown, shown | {"name": None}, shown | {"endpoint": f"//[{KEY}"})

    kept = [*rows(trial, stream.table), *rows(trial, quarantined_records)]
    assert len(kept) == 2
    assert KEY not in repr(kept)


def test_bin_repeats_nothing_that_a_ticket_says(copied: Copied) -> None:
    for row in rows(copied.engine, BY_NAME["deleted_tickets"].table):
        assert set(row["raw"]) == {"id", "actor", "deleted_at", "previous_state"}
        assert set(row["raw"]["actor"]) == {"id"}


def test_nothing_of_the_account_is_in_quarantine_or_unknown(copied: Copied) -> None:
    with copied.engine.connect() as connection:
        assert connection.scalars(select(quarantined_records.c.error)).all() == []
        assert connection.scalars(select(unknown_fields.c.field)).all() == []
