"""The ledger of turns: of one process, and shared on each database."""

from hypothesis import given
from hypothesis import strategies as st

from integrations.zendesk.ledger import Entry, Ledger, OwnLedger, free_turns
from integrations.zendesk.meeting_point import MeetingPoint, turns
from integrations.zendesk.shared_ledger import SharedLedger
from tests.support.budgets import clock, ledger, shared_place
from tests.support.zendesk import Clock

__all__ = ["clock", "ledger", "shared_place"]


def test_a_turn_comes_back_when_it_no_longer_counts(ledger: Ledger, clock: Clock) -> None:
    taken = ledger.take("x", 1, 1, holds_s=60)
    ledger.settle("x", taken.id, 1, holds_s=60)
    clock.now += 45
    refused = ledger.take("x", 1, 1, holds_s=60)
    clock.now += 15

    assert (refused.amount, refused.wait_s) == (0, 15)
    assert ledger.take("x", 1, 1, holds_s=60).amount == 1


def test_no_more_is_given_than_is_free(ledger: Ledger) -> None:
    ledger.take("x", 10, 7, holds_s=60)

    assert ledger.take("x", 10, 7, holds_s=60).amount == 3
    assert ledger.take("x", 10, 7, holds_s=60).amount == 0
    assert ledger.take("y", 10, 7, holds_s=60).amount == 7


def test_what_was_not_used_is_free_again(ledger: Ledger) -> None:
    taken = ledger.take("x", 10, 10, holds_s=60)
    ledger.settle("x", taken.id, 4, holds_s=60)

    assert ledger.take("x", 10, 10, holds_s=60).amount == 6


def test_a_turn_that_was_given_back_whole_is_free(ledger: Ledger) -> None:
    taken = ledger.take("x", 1, 1, holds_s=60)
    ledger.settle("x", taken.id, 0, holds_s=0)

    assert ledger.take("x", 1, 1, holds_s=60).amount == 1


def test_a_request_still_out_counts_although_it_should_be_back(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.take("x", 1, 1, holds_s=60)
    clock.now += 61
    refused = ledger.take("x", 1, 1, holds_s=60)

    assert refused.amount == 0
    assert 0 < refused.wait_s < 1


def test_what_a_dead_process_took_comes_back_by_itself(ledger: Ledger, clock: Clock) -> None:
    ledger.take("x", 1, 1, holds_s=60)
    clock.now += 60 + 66

    assert ledger.take("x", 1, 1, holds_s=60).amount == 1


def test_a_pause_holds_everybody_back_and_a_shorter_one_does_not_cut_it(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.pause("x", 10, holds_s=30)
    ledger.pause("x", 10, holds_s=5)
    clock.now += 6

    assert ledger.take("x", 10, 1, holds_s=60).wait_s == 24


def test_a_clock_that_was_set_back_blocks_nobody(shared_place: MeetingPoint) -> None:
    shared = SharedLedger(shared_place, OwnLedger())
    shared.pause("x", 1, holds_s=86_400)  # as if written tomorrow

    assert shared.take("x", 1, 1, holds_s=60).amount == 1


def test_two_processes_share_one_budget(shared_place: MeetingPoint) -> None:
    one, other = (SharedLedger(shared_place, OwnLedger()) for _ in range(2))
    one.take("x", 3, 2, holds_s=60)

    assert other.take("x", 3, 2, holds_s=60).amount == 1


def test_old_turns_are_forgotten(ledger: Ledger, clock: Clock) -> None:
    for _ in range(5):
        taken = ledger.take("x", 3, 1, holds_s=1)
        ledger.settle("x", taken.id, taken.amount, holds_s=1)
        clock.now += 2
    ledger.take("x", 3, 1, holds_s=1)

    assert _rows(ledger) == 1


def _rows(ledger: Ledger) -> int:
    if isinstance(ledger, OwnLedger):
        return sum(len(entries) for entries in ledger._entries.values())
    assert isinstance(ledger, SharedLedger)
    with ledger._meeting_point.open() as connection:
        assert connection is not None
        return len(connection.execute(turns.select()).all())


@given(
    st.lists(st.tuples(st.integers(1, 5), st.floats(0, 100), st.floats(0, 100))), st.integers(1, 9)
)
def test_whoever_waits_as_told_finds_a_turn_or_one_still_out(
    found: list[tuple[int, float, float]], limit: int
) -> None:
    entries = [
        Entry(number, amount, expected, max(expected, until))
        for number, (amount, expected, until) in enumerate(found)
    ]
    free, wait = free_turns(entries, limit, 50.0)
    settled = [entry for entry in entries if entry.until == entry.expected]
    later, _ = free_turns(settled, limit, 50.0 + wait)

    assert free > 0 or (wait > 0 and later > 0)
