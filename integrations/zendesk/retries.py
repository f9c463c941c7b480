"""When a call is tried again, and how long to wait before."""

import logging
import random
import time
from collections.abc import Callable

import tenacity

from integrations.runtime.errors import OutcomeUnknown, ZendeskRetryable
from integrations.zendesk.failures import READS

MOST_ATTEMPTS = 6
PATIENCE_S = 120.0  # waiting inside one call; longer waits belong to the caller's due times
FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 20.0
NOTHING_HAPPENED = frozenset({0, 429})  # never sent, or turned away at the door

logger = logging.getLogger(__name__)


class Patience:
    """Repeats what is safe to repeat, within a bounded number of attempts and a bounded wait."""

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.sleep = sleep
        self._jitter = jitter

    def trying(self, method: str) -> tenacity.Retrying:
        """Return the caller that repeats a function of this HTTP method."""
        is_read = method in READS
        return tenacity.Retrying(
            sleep=self.sleep,
            retry=tenacity.retry_if_exception(lambda error: may_repeat(error, is_read=is_read)),
            wait=self._pause,
            stop=_has_lasted_long_enough,
            before_sleep=_log_wait,
            reraise=True,
        )

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Wait as long as Zendesk says, but at least an ever longer moment of our own."""
        backoff = FIRST_BACKOFF_S * 2.0 ** (state.attempt_number - 1)
        backoff = min(backoff, LONGEST_BACKOFF_S) * (0.5 + 0.5 * self._jitter())
        return max(_failure_of(state).retry_after_s, backoff)


def may_repeat(error: BaseException, *, is_read: bool) -> bool:
    """Tell whether the same call can be sent again without the risk of doing it twice."""
    if not isinstance(error, ZendeskRetryable):
        return False
    got_in = isinstance(error, OutcomeUnknown) or error.status not in NOTHING_HAPPENED
    return is_read or not got_in


def _has_lasted_long_enough(state: tenacity.RetryCallState) -> bool:
    waited = state.idle_for + state.upcoming_sleep
    return state.attempt_number >= MOST_ATTEMPTS or waited > PATIENCE_S


def _log_wait(state: tenacity.RetryCallState) -> None:
    logger.warning(
        "%s Attempt %d follows in %.1f s.",
        _failure_of(state).message,
        state.attempt_number + 1,
        state.upcoming_sleep,
    )


def _failure_of(state: tenacity.RetryCallState) -> ZendeskRetryable:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, ZendeskRetryable):
        raise TypeError("only a retryable failure is waited for")
    return error
