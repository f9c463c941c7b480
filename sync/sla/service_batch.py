"""Computes and stores the clocks of some tickets within a transaction of the caller."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from sync.sla import repository
from sync.sla.clocks import Clock, Source
from sync.sla.desk_clocks.compute import desk_clocks
from sync.sla.desk_repository import answers_elsewhere, replace_marks
from sync.sla.engine import compute_all
from sync.sla.marks import TicketMarks
from sync.sla.repository_openings import keep_openings
from sync.sla.schedules import to_instant, to_second
from sync.sla.source import load_timelines
from sync.sla.source_all import Rules
from sync.sla.source_desk import keep_editions
from sync.sla.timeline import Timeline
from sync.sla.verdict.service import compare_tickets
from sync.warehouse.bulk import by_key
from sync.warehouse.stale import note_due, take_notes


def refresh_batch(
    connection: Connection, ticket_ids: Sequence[int], rules: Rules, now: datetime
) -> int:
    """Recompute and store marks, clocks and differences; return how many clocks there are."""
    by_key(connection)
    repository.lock_tickets(connection, ticket_ids)
    take_notes(connection, ticket_ids)  # before anything is read: what comes later is noted again
    at = to_second(now)
    timelines = list(load_timelines(connection, ticket_ids, roles=rules.staff, fields=rules.fields))
    elsewhere = answers_elsewhere(connection, ticket_ids)
    marks = dict[int, TicketMarks]()
    computed = list[tuple[Timeline, list[Clock]]]()
    for timeline, (ticket_id, clocks) in zip(
        timelines, compute_all(timelines, rules.book, now=now), strict=True
    ):
        marks[ticket_id], own = desk_clocks(
            timeline, rules.desk, now=at, elsewhere=elsewhere.get(ticket_id, ())
        )
        computed.append((timeline, [*clocks, *own]))
    replace_marks(connection, ticket_ids, marks, now=now)
    found = [(timeline.ticket_id, clock) for timeline, clocks in computed for clock in clocks]
    _keep_what_they_follow(connection, [clock for _, clock in found], rules, now)
    note_due(connection, _still_to_come(timelines, at))
    stored = repository.replace_clocks(connection, ticket_ids, found, now=to_instant(at))
    compare_tickets(connection, ticket_ids, computed, rules.book, rules.knowledge, now=now)
    return stored


def _keep_what_they_follow(
    connection: Connection, clocks: Sequence[Clock], rules: Rules, now: datetime
) -> None:
    followed = {str(each.policy_id) for each in clocks if each.source is not Source.ZENDESK}
    keep_editions(connection, rules.desk, followed, now=now)
    keep_openings(connection, clocks, rules.book.hours(), now=now)


def _still_to_come(timelines: Sequence[Timeline], now: int) -> dict[int, datetime]:
    """Return when something happens to a ticket that is dated after now."""
    moments: dict[int, datetime] = {}
    for timeline in timelines:
        if timeline.opening.at > now:
            moments[timeline.ticket_id] = to_instant(timeline.opening.at)
        elif timeline.events and timeline.events[-1].at > now:
            first = next(event.at for event in timeline.events if event.at > now)
            moments[timeline.ticket_id] = to_instant(first)
    return moments
