"""Builders for timelines: a ticket created on a Monday at nine, and what happened hours later."""

from collections.abc import Sequence
from typing import Any

from sync.timelines.story import Band, ClockLine, Story

NINE = 1_772_442_000  # 2026-03-02T09:00:00Z
HOUR = 3600


def hour(hours: float) -> int:
    """Return the instant so many hours after the creation."""
    return NINE + int(hours * HOUR)


def make_clock(started: float = 0, **values: Any) -> ClockLine:
    """Return a clock of four hours that runs since some hour, with what is told about it."""
    known: dict[str, Any] = {
        "title": "Requester wait",
        "instance": 1,
        "source": "zendesk",
        "state": "active",
        "started": hour(started),
        "ended": None,
        "due": None,
        "breached": None,
        "elapsed": HOUR,
        "target": 4 * HOUR,
        "business_hours": False,
        "policy": "Everybody",
        "priority": "high",
        "explanation": "Requester wait is running.",
    }
    return ClockLine(**known | values)


def make_story(
    *clocks: ClockLine,
    statuses: Sequence[tuple[str, float, float | None]] = (("open", 0, None),),
    now: float = 10,
    **values: Any,
) -> Story:
    """Return the story of ticket 7 with statuses from hour to hour."""
    bands = [Band(value, hour(a), None if b is None else hour(b)) for value, a, b in statuses]
    known: dict[str, Any] = {"ticket_id": 7, "now": hour(now), "created": NINE}
    known |= {"status": bands[-1].value, "statuses": bands, "clocks": clocks}
    return Story(**known | values)
