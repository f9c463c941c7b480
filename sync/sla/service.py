"""Keeps sla_clocks up to date and reads them for reports."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from integrations.runtime.database import reading, transaction
from sync.sla import repository
from sync.sla.clocks import Clock, Source
from sync.sla.desk_clocks.compute import desk_clocks
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile
from sync.sla.desk_clocks.people import Elsewhere
from sync.sla.desk_repository import answers_elsewhere, replace_marks
from sync.sla.engine import compute
from sync.sla.marks import TicketMarks
from sync.sla.schedules import to_second
from sync.sla.source import load_timelines
from sync.sla.source_all import Rules, load_rules
from sync.sla.source_desk import keep_editions
from sync.sla.timeline import Timeline
from sync.sla.verdict.service import compare_tickets

BATCH = 200


def refresh(
    connection: Connection,
    ticket_ids: Collection[int],
    *,
    now: datetime,
    desk_rules: RulesFile = SHIPPED_ONLY,
) -> int:
    """Recompute and store marks and clocks of these tickets; return how many clocks there are.

    A ticket that is gone loses them. `desk_rules` stand over the shipped rules of the desk's own
    clocks; ConfigError when they cannot be used. The caller commits.
    """
    rules = load_rules(connection, desk_rules, now=now)
    return sum(_refresh_batch(connection, batch, rules, now) for batch in _batches(ticket_ids))


def refresh_stale(
    engine: Engine, *, now: datetime, everything: bool = False, desk_rules: RulesFile = SHIPPED_ONLY
) -> Iterator[int]:
    """Refresh whatever changed or still runs, or all tickets, a transaction a batch.

    First yields how many tickets there are to do, then, after each batch, how many it had.
    """
    with reading(engine) as connection:
        if everything:
            ticket_ids = repository.all_ticket_ids(connection)
        else:
            ticket_ids = repository.stale_ticket_ids(connection, now=now)
        rules = load_rules(connection, desk_rules, now=now)
    yield len(ticket_ids)
    for batch in _batches(ticket_ids):
        with transaction(engine) as connection:
            _refresh_batch(connection, batch, rules, now)
        yield len(batch)


def _refresh_batch(
    connection: Connection, ticket_ids: Sequence[int], rules: Rules, now: datetime
) -> int:
    repository.lock_tickets(connection, ticket_ids)
    elsewhere = answers_elsewhere(connection, ticket_ids)
    looks = [
        _look(timeline, rules, elsewhere.get(timeline.ticket_id, ()), now)
        for timeline in load_timelines(connection, ticket_ids)
    ]
    marks = {timeline.ticket_id: its for timeline, its, _ in looks}
    clocks = [(timeline.ticket_id, clock) for timeline, _, its in looks for clock in its]
    replace_marks(connection, ticket_ids, marks, now=now)
    followed = {str(each.policy_id) for _, each in clocks if each.source is not Source.ZENDESK}
    keep_editions(connection, rules.desk, followed, now=now)
    stored = repository.replace_clocks(connection, ticket_ids, clocks, now=now)
    computed = [(timeline, its) for timeline, _, its in looks]
    compare_tickets(connection, ticket_ids, computed, rules.book, rules.knowledge, now=now)
    return stored


def _look(
    timeline: Timeline, rules: Rules, elsewhere: Elsewhere, now: datetime
) -> tuple[Timeline, TicketMarks, list[Clock]]:
    marks, own = desk_clocks(timeline, rules.desk, now=to_second(now), elsewhere=elsewhere)
    return timeline, marks, compute(timeline, rules.book, now=now) + own


def _batches(ticket_ids: Collection[int]) -> Iterator[Sequence[int]]:
    # Sorted, so that two refreshes lock rows in the same order.
    ordered = sorted(set(ticket_ids))
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
