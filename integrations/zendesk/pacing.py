"""Waits for a turn in every budget that a call spends, before Zendesk has to refuse it."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from integrations.runtime.errors import BudgetSpent, ZendeskRetryable
from integrations.zendesk.budgets import (
    ACCOUNT,
    Budget,
    account_used_up_for,
    rest_of,
    spent_by,
    used_up_for,
)
from integrations.zendesk.failures import retry_after
from integrations.zendesk.ledger import Ledger

MARGIN_S = 0.5  # between the end of our count and the end of Zendesk's
LEASE_S = 5.0  # how long turns may be kept in stock
STOCKS = 20  # the largest stock is this part of a budget, so that many processes can have one
LONGEST_WAIT_S = 120.0  # a longer one belongs to the caller's due times
MOST_WAITS_S = 600.0  # others may be faster again and again

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Stock:
    """Turns taken from the ledger and not all used yet, so that few calls have to ask it."""

    id: int
    name: str
    budget: Budget
    amount: int
    left: int
    ends: float
    out: int = 0  # requests without an answer yet
    answered_at: float = 0.0


@dataclass(slots=True)
class Turn:
    """A call's turns, one in each budget it spends, the scarcest first."""

    pacer: "Pacer"
    stocks: list[Stock] = field(default_factory=list)

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Pause the budgets that the answer calls used up."""
        self.pacer.note(self.stocks, status, headers)


class Pacer:
    """Keeps the calls of all threads, and of all processes that share the ledger, in budget.

    Zendesk counts in fixed windows that we cannot see. So a turn counts until a whole window
    after its answer came; then no window, wherever it starts, sees more than the budget.
    """

    def __init__(
        self,
        account: str,
        budgets: Mapping[str, Budget],
        ledger: Ledger,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account = account
        self._budgets = budgets
        self._ledger = ledger
        self._sleep = sleep
        self._monotonic = monotonic
        self._locks: dict[str, threading.Lock] = {}
        self._stocks: dict[str, Stock] = {}

    @contextmanager
    def turn(
        self, method: str, path: str, *, leave: Mapping[str, int] | None = None
    ) -> Iterator[Turn]:
        """Wait for a turn in each budget of a call; hold it until the answer is there.

        Raises ZendeskRetryable, with nothing sent, when the wait would be too long. With `leave`,
        so many turns of these budgets are for others, and instead of waiting it raises BudgetSpent.
        """
        turn = Turn(self)
        try:
            self._take_all(turn.stocks, spent_by(method, path), leave)
        except BaseException:
            for stock in turn.stocks:
                self._unused(stock)
            raise
        try:
            yield turn
        finally:
            for stock in turn.stocks:
                self._answered(stock)

    def _take_all(
        self,
        stocks: list[Stock],
        spent: Iterable[tuple[str, str]],
        leave: Mapping[str, int] | None,
    ) -> None:
        for name, key in spent:
            if leave is None:
                stocks.append(self._wait(name, key))
                continue
            stocks.append(self._at_once(self._budgets[name], key))
            if name in leave:
                stocks.append(self._at_once(rest_of(self._budgets[name], leave[name]), key))

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold a turn of a budget for as long as something lasts, as a job in flight."""
        stock = self._wait(name, "")
        try:
            yield
        finally:
            self._ledger.settle(stock.name, stock.id, 0, holds_s=0.0)

    def note(self, stocks: list[Stock], status: int, headers: Mapping[str, str]) -> None:
        """Pause the budgets that an answer calls used up; on 429 at least the scarcest."""
        account = account_used_up_for(headers)
        pauses = {
            stock.name: (stock.budget, seconds)
            for stock in stocks
            if (seconds := used_up_for(stock.budget, headers)) is not None
        }
        if account is not None:
            pauses[self._name(ACCOUNT, "")] = (self._budgets[ACCOUNT], account)
        if status == HTTPStatus.TOO_MANY_REQUESTS and not pauses and stocks:
            pauses[stocks[0].name] = (stocks[0].budget, retry_after(headers) or 0.0)
        for name, (budget, seconds) in pauses.items():
            self._ledger.pause(name, budget.limit, holds_s=min(seconds, budget.seconds))

    def _name(self, budget: str, key: str) -> str:
        return f"{self._account} {budget} {key}".rstrip()

    def _wait(self, budget: str, key: str) -> Stock:
        waited = 0.0
        while not isinstance(found := self._take(self._budgets[budget], key), Stock):
            if found > LONGEST_WAIT_S or waited + found > MOST_WAITS_S:
                raise ZendeskRetryable(
                    f"The budget of Zendesk's for {budget} is used up; nothing was sent.",
                    hint="it is tried again later; see RISKDESK_REQUESTS_PER_MINUTE if it repeats.",
                    retry_after_s=found,
                )
            logger.info("Waiting %.1f s for a turn within Zendesk's budget: %s.", found, budget)
            self._sleep(found)
            waited += found
        return found

    def _at_once(self, budget: Budget, key: str) -> Stock:
        found = self._take(budget, key)
        if not isinstance(found, Stock):
            raise BudgetSpent(budget.name, retry_after_s=found)
        return found

    def _take(self, budget: Budget, key: str) -> Stock | float:
        """Take a turn from the stock, or a new stock from the ledger, or say how long to wait."""
        name = self._name(budget.name, key)
        with self._lock_of(budget):
            now = self._monotonic()
            stock = self._stocks.get(name)
            if stock is None or not stock.left or now >= stock.ends:
                used = self._put_back(stock)
                most = max(1, budget.limit // STOCKS)
                wanted = min(most, max(1, 2 * used))
                keep = LEASE_S if wanted > 1 else 0.0
                taken = self._ledger.take(
                    name, budget.limit, wanted, holds_s=budget.seconds + MARGIN_S + keep
                )
                if not taken.amount:
                    return taken.wait_s
                stock = Stock(taken.id, name, budget, taken.amount, taken.amount, now + LEASE_S)
                self._stocks[name] = stock
            stock.left -= 1
            stock.out += 1
            return stock

    def _put_back(self, stock: Stock | None) -> int:
        """Give back what was not used of an old stock; return how much was used."""
        if stock is None:
            return 0
        self._stocks.pop(stock.name, None)
        used = stock.amount - stock.left
        if stock.left:
            stock.amount, stock.left = used, 0
            if not stock.out:
                self._settle(stock)
        return used

    def _lock_of(self, budget: Budget) -> threading.Lock:
        return self._locks.setdefault(budget.name, threading.Lock())

    def _unused(self, stock: Stock) -> None:
        """Give a turn back for which nothing was sent."""
        with self._lock_of(stock.budget):
            stock.out -= 1
            if self._stocks.get(stock.name) is stock:
                stock.left += 1
                if not stock.out:
                    self._put_back(stock)
                return
            stock.amount -= 1
            if not stock.out:
                self._settle(stock)

    def _answered(self, stock: Stock) -> None:
        with self._lock_of(stock.budget):
            stock.out -= 1
            stock.answered_at = self._monotonic()
            if not stock.out and not stock.left:
                self._settle(stock)
                if stock.budget.limit < 2 * STOCKS and self._stocks.get(stock.name) is stock:
                    del self._stocks[stock.name]  # one of thousands of tickets, never in stock

    def _settle(self, stock: Stock) -> None:
        """Let the used turns count until a window after the newest answer."""
        age = self._monotonic() - stock.answered_at
        holds = max(stock.budget.seconds + MARGIN_S - age, 0.0)
        self._ledger.settle(stock.name, stock.id, stock.amount, holds_s=holds)
