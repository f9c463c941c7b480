"""Every error the project raises, sorted by what the caller should do.

RiskdeskError
├── ConfigError              show: the operator must change a setting
├── BadInput                 show: a file or argument given by a person cannot be used
├── RuleViolation            show: a business rule said no
├── ServiceUnavailable       retry later: database, broker or port is not there
├── BadRecord                skip: keep the raw record, mark it, go on with the rest
├── RejectedDelivery         refuse: a webhook that must not be accepted
├── LeaseLost                drop: another worker owns this ticket now
└── ZendeskError
    ├── BudgetSpent          do something else first: nothing was sent, no turn is free now
    ├── ZendeskRetryable     retry: nothing was changed (429, 5xx on reads, no connection)
    │   ├── AnswerTooSlow    ask for less: a read that Zendesk, or our patience, gave up (504)
    │   └── OutcomeUnknown   look first, then retry: the change may have been carried out
    └── ZendeskRefused       give up: trying the same again will not help (4xx)
        ├── LoginRefused     show: 401 or 403, the credentials are wrong or too weak
        ├── RecordGone       skip: 404, the record vanished
        └── UpdateConflict   read again, decide again: 409, somebody was faster
"""


class RiskdeskError(Exception):
    """Base of all errors: `message` says what happened, `hint` what to do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(f"{message}\nWhat to do: {hint}")
        self.message = message
        self.hint = hint


class ConfigError(RiskdeskError):
    """A setting is missing or wrong."""


class BadInput(RiskdeskError):
    """A file or argument given by a person cannot be used."""


class RuleViolation(RiskdeskError):
    """A business rule said no; shown to the person, never paged."""


class ServiceUnavailable(RiskdeskError):
    """The database, the broker or a port cannot be used now."""


class BadRecord(RiskdeskError):
    """One record cannot be read; the others can."""


class RejectedDelivery(RiskdeskError):
    """A webhook delivery that must not be accepted; `status` is the HTTP answer."""

    def __init__(self, message: str, *, hint: str, status: int = 401) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class LeaseLost(RiskdeskError):
    """Another worker took over while this one was busy."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(
            f"The lease on ticket {ticket_id} was taken over by another worker.",
            hint="nothing; the other worker finishes the ticket.",
        )


class ZendeskError(RiskdeskError):
    """Zendesk did not do what was asked; `status` is its HTTP status, 0 when it never answered.

    `code` is Zendesk's own word for it (`RecordInvalid`), `request_id` what Zendesk's support
    asks for; both are None when the answer held none.
    """

    code: str | None = None
    request_id: str | None = None

    def __init__(self, message: str, *, hint: str, status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class BudgetSpent(ZendeskError):
    """Work that can wait found no free turn; there should be one after `retry_after_s` seconds."""

    def __init__(self, budget: str, *, retry_after_s: float) -> None:
        super().__init__(
            f"No turn within Zendesk's budget is free: {budget}.",
            hint="nothing; it goes on by itself.",
        )
        self.retry_after_s = retry_after_s


class ZendeskRetryable(ZendeskError):
    """Nothing was changed and a later attempt may succeed; `retry_after_s` in seconds."""

    def __init__(
        self, message: str, *, hint: str, status: int = 0, retry_after_s: float = 1.0
    ) -> None:
        super().__init__(message, hint=hint, status=status)
        self.retry_after_s = retry_after_s


class AnswerTooSlow(ZendeskRetryable):
    """A read took too long; a smaller page may come in time."""


class OutcomeUnknown(ZendeskRetryable):
    """A change was sent and no answer came: look at the ticket before sending it again."""


class ZendeskRefused(ZendeskError):
    """Zendesk refused; the same request will be refused again."""


class LoginRefused(ZendeskRefused):
    """The credentials are wrong, expired, or lack a scope."""


class RecordGone(ZendeskRefused):
    """The record does not exist (any more)."""


class UpdateConflict(ZendeskRefused):
    """A safe update was refused because the ticket changed meanwhile."""
