"""What a trial account may send: so many invocations a minute, the rest is dropped."""

from collections import deque
from collections.abc import Callable

INVOCATIONS_A_MINUTE = 60
MINUTE = 60.0


class TrialLimit:
    """Counts the invocations of the last minute over all webhooks."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._sent: deque[float] = deque()

    def has_room(self) -> bool:
        """Return whether one more may be sent, and count it when it may."""
        now = self._monotonic()
        while self._sent and self._sent[0] <= now - MINUTE:
            self._sent.popleft()
        if len(self._sent) >= INVOCATIONS_A_MINUTE:
            return False
        self._sent.append(now)
        return True
