"""What calls are for: how often they were sent, and how much of a budget they leave to others."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Errand:
    """Calls that belong together; `sent` counts the requests, failed and repeated ones included.

    With `leave`, which says how many turns of which budgets are for others, a call never waits
    for a turn: BudgetSpent says when there will be one.
    """

    leave: Mapping[str, int] | None = None
    sent: int = 0


_present: ContextVar[Errand | None] = ContextVar("errand", default=None)


@contextmanager
def on_errand(errand: Errand) -> Iterator[Errand]:
    """Let all calls of this thread belong to an errand until the end."""
    token = _present.set(errand)
    try:
        yield errand
    finally:
        _present.reset(token)


def present_errand() -> Errand:
    """Return the errand under way; outside of any, one that nobody looks at."""
    return _present.get() or Errand()
