"""The one writer of the inbox: many deliveries, one commit, and an answer only after it."""

import asyncio
import queue
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

import structlog
from sqlalchemy import Engine

from integrations.runtime.clock import utc_now
from integrations.runtime.database import transaction
from integrations.runtime.errors import ServiceUnavailable
from integrations.webhooks import repository
from integrations.webhooks.events import Delivery

LONGEST_QUEUE = 2_000
LARGEST_BATCH = 500

log = structlog.get_logger(__name__)


class InboxFull(ServiceUnavailable):
    """More deliveries wait for their commit than the inbox holds."""

    def __init__(self) -> None:
        super().__init__("The inbox is full.", hint="let Zendesk try again in a few seconds.")


class _Entry:
    """A delivery and whom to tell about its commit."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.loop = asyncio.get_running_loop()
        self.stored: asyncio.Future[None] = self.loop.create_future()

    def answer(self, error: Exception | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits for the answer any more
            self.loop.call_soon_threadsafe(self._resolve, error)

    def _resolve(self, error: Exception | None) -> None:
        if self.stored.done():  # the client went away
            return
        if error is None:
            self.stored.set_result(None)
        else:
            self.stored.set_exception(error)


class InboxWriter:
    """Stores deliveries in a thread; flushes as soon as the previous commit has returned.

    `on_stored` gets the ticket ids of each committed batch, to poke workers. It may fail: the
    sweep finds what no worker was told about.
    """

    def __init__(self, engine: Engine, on_stored: Callable[[Collection[int]], None]) -> None:
        self._engine = engine
        self._on_stored = on_stored
        self._queue: queue.Queue[_Entry | None] = queue.Queue(LONGEST_QUEUE)
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)

    def start(self) -> None:
        """Start the writing thread."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is queued, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    async def store(self, delivery: Delivery) -> None:
        """Return after the delivery's commit; raise InboxFull or ServiceUnavailable instead."""
        entry = _Entry(delivery)
        try:
            self._queue.put_nowait(entry)
        except queue.Full:
            raise InboxFull from None
        await entry.stored

    def _run(self) -> None:
        running = True
        while running:
            batch, running = self._next_batch()
            if batch:
                self._write(batch)

    def _next_batch(self) -> tuple[list[_Entry], bool]:
        """Wait for the first entry, then take all that piled up during the last commit."""
        batch: list[_Entry] = []
        entry = self._queue.get()
        while entry is not None:
            batch.append(entry)
            if len(batch) == LARGEST_BATCH or self._queue.empty():
                return batch, True
            entry = self._queue.get_nowait()
        return batch, False

    def _write(self, batch: list[_Entry]) -> None:
        arrived = [entry.delivery for entry in batch]
        try:
            with transaction(self._engine) as connection:
                repository.store(connection, arrived, source="webhook", now=utc_now())
        except Exception as error:  # noqa: BLE001 - the writer lives on, and everybody gets an answer
            log.error("inbox_commit_failed", deliveries=len(batch), error=type(error).__name__)
            refusal = ServiceUnavailable(
                "The inbox cannot be written.", hint="check the database; Zendesk will try again."
            )
            for entry in batch:
                entry.answer(refusal)
            return
        for entry in batch:
            entry.answer(None)
        self._tell(dict.fromkeys(one.ticket_id for one in arrived if one.ticket_id is not None))

    def _tell(self, tickets: Collection[int]) -> None:
        try:
            self._on_stored(tickets)
        except Exception as error:  # noqa: BLE001 - the deliveries are safe, the sweep finds them
            log.warning("workers_not_told", tickets=len(tickets), error=type(error).__name__)
