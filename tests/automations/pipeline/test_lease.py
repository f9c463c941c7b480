import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from automations.pipeline import lease as leases
from automations.pipeline.lease import Lease
from automations.pipeline.tables import ticket_leases
from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import LeaseLost
from tests.support.tickets import NOON

LASTS = timedelta(seconds=90)
EXPIRY = NOON + LASTS


def claim(engine: Engine, ticket_id: int = 17, *, now: object = NOON) -> Lease | None:
    return leases.claim(engine, ticket_id, now=now, lasts=LASTS)  # type: ignore[arg-type]


def taken(engine: Engine, ticket_id: int = 17, *, now: object = NOON) -> Lease:
    lease = claim(engine, ticket_id, now=now)
    assert lease is not None
    return lease


def prove(engine: Engine, lease: Lease) -> None:
    with transaction(engine) as connection:
        lease(connection)


def test_a_ticket_is_held_by_one_worker_until_the_lease_expires(any_engine: Engine) -> None:
    taken(any_engine)

    assert claim(any_engine, now=EXPIRY - timedelta(microseconds=1)) is None
    assert claim(any_engine, now=EXPIRY) is not None


def test_a_lease_runs_from_its_own_claim(any_engine: Engine) -> None:
    taken(any_engine)
    taken(any_engine, now=EXPIRY)

    assert claim(any_engine, now=EXPIRY + LASTS - timedelta(seconds=1)) is None


def test_another_ticket_is_free(any_engine: Engine) -> None:
    taken(any_engine)

    assert claim(any_engine, 18) is not None


def test_the_fencing_token_grows_with_every_claim(any_engine: Engine) -> None:
    tokens = [taken(any_engine, now=NOON + LASTS * turn).token for turn in range(3)]

    assert tokens == [1, 2, 3]


def test_the_holder_can_prove_it(any_engine: Engine) -> None:
    prove(any_engine, taken(any_engine))


def test_a_slow_holder_may_go_on_while_nobody_else_took_the_ticket(any_engine: Engine) -> None:
    lease = taken(any_engine)
    claim(any_engine, now=NOON + timedelta(seconds=1))  # refused

    prove(any_engine, lease)


def test_a_holder_who_was_overtaken_is_told_inside_the_transaction(any_engine: Engine) -> None:
    slow = taken(any_engine)
    quick = taken(any_engine, now=EXPIRY)

    with pytest.raises(LeaseLost, match="ticket 17"):
        prove(any_engine, slow)
    prove(any_engine, quick)


def test_a_lease_on_a_ticket_that_nobody_ever_claimed_is_lost(any_engine: Engine) -> None:
    with pytest.raises(LeaseLost):
        prove(any_engine, Lease(17, 1))


def test_a_released_ticket_is_free_at_once_with_a_new_token(any_engine: Engine) -> None:
    first = taken(any_engine)
    leases.release(any_engine, first)

    second = taken(any_engine)

    assert second.token == first.token + 1
    with pytest.raises(LeaseLost):
        prove(any_engine, first)


def test_who_was_overtaken_cannot_release_the_new_holders_lease(any_engine: Engine) -> None:
    slow = taken(any_engine)
    taken(any_engine, now=EXPIRY)

    leases.release(any_engine, slow)

    assert claim(any_engine, now=EXPIRY) is None


def test_all_tickets_can_be_freed_after_a_crash(any_engine: Engine) -> None:
    for ticket_id in (1, 2, 3):
        taken(any_engine, ticket_id)

    leases.release_all(any_engine)

    assert [taken(any_engine, ticket_id).token for ticket_id in (1, 2, 3)] == [2, 2, 2]


@pytest.mark.parametrize("held_before", [False, True], ids=["first claim", "expired claim"])
def test_of_workers_that_race_exactly_one_wins(
    any_engine: Engine,
    held_before: bool,  # noqa: FBT001
) -> None:
    if held_before:
        taken(any_engine)
    start = threading.Barrier(6)
    won: list[Lease] = []

    def race() -> None:
        start.wait()
        lease = claim(any_engine, now=EXPIRY)
        if lease is not None:
            won.append(lease)

    racers = [threading.Thread(target=race) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert len(won) == 1
    with reading(any_engine) as connection:
        assert connection.scalars(select(ticket_leases.c.token)).all() == [won[0].token]


def test_nobody_can_take_the_ticket_while_its_holder_writes(postgres_engine: Engine) -> None:
    """The guard locks the row: a claim waits for the writer's commit."""
    lease = taken(postgres_engine)
    claimed = threading.Event()

    def overtake() -> None:
        claim(postgres_engine, now=EXPIRY)
        claimed.set()

    with transaction(postgres_engine) as connection:
        lease(connection)
        thread = threading.Thread(target=overtake)
        thread.start()
        assert not claimed.wait(timeout=0.1)
    thread.join()

    assert claimed.is_set()
