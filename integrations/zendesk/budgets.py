"""Keeps calls inside Zendesk's budgets before Zendesk has to refuse them."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from math import isfinite

MINUTE_S = 60.0
MARGIN_S = 0.5  # requests travel at different speeds; ours must not bunch up at the far end
LONGEST_PAUSE_S = 60.0  # Zendesk's budgets are per minute, so no pause is ever longer


class Budget:
    """So many calls in any minute, shared by all threads, first come first served.

    Zendesk counts in fixed minutes that we cannot see. A bucket that refills while a burst is
    spent would let twice the budget into one of them; so a call's token comes back a minute
    after that call was made, and no minute, wherever it starts, sees more than the budget.
    """

    def __init__(self, per_minute: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._window = MINUTE_S + MARGIN_S
        self._turns: deque[float] = deque(maxlen=per_minute)
        self._paused_until = float("-inf")
        self._monotonic = monotonic
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take the next free turn and return how many seconds to wait for it."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._paused_until)
            if len(self._turns) == self._turns.maxlen:
                turn = max(turn, self._turns[0] + self._window)
            self._turns.append(turn)
            return turn - now

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long: Zendesk says that the budget is used up."""
        with self._lock:
            until = self._monotonic() + min(max(seconds, 0.0), LONGEST_PAUSE_S)
            self._paused_until = max(self._paused_until, until)


def used_up_for(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the account's budget is used up, by the answer's headers."""
    for family in ("ratelimit", "rate-limit"):  # since 2024, and before
        if headers.get(f"{family}-remaining", "").strip() == "0":
            return _seconds(headers.get(f"{family}-reset", ""))
    return None


def exports_used_up_for(headers: Mapping[str, str]) -> float | None:
    """Return the same for the budget of the incremental exports."""
    for name, value in headers.items():
        if name.lower().startswith("zendesk-ratelimit-incremental-exports"):
            parts = dict(part.strip().partition("=")[::2] for part in value.split(";"))
            if parts.get("remaining") == "0":
                return _seconds(parts.get("resets", ""))
    return None


def _seconds(text: str) -> float:
    """Read a number of seconds; what cannot be read counts as one."""
    try:
        seconds = float(text)
    except ValueError:
        return 1.0
    return seconds if isfinite(seconds) else LONGEST_PAUSE_S
