"""Background threads that do jobs when they are due."""

import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

THREADS = 8


@dataclass(order=True, slots=True)
class Due:
    """A job and the moment from which it may be done."""

    at: float
    number: int
    job: Callable[[], None] = field(compare=False)


class Workers:
    """A queue of jobs and the threads that empty it; they start with the first job."""

    def __init__(self) -> None:
        self._queue: list[Due] = []
        self._wake = threading.Condition()
        self._numbers = count()
        self._busy = 0
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def push(self, job: Callable[[], None], delay: float = 0.0) -> Due:
        """Queue a job."""
        due = Due(time.monotonic() + delay if delay else 0.0, next(self._numbers), job)
        with self._wake:
            heapq.heappush(self._queue, due)
            self._start_threads()
            self._wake.notify()
        return due

    def hasten(self, due: Due) -> bool:
        """Make a waiting job due at once; return False when it is no longer waiting."""
        with self._wake:
            if due not in self._queue:
                return False
            due.at = 0.0
            heapq.heapify(self._queue)
            self._wake.notify()
        return True

    @property
    def queued(self) -> int:
        """How many jobs wait or are being done."""
        with self._wake:
            return len(self._queue) + self._busy

    def stop(self) -> None:
        """End the threads; what is still queued is dropped."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()

    def _start_threads(self) -> None:
        if self._threads:
            return
        self._threads = [
            threading.Thread(target=self._work, name=f"sandbox-delivery-{n}", daemon=True)
            for n in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        while True:
            job = self._next()
            if job is None:
                return
            try:
                job()
            finally:
                with self._wake:
                    self._busy -= 1

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            while not self._stopping:
                wait = self._queue[0].at - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._queue).job
                self._wake.wait(wait)
        return None
