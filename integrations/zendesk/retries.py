"""When a call is tried again, and how long to wait before."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

import tenacity

from integrations.runtime.errors import AnswerTooSlow, OutcomeUnknown, ZendeskRetryable

T = TypeVar("T")

MOST_ATTEMPTS = 6
PATIENCE_S = 120.0  # waiting inside one call; longer waits belong to the caller's due times
FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 20.0
MOST_LOOKS = 3  # so often a write of unknown outcome is looked up, and sent again if need be
LOOK_AFTER_S = 1.0  # what was cut off may still arrive
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

    def trying(self, *, idempotent: bool, even_slow: bool = True) -> tenacity.Retrying:
        """Return the caller that repeats a function, and stops at what is not safe to repeat.

        Idempotent calls, done twice, are as if done once: whatever became of them, they are sent
        again. Without `even_slow`, an answer that took too long is left to the caller.
        """

        def is_worth_it(error: BaseException) -> bool:
            slow = isinstance(error, AnswerTooSlow)
            return may_repeat(error, idempotent=idempotent) and (even_slow or not slow)

        return tenacity.Retrying(
            sleep=self.sleep,
            retry=tenacity.retry_if_exception(is_worth_it),
            wait=self._pause,
            stop=_has_lasted_long_enough,
            before_sleep=_log_wait,
            reraise=True,
        )

    def settle(self, send: Callable[[], T], find: Callable[[], T | None]) -> T:
        """Carry out a write that must not happen twice; return what it made.

        When its outcome is unknown, its effect is looked for, and only if there is none it is
        sent again. `find` raises OutcomeUnknown when it cannot tell. A request may still be on
        its way when we look, so a moment passes before.
        """
        for attempt in range(1, MOST_LOOKS + 1):
            try:
                return send()
            except OutcomeUnknown as error:
                logger.warning("%s Its effect is looked for.", error.message)
                unknown = error
            if unknown.retry_after_s > PATIENCE_S:
                raise unknown
            self.pause(attempt, at_least_s=unknown.retry_after_s)
            if (found := find()) is not None:
                return found
        raise unknown

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Wait as long as Zendesk says, but at least an ever longer moment of our own."""
        return max(_failure_of(state).retry_after_s, self._backoff(state.attempt_number))

    def pause(self, attempt: int, *, at_least_s: float = LOOK_AFTER_S) -> None:
        """Wait a moment, longer after each attempt, before looking at what became of it."""
        self.sleep(max(self._backoff(attempt), at_least_s, LOOK_AFTER_S))

    def _backoff(self, attempt: int) -> float:
        backoff = FIRST_BACKOFF_S * 2.0 ** (attempt - 1)
        return min(backoff, LONGEST_BACKOFF_S) * (0.5 + 0.5 * self._jitter())


def may_repeat(error: BaseException, *, idempotent: bool) -> bool:
    """Tell whether the same call can be sent again without the risk of doing it twice."""
    if not isinstance(error, ZendeskRetryable):
        return False
    got_in = isinstance(error, OutcomeUnknown) or error.status not in NOTHING_HAPPENED
    return idempotent or not got_in


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
