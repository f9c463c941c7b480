"""What a complete list no longer holds is marked as deleted, whatever names its records."""

from datetime import timedelta

import pytest
from sqlalchemy import BigInteger, Column, Engine, MetaData, Table, Text, insert, select

from integrations.runtime.database import UtcDateTime, transaction
from sync.mirror.arrival import Key
from sync.mirror.deletions import mark_absent
from tests.support.mirror import NOON

LATER = NOON + timedelta(minutes=5)


def make_table(key: Column[int] | Column[str]) -> Table:
    return Table(
        "things",
        MetaData(),
        key,
        Column("deleted_at", UtcDateTime),
        Column("_synced_at", UtcDateTime, nullable=False),
    )


def numbered() -> Table:
    return make_table(Column("id", BigInteger, primary_key=True, autoincrement=False))


def named() -> Table:
    return make_table(Column("name", Text, primary_key=True))


@pytest.mark.parametrize(
    ("table", "stored", "listed", "gone"),
    [
        pytest.param(numbered(), [1, 2], {2}, [1], id="numbers"),
        pytest.param(named(), ["fraud", "vip"], {"vip"}, ["fraud"], id="names"),
        pytest.param(named(), ["01"], {"1"}, ["01"], id="names are not counted"),
        pytest.param(numbered(), [1], set(), [1], id="nothing at all"),
    ],
)
def test_records_missing_from_the_list_are_marked(
    empty_engine: Engine, table: Table, stored: list[Key], listed: set[Key], gone: list[Key]
) -> None:
    (key,) = table.primary_key.columns
    table.create(empty_engine)
    with transaction(empty_engine) as connection:
        connection.execute(insert(table), [{key.name: each, "_synced_at": NOON} for each in stored])
        marked = mark_absent(connection, table, listed, began=NOON, now=LATER)
        dead = connection.scalars(select(key).where(table.c.deleted_at == LATER)).all()

    assert (marked, dead) == (len(gone), gone)


def test_record_stored_while_the_list_was_read_is_alive(empty_engine: Engine) -> None:
    table = numbered()
    table.create(empty_engine)
    with transaction(empty_engine) as connection:
        connection.execute(insert(table), [{"id": 1, "_synced_at": LATER}])

        assert mark_absent(connection, table, set(), began=NOON, now=LATER) == 0


def test_record_that_is_marked_keeps_the_time_of_its_deletion(empty_engine: Engine) -> None:
    table = numbered()
    table.create(empty_engine)
    with transaction(empty_engine) as connection:
        connection.execute(insert(table), [{"id": 1, "_synced_at": NOON, "deleted_at": NOON}])
        mark_absent(connection, table, set(), began=LATER, now=LATER)

        assert connection.scalars(select(table.c.deleted_at)).all() == [NOON]
