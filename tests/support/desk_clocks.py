"""Builders for tests of the desk's clocks: a complaint and what happened to it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sync.sla.clocks import Clock
from sync.sla.desk_clocks.compute import desk_clocks
from sync.sla.desk_clocks.desk import Desk, make_desk
from sync.sla.desk_clocks.loading import RulesFile, load_desk_rules
from sync.sla.marks import TicketMarks
from sync.sla.schedules import BusinessTime, to_second
from sync.sla.timeline import Event, Opening, Timeline, build_timeline
from tests.support.sla import AGENT, CUSTOMER, LIGHT, OTHER_AGENT, ROLES, SYSTEM

LATER = "2028-01-01T00:00Z"
TEAM = {"SEC": {OTHER_AGENT}}

__all__ = ["AGENT", "CUSTOMER", "LIGHT", "OTHER_AGENT", "SYSTEM"]


def second(text: str) -> int:
    """Return an instant as seconds; `text` ends with Z."""
    return to_second(datetime.fromisoformat(text))


def told(at: int | None) -> str | None:
    """Return an instant as people write it, to the second, UTC."""
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def happened(
    at: str, author: int | None = AGENT, *, public: bool | None = None, **changes: Any
) -> Event:
    """Return one update; `public` is None without a comment."""
    return Event(at=second(at), author_id=author, public=public, changes=changes)


def complaint(
    received: str,
    *events: Event,
    tags: Sequence[str] = (),
    submitter: int = CUSTOMER,
    public: bool = True,
    via: str = "email",
    **fields: Any,
) -> Timeline:
    """Return the life of a ticket that bears these tags from its creation on."""
    opening = Opening(
        ticket_id=1,
        at=second(received),
        submitter_id=submitter,
        via=via,
        public=public,
        author_id=submitter,
        fields={
            "requester_id": CUSTOMER,
            "status": "new",
            "tags": list(tags),
            "via": via,
        }
        | fields,
    )
    return build_timeline(opening, events, ROLES)


def desk_of(
    rules: str = "{}",
    *,
    field_ids: Mapping[str, Collection[int]] | None = None,
    hours: Mapping[str, BusinessTime] | None = None,
) -> Desk:
    """Return a desk with a rules file of this text; its Account Security is one person."""
    known = hours or {}
    return make_desk(
        load_desk_rules(RulesFile(rules, "rules.yaml")),
        field_ids=field_ids,
        hours=lambda name, _at: known.get(name),
        members=TEAM,
    )


def clocks_of(
    timeline: Timeline,
    *,
    now: str = LATER,
    desk: Desk | None = None,
    elsewhere: Sequence[tuple[str, str]] = (),
) -> dict[str, Clock]:
    """Return the desk's clocks by metric; of several instances the last one.

    `elsewhere` are departments with the instants of their answers outside the ticket.
    """
    answers = [(queue, second(at)) for queue, at in elsewhere]
    _, clocks = desk_clocks(timeline, desk or PLAIN, now=second(now), elsewhere=answers)
    return {clock.metric: clock for clock in clocks}


def marks_of(timeline: Timeline, *, now: str = LATER, desk: Desk | None = None) -> TicketMarks:
    """Return the marks of a ticket."""
    return desk_clocks(timeline, desk or PLAIN, now=second(now))[0]


PLAIN = desk_of()
