"""Pacing: no window, wherever it starts, sees more calls than the budget."""

from contextlib import ExitStack
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.runtime.errors import ZendeskRetryable
from integrations.zendesk.ledger import Ledger, OwnLedger, Taken
from integrations.zendesk.pacing import Pacer
from tests.support.budgets import clock, ledger, make_pacer
from tests.support.zendesk import Clock

__all__ = ["clock", "ledger"]

EXPORT = "/api/v2/incremental/tickets/cursor.json"
TICKET = "/api/v2/tickets/7.json"


class CountedLedger(OwnLedger):
    """Counts how often it is asked for turns."""

    asked = 0

    def take(self, name: str, limit: int, wanted: int, *, holds_s: float) -> Taken:
        self.asked += 1
        return super().take(name, limit, wanted, holds_s=holds_s)


def call(pacer: Pacer, method: str = "GET", path: str = TICKET) -> None:
    with pacer.turn(method, path):
        pass


def test_a_whole_budget_goes_at_once_and_the_next_call_waits(ledger: Ledger, clock: Clock) -> None:
    pacer = make_pacer(ledger, clock)
    for _ in range(10):
        call(pacer, path=EXPORT)

    assert clock.slept == []
    call(pacer, path=EXPORT)
    assert clock.slept == [60.5]


def test_processes_wait_for_each_others_turns(ledger: Ledger, clock: Clock) -> None:
    one, other = make_pacer(ledger, clock), make_pacer(ledger, clock)
    for _ in range(5):
        call(one, path=EXPORT)
        clock.now += 1
        call(other, path=EXPORT)
    call(one, path=EXPORT)

    assert clock.slept == [55.5]


def test_an_ordinary_call_rarely_asks_the_ledger(clock: Clock) -> None:
    ledger = CountedLedger(clock.monotonic)
    pacer = make_pacer(ledger, clock, requests=400)
    for _ in range(200):
        call(pacer)
        clock.now += 0.2

    assert ledger.asked < 25


def test_a_quiet_process_keeps_no_stock_that_others_need(clock: Clock) -> None:
    ledger = OwnLedger(clock.monotonic)
    quiet = [make_pacer(ledger, clock, requests=40) for _ in range(20)]
    for pacer in quiet:
        call(pacer)
    busy = make_pacer(ledger, clock, requests=40)
    for _ in range(20):
        call(busy)

    assert clock.slept == []


def test_what_was_left_of_a_stock_goes_back(clock: Clock) -> None:
    ledger = OwnLedger(clock.monotonic)
    pacer = make_pacer(ledger, clock, requests=400)
    for _ in range(30):
        call(pacer)
    clock.now += 10
    call(pacer)
    other = make_pacer(ledger, clock, requests=400)
    for _ in range(369 - 19):
        call(other)

    assert clock.slept == []


@pytest.mark.parametrize("requests", [1, 3, 60])
@given(pauses=st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=60))
def test_no_minute_sees_more_than_the_budget(requests: int, pauses: list[float]) -> None:
    clock = Clock()
    pacer = make_pacer(OwnLedger(clock.monotonic), clock, requests=requests)
    moments = []
    for pause in pauses:
        clock.now += pause
        call(pacer)
        moments.append(clock.now)

    assert all(
        sum(start <= moment < start + 60 for moment in moments) <= requests for start in moments
    )


def test_a_turn_counts_from_the_answer_on(clock: Clock) -> None:
    pacer = make_pacer(OwnLedger(clock.monotonic), clock, exports=1)
    with pacer.turn("GET", EXPORT):
        clock.now += 20  # Zendesk may have counted the call at any moment of these
    call(pacer, path=EXPORT)

    assert clock.slept == [60.5]


def test_a_call_that_would_wait_for_minutes_is_handed_to_the_caller(clock: Clock) -> None:
    pacer = make_pacer(OwnLedger(clock.monotonic), clock)
    for _ in range(30):
        call(pacer, "PUT")

    with pytest.raises(ZendeskRetryable, match="nothing was sent") as caught:
        call(pacer, "PUT")
    call(pacer, "PUT", "/api/v2/tickets/8.json")
    assert caught.value.retry_after_s == 600.5
    assert clock.slept == []


@pytest.mark.parametrize(
    ("headers", "paused"),
    [
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "17"}, 17, id="account"),
        pytest.param({"ratelimit-remaining": "0", "ratelimit-reset": "1e9"}, 60, id="absurd"),
        pytest.param({"ratelimit-remaining": "9", "ratelimit-reset": "17"}, 0, id="some left"),
        pytest.param(
            {"zendesk-ratelimit-incremental-exports": "total=10; remaining=0; resets=33"},
            33,
            id="exports",
        ),
    ],
)
def test_a_used_up_budget_in_the_headers_holds_every_process_back(
    ledger: Ledger, clock: Clock, headers: dict[str, str], paused: float
) -> None:
    one, other = make_pacer(ledger, clock), make_pacer(ledger, clock)
    with one.turn("GET", EXPORT) as turn:
        turn.note(200, headers)
    call(other, path=EXPORT)

    assert sum(clock.slept) == paused


def test_a_refused_export_pauses_the_exports_and_nothing_else(ledger: Ledger, clock: Clock) -> None:
    pacer = make_pacer(ledger, clock)
    with pacer.turn("GET", EXPORT) as turn:
        turn.note(429, {"Retry-After": "12"})
    call(pacer)

    assert clock.slept == []
    call(pacer, path=EXPORT)
    assert clock.slept == [12]


def test_a_turn_is_held_for_as_long_as_a_job_lasts(ledger: Ledger, clock: Clock) -> None:
    pacer = make_pacer(ledger, clock)
    with ExitStack() as jobs:
        for _ in range(30):
            jobs.enter_context(pacer.held("jobs in flight"))
        with pytest.raises(ZendeskRetryable, match="jobs in flight"):
            jobs.enter_context(pacer.held("jobs in flight"))
    with pacer.held("jobs in flight"):
        pass

    assert clock.slept == []


def test_threads_never_take_more_than_there_is() -> None:
    clock = Clock()
    pacer = make_pacer(OwnLedger(clock.monotonic), clock, requests=50)
    barrier = Barrier(8)
    refused: list[int] = []

    def work() -> None:
        barrier.wait()
        for _ in range(10):
            with pacer.turn("GET", TICKET):
                if clock.slept:
                    refused.append(1)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 80 - len(refused) <= 50
