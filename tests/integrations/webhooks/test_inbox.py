import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from sqlalchemy import Engine, event

from integrations.runtime.database import transaction
from integrations.runtime.errors import ServiceUnavailable
from integrations.webhooks import inbox
from integrations.webhooks.inbox import InboxFull, InboxWriter
from tests.support.deliveries import make_delivery, stored

MANY = 300


def ignore(_tickets: Collection[int]) -> None:
    """Tell no worker."""


def run(
    engine: Engine,
    scene: Callable[[InboxWriter], Awaitable[None]],
    *,
    on_stored: Callable[[Collection[int]], None] = ignore,
) -> None:
    """Play a scene with a running writer."""

    async def play() -> None:
        writer = InboxWriter(engine, on_stored)
        writer.start()
        try:
            await scene(writer)
        finally:
            await asyncio.to_thread(writer.stop)

    asyncio.run(play())


@contextmanager
def counting_commits(engine: Engine) -> Iterator[list[object]]:
    commits: list[object] = []
    count = commits.append
    event.listen(engine, "commit", count)
    yield commits
    event.remove(engine, "commit", count)


@asynccontextmanager
async def held_up(engine: Engine) -> AsyncIterator[None]:
    """Keep the inbox's table busy, so that the writer cannot commit."""
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE deliveries IN EXCLUSIVE MODE")
        yield


@contextmanager
def broken(engine: Engine) -> Iterator[None]:
    """Take the inbox's table away for a while."""
    with transaction(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE deliveries RENAME TO taken_away")
    yield
    with transaction(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE taken_away RENAME TO deliveries")


def queue_up(writer: InboxWriter, number: int) -> list["asyncio.Task[None]"]:
    return [
        asyncio.create_task(writer.store(make_delivery(f"evt-{one}", subject=f"zen:ticket:{one}")))
        for one in range(number)
    ]


def test_answers_only_when_the_row_is_there(any_engine: Engine) -> None:
    async def scene(writer: InboxWriter) -> None:
        await writer.store(make_delivery("evt-1"))

        assert [row["dedupe_key"] for row in stored(any_engine)] == ["event:evt-1"]

    run(any_engine, scene)


def test_does_not_answer_while_the_commit_is_held_up(any_engine: Engine) -> None:
    async def scene(writer: InboxWriter) -> None:
        async with held_up(any_engine):
            (waiting,) = queue_up(writer, 1)
            answered, _ = await asyncio.wait([waiting], timeout=0.05)

            assert not answered
        await waiting

    run(any_engine, scene)


def test_what_piles_up_during_a_commit_is_written_by_the_next_one(any_engine: Engine) -> None:
    async def scene(writer: InboxWriter) -> None:
        async with held_up(any_engine):
            waiting = queue_up(writer, MANY)
            await asyncio.sleep(0)
        with counting_commits(any_engine) as commits:
            await asyncio.gather(*waiting)

        assert len(stored(any_engine)) == MANY
        assert len(commits) <= 2

    run(any_engine, scene)


def test_a_batch_has_a_largest_size(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LARGEST_BATCH", 10)
    batches: list[int] = []

    async def scene(writer: InboxWriter) -> None:
        await asyncio.gather(*queue_up(writer, 35))

    run(sqlite_engine, scene, on_stored=lambda tickets: batches.append(len(tickets)))

    assert sum(batches) == 35
    assert max(batches) <= 10


def test_the_same_event_twice_is_one_row_that_counts_its_copies(any_engine: Engine) -> None:
    async def scene(writer: InboxWriter) -> None:
        async with held_up(any_engine):  # both in one commit
            twice = [asyncio.create_task(writer.store(make_delivery("evt-1"))) for _ in range(2)]
            await asyncio.sleep(0)
        await asyncio.gather(*twice)
        await writer.store(make_delivery("evt-1"))

    run(any_engine, scene)

    assert [row["copies"] for row in stored(any_engine)] == [3]


def test_workers_are_told_each_ticket_of_a_batch_once(sqlite_engine: Engine) -> None:
    told: list[int] = []

    async def scene(writer: InboxWriter) -> None:
        async with held_up(sqlite_engine):
            waiting = [
                asyncio.create_task(writer.store(make_delivery(f"evt-{number}", subject=subject)))
                for number, subject in enumerate(["zen:ticket:1", "zen:ticket:1", "zen:user:2"])
            ]
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)

    run(sqlite_engine, scene, on_stored=told.extend)

    assert set(told) == {1}


def test_a_full_inbox_refuses_at_once_and_keeps_what_it_took(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LONGEST_QUEUE", 3)

    async def scene() -> None:
        writer = InboxWriter(sqlite_engine, ignore)
        taken = queue_up(writer, 3)
        await asyncio.sleep(0)
        with pytest.raises(InboxFull):
            await writer.store(make_delivery("one too many"))
        writer.start()
        await asyncio.gather(*taken)
        writer.stop()

    asyncio.run(scene())

    assert len(stored(sqlite_engine)) == 3


def test_a_database_that_fails_is_told_and_the_writer_recovers(any_engine: Engine) -> None:
    async def scene(writer: InboxWriter) -> None:
        with broken(any_engine):
            for outcome in await asyncio.gather(*queue_up(writer, 3), return_exceptions=True):
                assert isinstance(outcome, ServiceUnavailable)
        await writer.store(make_delivery("after the repair"))

    run(any_engine, scene)

    assert [row["dedupe_key"] for row in stored(any_engine)] == ["event:after the repair"]


def test_workers_that_cannot_be_told_do_not_stop_the_writer(sqlite_engine: Engine) -> None:
    def fail(_tickets: Collection[int]) -> None:
        raise RuntimeError("the broker's library has a bug")

    async def scene(writer: InboxWriter) -> None:
        await writer.store(make_delivery("evt-1"))
        await writer.store(make_delivery("evt-2"))

    run(sqlite_engine, scene, on_stored=fail)

    assert len(stored(sqlite_engine)) == 2


def test_a_client_that_went_away_loses_nothing(sqlite_engine: Engine) -> None:
    async def scene(writer: InboxWriter) -> None:
        async with held_up(sqlite_engine):
            gone, patient = queue_up(writer, 2)
            await asyncio.sleep(0)
            gone.cancel()
        await patient

    run(sqlite_engine, scene)

    assert len(stored(sqlite_engine)) == 2


def test_stop_writes_what_is_queued(any_engine: Engine) -> None:
    async def scene() -> None:
        writer = InboxWriter(any_engine, ignore)
        waiting = queue_up(writer, 20)
        await asyncio.sleep(0)
        writer.start()
        await asyncio.to_thread(writer.stop)
        await asyncio.wait_for(asyncio.gather(*waiting), timeout=5)

    asyncio.run(scene())

    assert len(stored(any_engine)) == 20
