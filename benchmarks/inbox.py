"""How many deliveries a second the inbox stores: group commit against one commit each.

Both sides write the same deliveries into new SQLite files, in turn and in one run; each is answered
after its commit. Run it with `python benchmarks/inbox.py`.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from integrations.runtime.clock import utc_now
from integrations.runtime.database import create_database_engine, metadata, transaction
from integrations.webhooks import repository
from integrations.webhooks.events import Delivery, parse_delivery
from integrations.webhooks.inbox import InboxWriter

DELIVERIES = 2_000
AT_ONCE = 100  # requests that wait for their commit at the same time
ROUNDS = 5


def make_deliveries() -> list[Delivery]:
    """Build deliveries of a usual size (about 2 kB)."""
    body = (
        '{"id": "event-%d", "type": "zen:event-type:ticket.created", "subject": "zen:ticket:%d",'
        ' "time": "2026-03-03T09:00:00Z", "detail": {"actor_id": "1", "description": "'
        + "x" * 1_700
        + '"}}'
    )
    return [parse_delivery((body % (n, n)).encode()) for n in range(DELIVERIES)]


async def grouped(writer: InboxWriter, deliveries: list[Delivery]) -> None:
    """Store through the inbox, `AT_ONCE` requests at a time."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(delivery: Delivery) -> None:
        async with slots:
            await writer.store(delivery)

    await asyncio.gather(*(one(delivery) for delivery in deliveries))


def seconds(folder: Path, deliveries: list[Delivery], *, together: bool) -> float:
    """Return how long one side takes on an empty database."""
    engine = create_database_engine(f"sqlite:///{folder / f'{time.monotonic_ns()}.db'}")
    metadata.create_all(engine)
    start = time.perf_counter()
    if together:
        writer = InboxWriter(engine, on_stored=lambda _tickets: None)
        writer.start()
        asyncio.run(grouped(writer, deliveries))
        writer.stop()
    else:
        for delivery in deliveries:
            with transaction(engine) as connection:
                repository.store(connection, [delivery], source="webhook", now=utc_now())
    taken = time.perf_counter() - start
    engine.dispose()
    return taken


def main() -> None:
    """Print deliveries a second of both sides and their ratio."""
    deliveries = make_deliveries()
    with tempfile.TemporaryDirectory() as folder:
        pairs = [
            tuple(seconds(Path(folder), deliveries, together=side) for side in (True, False))
            for _ in range(ROUNDS)
        ]
    group, single = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    print(f"group commit      {DELIVERIES / group:>9,.0f} deliveries a second")
    print(f"one commit each   {DELIVERIES / single:>9,.0f} deliveries a second")
    print(f"ratio             {ratio:>9.1f} times (median of {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
