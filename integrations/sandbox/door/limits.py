"""Enforces the rate limits on the machine's monotonic clock and writes their headers."""

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from integrations.sandbox.door.budgets import (
    WEBHOOKS,
    Budget,
    PerWhat,
    account_budget,
    endpoint_budgets,
)
from integrations.sandbox.state.refusals import Refusal

Spent = tuple[Budget, int, int]  # a budget, what remains of it, seconds to its reset
OF_RECORDS = (PerWhat.RECORD, PerWhat.AGENT_AND_RECORD)


class Window:
    """Counts requests in windows of fixed length, one count for each key."""

    def __init__(
        self, budget: Budget, monotonic: Callable[[], float], *, enforced: bool = True
    ) -> None:
        self.budget = budget
        self._monotonic = monotonic
        self._enforced = enforced
        self._counts: dict[Hashable, tuple[float, int]] = {}

    def check(self, key: Hashable) -> None:
        """Refuse with 429 and the seconds to wait when nothing remains."""
        used, resets = self._used(key)
        if used >= self.budget.total:
            body = {"error": "APIRateLimitExceeded", "description": self.budget.text}
            raise Refusal(429, body, {"Retry-After": str(resets)})

    def left(self, key: Hashable) -> Spent:
        """Return what remains, without taking from it."""
        used, resets = self._used(key)
        return self.budget, max(0, self.budget.total - used), resets

    def spend(self, key: Hashable) -> Spent:
        """Take one request from the budget; one that is not enforced looks fresh each time.

        A lifted budget that said `remaining=0` would make careful clients wait for nothing.
        """
        if not self._enforced:
            return self.budget, self.budget.total - 1, math.ceil(self.budget.seconds)
        used, resets = self._used(key)
        started = self._counts[key][0] if used else self._monotonic()
        self._counts[key] = (started, used + 1)
        return self.budget, max(0, self.budget.total - used - 1), resets

    def _used(self, key: Hashable) -> tuple[int, int]:
        now = self._monotonic()
        started, used = self._counts.get(key, (now, 0))
        if now - started >= self.budget.seconds:
            started, used = now, 0
        return used, max(1, math.ceil(started + self.budget.seconds - now))


class Limits:
    """All budgets of an account; those of single endpoints may be lifted."""

    def __init__(
        self,
        *,
        rpm: int,
        rpm_incremental: int,
        monotonic: Callable[[], float],
        endpoint_limits: bool = True,
    ) -> None:
        self._account = Window(account_budget(rpm), monotonic)
        self._endpoints = {
            name: [
                Window(budget, monotonic, enforced=endpoint_limits or name.startswith("export"))
                for budget in budgets
            ]
            for name, budgets in endpoint_budgets(rpm, rpm_incremental).items()
        }
        self._webhooks = {
            name: Window(budget, monotonic, enforced=endpoint_limits)
            for name, budget in WEBHOOKS.items()
        }

    def spend(
        self, name: str | None, *, agent_id: int, params: Sequence[Any] = (), page: int = 1
    ) -> dict[str, str]:
        """Count a request against its budgets and return the headers that say what is left.

        A request that any of them refuses costs nothing; the refusal has these headers, too.
        """
        if name in self._webhooks:
            return {
                key: value
                for key, value in _spent([(self._webhooks[name], "account")]).items()
                if key[0] == "x"
            }
        own = self._endpoints[name] if name else []
        keys = [
            (window, _key(window.budget.per, agent_id, params))
            for window in own
            if page >= window.budget.from_page and (params or window.budget.per not in OF_RECORDS)
        ]
        return _spent([(self._account, "account"), *keys])


def _spent(keys: Sequence[tuple[Window, Hashable]]) -> dict[str, str]:
    """Spend from all windows, the account's first, or from none; return their headers."""
    try:
        for window, key in keys:
            window.check(key)
    except Refusal as refusal:
        refusal.headers |= _headers([window.left(key) for window, key in keys])
        raise
    return _headers([window.spend(key) for window, key in keys])


def _headers(spent: Sequence[Spent]) -> dict[str, str]:
    account, *others = spent
    return _account_headers(*account) | dict(_header(*one) for one in others)


def _key(per: PerWhat, agent_id: int, params: Sequence[Any]) -> Hashable:
    record = params[0] if params else None
    return {
        PerWhat.ACCOUNT: "account",
        PerWhat.AGENT: agent_id,
        PerWhat.RECORD: record,
        PerWhat.AGENT_AND_RECORD: (agent_id, record),
    }[per]


def _account_headers(budget: Budget, remaining: int, resets: int) -> dict[str, str]:
    total, left = str(budget.total), str(remaining)
    return {
        "x-rate-limit": total,
        "x-rate-limit-remaining": left,
        "ratelimit-limit": total,
        "ratelimit-remaining": left,
        "ratelimit-reset": str(resets),
    }


def _header(budget: Budget, remaining: int, resets: int) -> tuple[str, str]:
    return budget.header, f"total={budget.total}; remaining={remaining}; resets={resets}"
