"""The circuit breaker and the limit of trial accounts, on a stepped clock."""

from dataclasses import dataclass

import pytest

from integrations.sandbox.deliveries.breaker import CircuitBreaker
from integrations.sandbox.deliveries.trial import TrialLimit


@dataclass
class Watch:
    """A monotonic clock that moves when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def watch() -> Watch:
    """Give a clock that stands still."""
    return Watch()


def breaker_after(watch: Watch, *, errors: int, successes: int) -> CircuitBreaker:
    """Return a breaker that saw these requests, the errors last."""
    breaker = CircuitBreaker(watch)
    for failed in [False] * successes + [True] * errors:
        breaker.note(failed=failed)
    return breaker


@pytest.mark.parametrize(
    ("errors", "successes", "is_open"),
    [
        pytest.param(99, 0, False, id="only errors, but fewer than 100 requests"),
        pytest.param(100, 0, True, id="a hundred errors"),
        pytest.param(69, 31, False, id="just under 70 %"),
        pytest.param(70, 30, True, id="70 %"),
        pytest.param(1000, 2000, False, id="a thousand errors among many"),
        pytest.param(1001, 2000, True, id="more than a thousand errors among many"),
    ],
)
def test_the_circuit_opens_when_an_endpoint_mostly_fails(
    watch: Watch, errors: int, successes: int, *, is_open: bool
) -> None:
    assert breaker_after(watch, errors=errors, successes=successes).is_open is is_open


def test_the_circuit_stays_open_for_five_seconds(watch: Watch) -> None:
    breaker = breaker_after(watch, errors=100, successes=0)

    watch.now += 4.9
    before = breaker.is_open
    watch.now += 0.1

    assert (before, breaker.is_open) == (True, False)


def test_the_first_error_after_a_pause_opens_the_circuit_again(watch: Watch) -> None:
    breaker = breaker_after(watch, errors=100, successes=0)
    watch.now += 5

    breaker.note(failed=False)
    after_success = breaker.is_open
    breaker.note(failed=True)

    assert (after_success, breaker.is_open) == (False, True)


def test_errors_are_forgotten_after_five_minutes(watch: Watch) -> None:
    breaker = breaker_after(watch, errors=100, successes=0)
    watch.now += 300

    breaker.note(failed=True)

    assert not breaker.is_open


def test_a_trial_account_sends_sixty_invocations_a_minute(watch: Watch) -> None:
    limit = TrialLimit(watch)

    sent = [limit.has_room() for _ in range(61)]
    watch.now += 60

    assert sent == [True] * 60 + [False]
    assert limit.has_room()
