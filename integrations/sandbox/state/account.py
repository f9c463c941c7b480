"""The whole account: every store, and the questions that several resources ask."""

from datetime import datetime
from typing import TYPE_CHECKING

from integrations.sandbox.state.changes import TicketChange, TicketDraft, WebhookBody
from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ids import Ids
from integrations.sandbox.state.indexes.shelf import TicketShelf
from integrations.sandbox.state.indexes.streams import Stream, entry_at
from integrations.sandbox.state.jobs import Jobs
from integrations.sandbox.state.metric_events import MetricEvents
from integrations.sandbox.state.people.directory import PEOPLE_STORES, People
from integrations.sandbox.state.side_conversations.conversations import SideConversations
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticketing.attachments import Files
from integrations.sandbox.state.ticketing.idempotency import IdempotentAnswers
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.state.webhooks.subscriptions import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SETTINGS = (
    "brands ticket_fields ticket_forms custom_statuses custom_roles macros triggers "
    "trigger_categories automations views sla_policies schedules satisfaction_ratings "
    "satisfaction_reasons organization_fields user_fields group_sla_policies"
).split()
STORES = (*PEOPLE_STORES, *SETTINGS)
STREAMS = ("audits",)

MOST_RECENT = 5


class Account(People):
    """A Zendesk account in memory."""

    brands: Store
    ticket_fields: Store
    ticket_forms: Store
    custom_statuses: Store
    custom_roles: Store
    macros: Store
    triggers: Store
    trigger_categories: Store
    automations: Store
    views: Store
    sla_policies: Store
    schedules: Store
    satisfaction_ratings: Store
    satisfaction_reasons: Store
    organization_fields: Store
    user_fields: Store
    group_sla_policies: Store

    def __init__(self, *, seed: int, clock: RecordClock) -> None:
        super().__init__(Ids(seed), clock)
        self.tickets = TicketShelf()
        self.audits = Stream()  # of all tickets; made visible by `touch`
        self.webhooks = Webhooks(self.ids, clock)
        self.jobs = Jobs(self.ids, clock)
        self.side_conversations = SideConversations()
        self.files = Files(self.ids, clock)
        self.metric_events = MetricEvents()
        self.idempotent = IdempotentAnswers()
        self.rules: list[Callable[[TicketDraft], None]] = []
        self.listeners: list[Callable[[TicketChange], None]] = []
        self.webhook_callers: list[Callable[[str, WebhookBody], None]] = []
        self._recent: dict[int, dict[int, None]] = {}
        for name in SETTINGS:
            setattr(self, name, Store())

    # tickets

    def ticket(self, ticket_id: int) -> TicketCase:
        """Return a ticket that is not in the bin."""
        return self.tickets.living_one(ticket_id)

    def living_tickets(self) -> "Sequence[TicketCase]":
        """Return the tickets that are not in the bin, by number."""
        return self.tickets.living

    def keep_ticket(self, case: TicketCase, now: datetime) -> None:
        """Keep a new ticket."""
        case.generated = int(now.timestamp())
        self.tickets[case.id] = case
        self._tell_audits(case)

    def touch(self, case: TicketCase, now: datetime) -> None:
        """Make lists and exports see that a ticket changed; whatever changes one ends with this."""
        case.generated = int(now.timestamp())
        self.tickets.refile(case)
        self._tell_audits(case)

    def _tell_audits(self, case: TicketCase) -> None:
        audits = case.audits
        for position in range(case.audits_told, len(audits)):
            audit = audits[position]
            self.audits.add(entry_at(audit["created_at"], audit["id"], case.id, position))
        case.audits_told = len(audits)

    def decide(self, draft: TicketDraft) -> None:
        """Let the business rules look at a ticket before it is kept."""
        for rule in self.rules:
            rule(draft)

    def note_work(self, user_id: int, number: int) -> None:
        """Remember on which tickets somebody worked last, the latest at the end."""
        recent = self._recent.setdefault(user_id, {})
        recent.pop(number, None)
        recent[number] = None
        if len(recent) > MOST_RECENT:
            del recent[next(iter(recent))]

    def recent_work(self, user_id: int) -> list[int]:
        """Return the numbers of the tickets on which somebody worked last."""
        return list(self._recent.get(user_id, ()))

    def publish(self, change: TicketChange) -> None:
        """Tell everybody who listens what happened to a ticket."""
        for listener in self.listeners:
            listener(change)

    def call_webhook(self, webhook_id: str, body: WebhookBody) -> None:
        """Have a conditional webhook called with a rendered body: a trigger or automation fired."""
        for caller in self.webhook_callers:
            caller(webhook_id, body)

    # settings

    def custom_ticket_fields(self) -> list[Record]:
        """Return the active fields that the account added to the built-in ones."""
        return [
            field for field in self.ticket_fields.all() if field["removable"] and field["active"]
        ]

    def option_tags(self, field: Record) -> set[str]:
        """Return the tags that stand for the options of a field that has any."""
        if field["type"] not in ("tagger", "multiselect"):
            return set()
        return {option["value"] for option in field.get("custom_field_options") or ()}

    def default_custom_status(self, category: str) -> int | None:
        """Return the custom status that a plain status stands for (closed counts as solved)."""
        category = "solved" if category == "closed" else category
        for status in self.custom_statuses.all():
            if status["status_category"] == category and status["default"]:
                return int(status["id"])
        return None

    def schedule_of(self, case: TicketCase) -> Record | None:
        """Return the schedule that counts for a ticket: its own, else the first one."""
        own = self.schedules.find(case.schedule_id)
        return own or next(iter(self.schedules.all()), None)
