import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from integrations.runtime.database import (
    BigId,
    Json,
    UtcDateTime,
    check_database,
    create_database_engine,
    reading,
    transaction,
)
from integrations.runtime.errors import ConfigError, ServiceUnavailable

NOON = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)
own = MetaData()  # not the project's: these tables exist in no migration
things = Table(
    "things",
    own,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime()),
    Column("what", Json),
    Column("name", String(8)),
)


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    own.create_all(empty_engine)
    return empty_engine


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = create_database_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    own.create_all(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(NOON, id="UTC"),
        pytest.param(NOON.astimezone(timezone(timedelta(hours=8))), id="Beijing"),
        pytest.param(NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30))), id="Marquesas"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), id="the epoch"),
        pytest.param(None, id="empty"),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(
    engine: Engine, moment: datetime | None
) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(things).values(id=1, at=moment))
    with reading(engine) as connection:
        back = connection.scalar(select(things.c.at))

    assert back == moment
    assert back is None or back.tzinfo is UTC


def test_instants_are_compared_as_instants(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(things).values(id=1, at=NOON))
    same = NOON.astimezone(timezone(timedelta(hours=8)))

    with reading(engine) as connection:
        found = connection.scalar(select(func.count()).where(things.c.at == same))

    assert found == 1


def test_a_naive_datetime_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="naive datetime"), transaction(engine) as connection:
        connection.execute(insert(things).values(id=1, at=NOON.replace(tzinfo=None)))


def test_json_and_large_ids_come_back_as_they_went(engine: Engine) -> None:
    what = {"小": [1, None, "x"], "n": 2**53 + 1}

    with transaction(engine) as connection:
        connection.execute(insert(things).values(id=2**63 - 1, what=what))

    with reading(engine) as connection:
        assert connection.execute(select(things.c.id, things.c.what)).one() == (2**63 - 1, what)


def test_missing_json_is_null_and_not_the_word_null(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(things).values(id=1, what=None))

    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).where(things.c.what.is_(None))) == 1


def test_an_error_rolls_everything_back(engine: Engine) -> None:
    twice = [{"id": 1}, {"id": 1}]
    with pytest.raises(IntegrityError), transaction(engine) as connection:
        connection.execute(insert(things), twice)

    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(things)) == 0


def test_sqlite_keeps_foreign_keys_and_a_write_ahead_log(sqlite: Engine) -> None:
    with reading(sqlite) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous")
        }

    assert pragmas == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}


def test_a_foreign_key_that_points_nowhere_is_refused(sqlite: Engine) -> None:
    with transaction(sqlite) as connection:
        connection.exec_driver_sql("CREATE TABLE parts (thing INTEGER REFERENCES things (id))")

    with pytest.raises(IntegrityError), transaction(sqlite) as connection:
        connection.exec_driver_sql("INSERT INTO parts VALUES (99)")


def add_one(engine: Engine, times: int, failures: list[Exception]) -> None:
    """Read the highest id, then write the next one, as work on a ticket reads and then writes."""
    try:
        for _ in range(times):
            with transaction(engine) as connection:
                highest = connection.scalar(select(func.coalesce(func.max(things.c.id), 0))) or 0
                connection.execute(insert(things).values(id=highest + 1))
    except DBAPIError as error:
        failures.append(error)


@pytest.mark.parametrize("engines", [1, 2], ids=["threads", "processes"])
def test_writers_on_one_sqlite_file_wait_for_each_other(
    sqlite: Engine, tmp_path: Path, engines: int
) -> None:
    """Two engines stand for two processes: they share no lock but the file's."""
    second = create_database_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    chosen = [sqlite, sqlite] if engines == 1 else [sqlite, second]
    failures: list[Exception] = []
    threads = [threading.Thread(target=add_one, args=(one, 20, failures)) for one in chosen]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.dispose()

    assert failures == []
    with reading(sqlite) as connection:
        assert connection.scalar(select(func.max(things.c.id))) == 40


def test_readers_do_not_wait_for_a_writer_and_see_what_was_committed(sqlite: Engine) -> None:
    with transaction(sqlite) as writing:
        writing.execute(insert(things).values(id=1))
        with reading(sqlite) as connection:
            seen = connection.scalar(select(func.count()).select_from(things))

    assert seen == 0


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("riskdesk.db", id="a path"),
        pytest.param("mysql://root@db/desk", id="another database"),
        pytest.param("postgresql+psycopg2://db/desk", id="another driver"),
        pytest.param("postgresql://db:port/desk", id="the port is a word"),
    ],
)
def test_what_names_no_usable_database_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(ConfigError, match="RISKDESK_DATABASE_URL"):
        create_database_engine(url)


@pytest.mark.parametrize("prefix", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_may_be_written_in_three_ways(prefix: str) -> None:
    engine = create_database_engine(f"{prefix}://desk@127.0.0.1/desk")

    assert engine.url.drivername == "postgresql+psycopg"


def unusable(url: str) -> ServiceUnavailable:
    engine = create_database_engine(url)
    try:
        with pytest.raises(ServiceUnavailable) as caught:
            check_database(engine)
    finally:
        engine.dispose()
    return caught.value


def test_a_database_that_can_be_written_passes_and_keeps_no_trace(empty_engine: Engine) -> None:
    check_database(empty_engine)
    check_database(empty_engine)

    with pytest.raises(DBAPIError), reading(empty_engine) as connection:
        connection.exec_driver_sql("SELECT * FROM riskdesk_write_probe")


def test_a_folder_that_does_not_exist_is_told_in_two_lines(tmp_path: Path) -> None:
    error = unusable(f"sqlite:///{tmp_path}/missing/desk.db")

    assert "cannot be written" in error.message
    assert len(str(error).splitlines()) == 2


def test_a_file_that_is_no_database_is_told_in_two_lines(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("Dear diary, " * 400, "utf-8")

    error = unusable(f"sqlite:///{tmp_path}/desk.db")

    assert "not a database" in error.message
    assert len(str(error).splitlines()) == 2


def test_a_read_only_database_is_told_in_two_lines(tmp_path: Path) -> None:
    url = f"sqlite:///file:{tmp_path}/desk.db?mode=ro&uri=true"
    create_database_engine(f"sqlite:///{tmp_path}/desk.db").connect().close()

    error = unusable(url)

    assert "readonly" in error.message
    assert len(str(error).splitlines()) == 2


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    error = unusable("postgresql://desk:hush-hush@127.0.0.1:1/desk")

    assert "127.0.0.1:1" in error.message
    assert "hush-hush" not in str(error)
    assert len(str(error).splitlines()) == 2


def test_ids_count_up_by_themselves(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(things), [{"name": "a"}, {"name": "b"}])

    with reading(engine) as connection:
        assert list(connection.scalars(select(things.c.id).order_by(things.c.id))) == [1, 2]


def test_large_ids_are_integers_of_the_project(engine: Engine) -> None:
    assert isinstance(things.c.id.type.dialect_impl(engine.dialect), Integer)
