"""One sentence about a clock, for people who ask why it stands as it does."""

from sync.sla.clocks import Clock
from sync.sla.metrics import BY_NAME
from sync.sla.spells import Phase

_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def explain(clock: Clock) -> str:
    """Return where the clock stands, against which target, and what it waits for."""
    name = BY_NAME[clock.metric].title
    if clock.target_seconds is None:
        return f"{name} {_standing(clock)} after {_span(clock.elapsed_seconds)}; no target applies."
    unit = "business" if clock.business_hours else "calendar"
    target = (
        f"{_span(clock.elapsed_seconds)} of {_span(clock.target_seconds)} {unit} time"
        f" (policy {clock.policy_id}, priority {clock.priority})"
    )
    return f"{name} {_standing(clock)} with {target}; {_outlook(clock)}."


def _standing(clock: Clock) -> str:
    if clock.state is Phase.ACHIEVED:
        return f"ended {_minute(clock.fulfilled_at)}"
    return "is running" if clock.state is Phase.ACTIVE else "is paused"


def _outlook(clock: Clock) -> str:
    if clock.breach_at is not None:
        return f"breached {_minute(clock.breach_at)}"
    if clock.state is Phase.ACHIEVED:
        return "in time"
    if clock.due_at is not None:
        return f"due {_minute(clock.due_at)}"
    if clock.state is Phase.PAUSED:
        return "no deadline while it is paused"
    return "no deadline: the schedule never opens"


def _minute(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _span(seconds: int) -> str:
    """Return a duration in its two largest units, rounded down."""
    parts: list[str] = []
    for unit, size in _UNITS:
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2]) or "0 s"
