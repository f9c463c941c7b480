"""How long to wait before work is tried again, and when to stop trying; pure."""

from datetime import timedelta

MOST_ATTEMPTS = 12
_FIRST_S = 1.0
_LONGEST_S = 600.0


def wait_before(attempt: int, *, at_least_s: float = 0.0) -> timedelta:
    """Return the pause after this many failed attempts: doubling from 1 s up to 10 min."""
    doubled = _FIRST_S * 2 ** min(attempt, 20)
    return timedelta(seconds=max(min(doubled, _LONGEST_S), at_least_s))
