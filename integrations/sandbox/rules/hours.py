"""Hours since something happened to a ticket, and until something will: what automations test."""

from collections.abc import Callable
from datetime import datetime

from integrations.runtime.clock import parse_instant
from integrations.sandbox.rules.facts import Facts
from integrations.sandbox.sla.standing import last_breach, next_breach

Span = tuple[datetime, datetime]
Read = Callable[[Facts], Span | None]


def _since(moment: Callable[[Facts], datetime | None]) -> Read:
    def read(facts: Facts) -> Span | None:
        start = moment(facts)
        return None if start is None else (start, facts.now)

    return read


def _until(moment: Callable[[Facts], datetime | None]) -> Read:
    def read(facts: Facts) -> Span | None:
        end = moment(facts)
        return None if end is None else (facts.now, end)

    return read


def _entered(status: str) -> Callable[[Facts], datetime | None]:
    """Return when a ticket last came into a status, though it may have left it since."""

    def moment(facts: Facts) -> datetime | None:
        reached = (at for at, name in reversed(facts.timeline.statuses) if name == status)
        return next(reached, None)

    return moment


def _assigned(facts: Facts) -> datetime | None:
    taken = (at for at, agent in reversed(facts.timeline.assignees) if agent is not None)
    return next(taken, None)


def _due(facts: Facts) -> datetime | None:
    try:
        return parse_instant(facts.record["due_at"])
    except (TypeError, ValueError, AttributeError):
        return None


def _updated(facts: Facts) -> datetime:
    return parse_instant(str(facts.record["updated_at"]))


def _created(facts: Facts) -> datetime:
    return facts.timeline.created


HOURS: dict[str, tuple[str, Read]] = {
    "NEW": ("Hours since created", _since(_created)),
    "created_at": ("Hours since created", _since(_created)),
    "OPEN": ("Hours since open", _since(_entered("open"))),
    "PENDING": ("Hours since pending", _since(_entered("pending"))),
    "HOLD": ("Hours since on-hold", _since(_entered("hold"))),
    "SOLVED": ("Hours since solved", _since(_entered("solved"))),
    "CLOSED": ("Hours since closed", _since(_entered("closed"))),
    "assigned_at": ("Hours since assigned", _since(_assigned)),
    "updated_at": (
        "Hours since update",
        _since(_updated),
    ),
    "requester_updated_at": (
        "Hours since requester update",
        _since(lambda facts: facts.timeline.requester_touched),
    ),
    "assignee_updated_at": (
        "Hours since assignee update",
        _since(lambda facts: facts.timeline.assignee_touched),
    ),
    "due_date": ("Hours since due date", _since(_due)),
    "due_at": ("Hours since due date", _since(_due)),
    "until_due_date": ("Hours until due date", _until(_due)),
    "sla_next_breach_at": (
        "Hours since last SLA breach",
        _since(lambda facts: last_breach(facts.case, facts.now)),
    ),
    "until_sla_next_breach_at": (
        "Hours until next SLA breach",
        _until(lambda facts: next_breach(facts.case, facts.now)),
    ),
}
