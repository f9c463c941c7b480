"""Rate limits on the machine's monotonic clock, and the headers that report them."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from integrations.sandbox.state.refusals import Refusal

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Budget:
    """So many requests in so many seconds; `header` reports what is left."""

    header: str
    total: int
    seconds: float
    message: str


class Window:
    """Counts requests in windows of fixed length, one count for each key."""

    def __init__(self, budget: Budget, monotonic: Callable[[], float]) -> None:
        self.budget = budget
        self._monotonic = monotonic
        self._counts: dict[Hashable, tuple[float, int]] = {}

    def spend(self, key: Hashable) -> tuple[int, int]:
        """Take one request from the budget; return (what remains, seconds to the reset).

        Refuses with 429 and Retry-After when nothing remains; a refused request costs nothing.
        """
        now = self._monotonic()
        started, used = self._counts.get(key, (now, 0))
        if now - started >= self.budget.seconds:
            started, used = now, 0
        resets = max(1, math.ceil(started + self.budget.seconds - now))
        if used >= self.budget.total:
            raise self._refusal(resets)
        self._counts[key] = (started, used + 1)
        return self.budget.total - used - 1, resets

    def report(self, remaining: int, resets: int) -> str:
        """Return the value of the header of a budget for one endpoint."""
        return f"total={self.budget.total}; remaining={remaining}; resets={resets}"

    def _refusal(self, resets: int) -> Refusal:
        body = {"error": "APIRateLimitExceeded", "description": self.budget.message}
        return Refusal(429, body, {"Retry-After": str(resets)})


class Limits:
    """All budgets of an account."""

    def __init__(self, *, rpm: int, rpm_incremental: int, monotonic: Callable[[], float]) -> None:
        exceeded = "Number of allowed {} per minute exceeded"
        self._account = Window(
            Budget("x-rate-limit", rpm, MINUTE, exceeded.format("API requests")), monotonic
        )
        export = exceeded.format("incremental export API requests")
        listed = exceeded.format("API requests to this endpoint")
        budgets = {
            "export": Budget(
                "zendesk-ratelimit-incremental-exports", rpm_incremental, MINUTE, export
            ),
            "export-cursor": Budget(
                "zendesk-ratelimit-incremental-exports-cursor", 2 * rpm_incremental, MINUTE, export
            ),
            "ticket-update": Budget(
                "zendesk-ratelimit-per-ticket-updates",
                30,
                10 * MINUTE,
                "Number of allowed updates of this ticket per 10 minutes exceeded",
            ),
            "tickets-index": Budget("zendesk-ratelimit-tickets-index", 100_000, MINUTE, listed),
            "deleted-tickets-index": Budget(
                "zendesk-ratelimit-deleted-tickets-index", max(10, rpm_incremental), MINUTE, listed
            ),
            "ticket-create": Budget(
                "zendesk-ratelimit-ticket-request-create-by-user-and-ip",
                max(300, rpm),
                MINUTE,
                listed,
            ),
        }
        self._windows = {name: Window(budget, monotonic) for name, budget in budgets.items()}

    def spend_account(self) -> dict[str, str]:
        """Count a request against the whole account and return the headers that say so."""
        remaining, resets = self._account.spend("account")
        total, left = str(self._account.budget.total), str(remaining)
        return {
            "x-rate-limit": total,
            "ratelimit-limit": total,
            "x-rate-limit-remaining": left,
            "ratelimit-remaining": left,
            "ratelimit-reset": str(resets),
        }

    def spend(self, name: str, key: Hashable) -> dict[str, str]:
        """Count a request against the budget of an endpoint and return its header."""
        window = self._windows[name]
        remaining, resets = window.spend(key)
        return {window.budget.header: window.report(remaining, resets)}
