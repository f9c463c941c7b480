"""Keeps sla_clocks up to date."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from integrations.runtime.database import reading, transaction
from sync.sla import repository, repository_stale
from sync.sla.basis import NOTHING, basis_of, reach_of
from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.desk_clocks.loading import SHIPPED_ONLY, RulesFile
from sync.sla.service_batch import refresh_batch
from sync.sla.source_all import Rules, load_rules

__all__ = ["DEFAULT_CHOICES", "Choices", "refresh", "refresh_stale"]

BATCH = 500


def refresh(
    connection: Connection,
    ticket_ids: Collection[int],
    *,
    now: datetime,
    desk_rules: RulesFile = SHIPPED_ONLY,
    choices: Choices = DEFAULT_CHOICES,
) -> int:
    """Recompute and store marks and clocks of these tickets; return how many clocks there are.

    A ticket that is gone loses them. `desk_rules` stand over the shipped rules of the desk's own
    clocks; ConfigError when they cannot be used. The caller commits.
    """
    rules = load_rules(connection, desk_rules, choices, now=now)
    return sum(refresh_batch(connection, batch, rules, now) for batch in _batches(ticket_ids))


def refresh_stale(
    engine: Engine,
    *,
    now: datetime,
    everything: bool = False,
    desk_rules: RulesFile = SHIPPED_ONLY,
    choices: Choices = DEFAULT_CHOICES,
) -> Iterator[int]:
    """Refresh whatever changed or breached by waiting, or all tickets, a transaction a batch.

    First yields how many tickets there are to do, then, after each batch, how many it had.
    """
    with reading(engine) as connection:
        rules = load_rules(connection, desk_rules, choices, now=now, with_staff=True)
    _note_changed_rules(engine, rules)
    with reading(engine) as connection:
        if everything:
            ticket_ids = repository_stale.all_ticket_ids(connection)
        else:
            ticket_ids = repository_stale.stale_ticket_ids(connection, now=now)
    yield len(ticket_ids)
    for batch in _batches(ticket_ids):
        with transaction(engine) as connection:
            refresh_batch(connection, batch, rules, now)
        yield len(batch)


def _note_changed_rules(engine: Engine, rules: Rules) -> None:
    """Note the tickets that a new rule or another role of somebody reaches."""
    basis = basis_of(rules.book, rules.desk, rules.staff or {})
    with reading(engine) as connection:
        if reach_of(repository_stale.known_basis(connection), basis) == NOTHING:
            return
    with transaction(engine) as connection:
        repository.lock_rules(connection)
        reach = reach_of(repository_stale.known_basis(connection), basis)
        if reach.everything or reach.updated_since is not None:
            repository_stale.note_updated_since(connection, reach.updated_since)
        if reach.people:
            repository_stale.note_tickets_of(connection, reach.people)
        repository_stale.keep_basis(connection, basis)


def _batches(ticket_ids: Collection[int]) -> Iterator[Sequence[int]]:
    # Sorted, so that two refreshes lock them in the same order.
    ordered = sorted(set(ticket_ids))
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))
