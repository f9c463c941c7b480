"""The rate limits of an account as a table: which requests share a budget, and how big it is."""

from dataclasses import dataclass
from enum import Enum, auto

MINUTE = 60.0
HIGH_VOLUME = 2500  # requests a minute from which an account has the High Volume add-on


class PerWhat(Enum):
    """Which requests of a budget count together."""

    ACCOUNT = auto()
    AGENT = auto()  # whoever asks
    RECORD = auto()  # the record that the path names
    AGENT_AND_RECORD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """So many requests in so many seconds; `header` reports what is left."""

    header: str
    total: int
    seconds: float = MINUTE
    per: PerWhat = PerWhat.ACCOUNT
    text: str = "Number of allowed API requests to this endpoint exceeded"
    from_page: int = 0  # only requests for this page and deeper ones count


EXPORT_TEXT = "Number of allowed incremental export API requests per minute exceeded"
ACCOUNT_TEXT = "Number of allowed API requests per minute exceeded"
UPDATE_TEXT = "Number of allowed ticket updates per minute exceeded"
TICKET_TEXT = "Number of allowed updates of this ticket per 10 minutes exceeded"
TEN_MINUTES = 10 * MINUTE


def account_budget(rpm: int) -> Budget:
    """Return the budget that all requests share, webhooks excepted."""
    return Budget(header="x-rate-limit", total=rpm, text=ACCOUNT_TEXT)


def endpoint_budgets(rpm: int, rpm_incremental: int) -> dict[str, tuple[Budget, ...]]:
    """Return the budgets by the names that routes use; each request spends from all of its own."""
    exports = Budget(
        header="zendesk-ratelimit-incremental-exports", total=rpm_incremental, text=EXPORT_TEXT
    )
    cursor = Budget(
        header="zendesk-ratelimit-incremental-exports-cursor",
        total=2 * rpm_incremental,
        text=EXPORT_TEXT,
    )
    updates = 300 if rpm >= HIGH_VOLUME else 100
    return SINGLE | {"export": (exports,), "export-cursor": (cursor,)} | _updates(updates)


def _updates(total: int) -> dict[str, tuple[Budget, ...]]:
    of_account = Budget(header="zendesk-rate-limit-tickets-update", total=total, text=UPDATE_TEXT)
    return {"ticket-update": (of_account, PER_TICKET), "per-ticket-update": (PER_TICKET,)}


PER_TICKET = Budget(
    header="zendesk-ratelimit-per-ticket-updates",
    total=30,
    seconds=TEN_MINUTES,
    per=PerWhat.AGENT_AND_RECORD,
    text=TICKET_TEXT,
)
SINGLE: dict[str, tuple[Budget, ...]] = {
    "export-sample": (
        Budget(
            header="zendesk-ratelimit-incremental-exports-sample",
            total=10,
            seconds=20 * MINUTE,
            text="Number of allowed sample export API requests per 20 minutes exceeded",
        ),
    ),
    "tickets-index": (
        Budget(header="zendesk-ratelimit-tickets-index", total=100_000),
        Budget(header="zendesk-ratelimit-tickets-index-deep", total=50, from_page=501),
    ),
    "ticket-create": (
        Budget(
            header="zendesk-ratelimit-ticket-request-create-by-user-and-ip",
            total=300,
            per=PerWhat.AGENT,
        ),
    ),
    "ticket-delete": (Budget(header="zendesk-ratelimit-tickets-destroy", total=400),),
    "deleted-tickets-index": (
        Budget(header="zendesk-ratelimit-deleted-tickets-index", total=10),
        Budget(header="zendesk-ratelimit-deleted-tickets-index-deep", total=5, from_page=101),
    ),
    "deleted-tickets-destroy": (
        Budget(header="zendesk-rate-limit-deleted-tickets-destroy", total=1000),
    ),
    "tags-index": (Budget(header="zendesk-rate-limit-tags-index", total=100),),
    "search": (Budget(header="zendesk-ratelimit-search-index", total=100),),
    "search-export": (Budget(header="zendesk-ratelimit-search-export", total=100),),
    "view-execute": (
        Budget(header="zendesk-ratelimit-view-execute", total=5, per=PerWhat.AGENT_AND_RECORD),
    ),
    "view-count": (
        Budget(header="zendesk-ratelimit-view-count", total=5, per=PerWhat.AGENT_AND_RECORD),
    ),
    "view-count-many": (
        Budget(
            header="zendesk-ratelimit-views-count-many",
            total=6,
            seconds=5 * MINUTE,
            per=PerWhat.AGENT,
        ),
    ),
    "user-update": (
        Budget(header="zendesk-ratelimit-users-update", total=5, per=PerWhat.RECORD),
        Budget(header="zendesk-ratelimit-users-update-account", total=1, seconds=1.0),
    ),
    "user-permanent-delete": (
        Budget(header="zendesk-ratelimit-deleted-users-destroy", total=700, seconds=TEN_MINUTES),
    ),
    "organization-update": (
        Budget(header="zendesk-ratelimit-organizations-update", total=5, per=PerWhat.RECORD),
    ),
    "side-conversation-write": (
        Budget(header="zendesk-ratelimit-side-conversations-write", total=300, seconds=TEN_MINUTES),
    ),
    "side-conversation-events": (
        Budget(
            header="zendesk-ratelimit-side-conversations-events", total=600, seconds=TEN_MINUTES
        ),
    ),
    "attachments": (Budget(header="zendesk-ratelimit-attachments", total=2500),),
    "ticket-field-options": (Budget(header="zendesk-ratelimit-ticket-field-options", total=100),),
}
# the webhook service counts apart from everything else and reports as the account does
WEBHOOKS: dict[str, Budget] = {
    "webhooks": Budget(header="x-rate-limit", total=100, text=ACCOUNT_TEXT),
    "webhook-test": Budget(header="x-rate-limit", total=20, text=ACCOUNT_TEXT),
}
