"""Zendesk's budgets as data: how many calls in how long, which calls spend them, what is left."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

MINUTE_S = 60.0
TEN_MINUTES_S = 600.0
LONGEST_RESET_S = 600.0  # no budget of Zendesk's lasts longer
HIGH_VOLUME_EXPORTS = 30  # exports a minute with the High Volume add-on
PREFIX = "/api/v2/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """So many calls in so many seconds; answers report what is left of it in `header`."""

    name: str
    limit: int
    seconds: float = MINUTE_S
    header: str = ""


@dataclass(frozen=True, slots=True)
class Spending:
    """Which calls spend a budget; what the pattern captures has a budget of its own."""

    budget: str
    methods: str
    path: re.Pattern[str]


ACCOUNT = "account"
JOBS = "jobs in flight"
BUDGETS: tuple[Budget, ...] = (
    Budget(name=ACCOUNT, limit=400),
    Budget(name="exports", limit=10, header="zendesk-ratelimit-incremental-exports"),
    Budget(name="users export", limit=20, header="zendesk-ratelimit-incremental-exports-cursor"),
    Budget(name="ticket updates", limit=100, header="zendesk-rate-limit-tickets-update"),
    Budget(
        name="updates of a ticket",
        limit=30,
        seconds=TEN_MINUTES_S,
        header="zendesk-ratelimit-per-ticket-updates",
    ),
    Budget(name="side conversations", limit=300, seconds=TEN_MINUTES_S),
    Budget(name="side conversation events", limit=600, seconds=TEN_MINUTES_S),
    Budget(name="search export", limit=100, header="zendesk-ratelimit-search-export"),
    Budget(name="deleted tickets", limit=10, header="zendesk-ratelimit-deleted-tickets-index"),
    Budget(name="permanent user deletions", limit=700, seconds=TEN_MINUTES_S),
    # Not calls but jobs: a turn lasts until its job is over, ten minutes at most.
    Budget(name=JOBS, limit=30, seconds=TEN_MINUTES_S, header="zendesk-ratelimit-inflight-jobs"),
)


def _spending(budget: str, methods: str, path: str) -> Spending:
    return Spending(budget, methods, re.compile(path))


# The scarcest first: a call that waits for it holds no turn of the others meanwhile.
SPENDINGS: tuple[Spending, ...] = (
    _spending("users export", "GET", r"incremental/users/cursor"),
    _spending("exports", "GET", r"incremental/(?!users/cursor).*"),
    _spending("updates of a ticket", "PUT", r"tickets/(\d+)"),
    _spending("updates of a ticket", "PUT POST DELETE", r"tickets/(\d+)/tags"),
    _spending("updates of a ticket", "PUT", r"tickets/(\d+)/comments/.*"),
    _spending("ticket updates", "PUT", r"tickets/\d+"),
    _spending("ticket updates", "PUT POST DELETE", r"tickets/\d+/tags"),
    _spending("side conversations", "POST", r"tickets/\d+/side_conversations(?:/[^/]+/reply)?"),
    _spending("side conversation events", "GET", r"tickets/(?:\d+/)?side_conversations/.*events"),
    _spending("search export", "GET", r"search/export"),
    _spending("deleted tickets", "GET", r"deleted_tickets"),
    _spending("permanent user deletions", "DELETE", r"deleted_users/\d+"),
    _spending(ACCOUNT, "GET HEAD POST PUT PATCH DELETE", r".*"),
)


def limits(
    *, requests: int, exports: int, ticket_updates: int, seconds: float = MINUTE_S
) -> dict[str, Budget]:
    """Return all budgets by name, with what the settings say of the account's plan."""
    ours = {ACCOUNT: requests, "exports": exports, "ticket updates": ticket_updates}
    if exports > HIGH_VOLUME_EXPORTS:  # no plan of Zendesk's, but a sandbox with wide limits
        ours["users export"] = exports
    return {
        budget.name: Budget(
            name=budget.name,
            limit=ours.get(budget.name, budget.limit),
            seconds=seconds if budget.seconds == MINUTE_S else budget.seconds,
            header=budget.header,
        )
        for budget in BUDGETS
    }


def rest_of(budget: Budget, kept: int) -> Budget:
    """Return what work that can wait may spend of a budget when `kept` turns are for others."""
    limit = max(1, budget.limit - kept)
    return Budget(name=f"rest of {budget.name}", limit=limit, seconds=budget.seconds)


def spent_by(method: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield each budget that a call spends, with what it is counted for (a ticket, or nothing)."""
    resource = path.removeprefix(PREFIX).removesuffix(".json")
    for spending in SPENDINGS:
        found = spending.path.fullmatch(resource) if method in spending.methods.split() else None
        if found:
            yield spending.budget, next(iter(found.groups()), "")


def account_used_up_for(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the account's budget is used up, by the answer's headers."""
    for family in ("ratelimit", "rate-limit"):  # since 2024, and before
        if headers.get(f"{family}-remaining", "").strip() == "0":
            return _seconds(headers.get(f"{family}-reset", ""))
    return None


def used_up_for(budget: Budget, headers: Mapping[str, str]) -> float | None:
    """Return the same for the budget of an endpoint (`total=10; remaining=0; resets=17`)."""
    value = headers.get(budget.header, "") if budget.header else ""
    parts = dict(part.strip().partition("=")[::2] for part in value.split(";"))
    return _seconds(parts.get("resets", "")) if parts.get("remaining") == "0" else None


def _seconds(text: str) -> float:
    """Read a number of seconds; what cannot be read counts as one."""
    try:
        seconds = float(text)
    except ValueError:
        return 1.0
    return min(max(seconds, 0.0), LONGEST_RESET_S) if isfinite(seconds) else LONGEST_RESET_S
