"""Remembers for two hours what a creation answered, so that its repetition changes nothing."""

import time
from collections.abc import Hashable
from typing import Any

from integrations.sandbox.state.refusals import bad_request

LIFE_S = 2 * 3600.0


class IdempotentAnswers:
    """Answers by idempotency key."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, str, Any]] = {}

    def find(self, key: Hashable, digest: str) -> Any:
        """Return the answer that was given for this key, or None; refuse another request."""
        ends, kept_digest, answer = self._kept.get(key, (0.0, "", None))
        if time.monotonic() >= ends:
            return None
        if kept_digest != digest:
            raise bad_request(
                "IdempotentRequestError",
                "Request parameters don't match the given idempotency key",
            )
        return answer

    def keep(self, key: Hashable, digest: str, answer: Any) -> None:
        """Keep an answer, and no longer those whose time is over; they lie in that order."""
        now = time.monotonic()
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            del self._kept[next(iter(self._kept))]
        self._kept.pop(key, None)
        self._kept[key] = (time.monotonic() + LIFE_S, digest, answer)
