"""Stops calling an endpoint that mostly fails, for a few seconds at a time."""

import threading
from collections import deque
from collections.abc import Callable

WINDOW_S = 300.0
OPEN_S = 5.0
FEWEST_REQUESTS = 100  # fewer in the window never open the circuit
WORST_SHARE = 0.7
MOST_ERRORS = 1000


class CircuitBreaker:
    """Watches the requests of one webhook over the last five minutes."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._requests: deque[tuple[float, bool]] = deque()
        self._errors = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether nothing may be sent now."""
        return self._monotonic() < self._open_until

    def note(self, *, failed: bool) -> None:
        """Count a request; an error too many opens the circuit, also right after a pause."""
        with self._lock:
            now = self._monotonic()
            self._requests.append((now, failed))
            self._errors += failed
            while self._requests[0][0] <= now - WINDOW_S:
                self._errors -= self._requests.popleft()[1]
            if failed and self._is_too_bad():
                self._open_until = now + OPEN_S

    def _is_too_bad(self) -> bool:
        requests = len(self._requests)
        if requests < FEWEST_REQUESTS:
            return False
        return self._errors >= WORST_SHARE * requests or self._errors > MOST_ERRORS
