"""Keeps sla_clocks up to date and reads them for reports."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from integrations.runtime.database import reading, transaction
from sync.sla import repository
from sync.sla.engine import Rulebook, compute
from sync.sla.repository import Attainment
from sync.sla.source import load_timelines
from sync.sla.source_rules import load_rulebook

BATCH = 200
BY_POLICY = ("metric", "policy_id", "policy_title", "priority")
BY_PRIORITY = ("metric", "priority")


def refresh(connection: Connection, ticket_ids: Collection[int], *, now: datetime) -> int:
    """Recompute and store the clocks of these tickets; return how many clocks there are.

    A ticket that is gone loses its clocks. The caller commits.
    """
    rules = load_rulebook(connection)
    return sum(_refresh_batch(connection, batch, rules, now) for batch in _batches(ticket_ids))


def refresh_stale(engine: Engine, *, now: datetime, everything: bool = False) -> Iterator[int]:
    """Refresh whatever changed or still runs, or all tickets, a transaction a batch.

    First yields how many tickets there are to do, then, after each batch, how many it had.
    """
    with reading(engine) as connection:
        find = repository.all_ticket_ids if everything else repository.stale_ticket_ids
        ticket_ids = find(connection)
        rules = load_rulebook(connection)
    yield len(ticket_ids)
    for batch in _batches(ticket_ids):
        with transaction(engine) as connection:
            _refresh_batch(connection, batch, rules, now)
        yield len(batch)


def attainment(connection: Connection, *, by: Sequence[str] = BY_POLICY) -> list[Attainment]:
    """Return achieved / (achieved + breached) by metric, policy and priority, or as asked.

    A running clock counts once it breached; without a target a clock never counts.
    """
    return repository.count_attainment(connection, by)


def at_risk(connection: Connection, *, limit: int = 20) -> list[Mapping[str, Any]]:
    """Return the running clocks whose deadlines come first, those that passed included."""
    return repository.soonest_due(connection, limit)


def _refresh_batch(
    connection: Connection, ticket_ids: Sequence[int], rules: Rulebook, now: datetime
) -> int:
    repository.lock_tickets(connection, ticket_ids)
    clocks = (
        (timeline.ticket_id, clock)
        for timeline in load_timelines(connection, ticket_ids)
        for clock in compute(timeline, rules, now=now)
    )
    return repository.replace_clocks(connection, ticket_ids, list(clocks), now=now)


def _batches(ticket_ids: Collection[int]) -> Iterator[Sequence[int]]:
    # Sorted, so that two refreshes lock rows in the same order.
    ordered = sorted(set(ticket_ids))
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
