"""One sentence about a clock, for people who ask why it stands as it does."""

from collections.abc import Sequence
from functools import lru_cache

from integrations.runtime.inert import readable
from sync.sla.clocks import Clock, Phase, Source
from sync.sla.desk_clocks.names import TITLES
from sync.sla.metrics import BY_NAME
from sync.sla.moments import told

_ACRONYMS = {
    "mica": "MiCA",
    **{
        name.lower(): name
        for name in ("CFPB", "FCA", "GDPR", "MAS", "NYDFS", "PSD2", "SFC", "VARA")
    },
}
LONGEST_TITLE = 60
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
_HOURS = _UNITS[1:]  # business time has no days


def explain(clock: Clock) -> str:
    """Return where the clock stands, against which target, and what it waits for."""
    ours = clock.source is not Source.ZENDESK
    name = (clock.policy_title if ours else None) or title_of(clock.metric)
    if clock.state is Phase.UNKNOWN or clock.elapsed_seconds is None:
        return f"{name}: nobody can know, because {clock.unknown_reason}."
    if clock.target_seconds is None:
        return f"{name} {_standing(clock)} after {_span(clock.elapsed_seconds)}; no target applies."
    unit, units = ("business", _HOURS) if clock.business_hours else ("calendar", _UNITS)
    used, promised = _span(clock.elapsed_seconds, units), _promise(clock.target_seconds, units)
    target = f"{used} of {promised} {unit} time ({_under(clock)})"
    return f"{name} {_standing(clock)} with {target}; {_outlook(clock)}."


@lru_cache(maxsize=1024)
def title_of(metric: str) -> str:
    """Return what people call a metric."""
    known = BY_NAME.get(metric)
    if known:
        return known.title
    return TITLES.get(metric) or " ".join(map(_word, metric.capitalize().split("_")))


def _word(word: str) -> str:
    return _ACRONYMS.get(word.lower(), word)


def _under(clock: Clock) -> str:
    """Return whose rule a clock follows."""
    if clock.source is Source.ZENDESK:
        title = _named(clock.policy_title or str(clock.policy_id))
        return f"policy {title}, priority {clock.priority}"
    severity = f", severity {clock.priority}" if clock.priority else ""
    return f"rule {clock.policy_id}{severity}"


@lru_cache(maxsize=1024)
def _named(title: str) -> str:
    """Return a policy's title as it can stand in a sentence; many clocks share a few titles."""
    return readable(title, limit=LONGEST_TITLE)


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


def _minute(second: int | None) -> str:
    return "" if second is None else told(second)


@lru_cache(maxsize=1024)
def _promise(seconds: int, units: Sequence[tuple[str, int]]) -> str:
    return _span(seconds, units)


def _span(seconds: int, units: Sequence[tuple[str, int]] = _UNITS) -> str:
    """Return a duration in its two largest units, rounded down."""
    parts: list[str] = []
    for unit, size in units:
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount} {unit}")
            if len(parts) == 2:  # noqa: PLR2004 - the two largest
                break
    return " ".join(parts) or "0 s"
