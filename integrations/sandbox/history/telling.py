"""Puts together what a customer writes, and what the desk makes of it."""

from dataclasses import dataclass
from random import Random
from typing import Any

from integrations.sandbox.history.customers import Customer
from integrations.sandbox.history.texts import account_access, money, other_matters, talk
from integrations.sandbox.history.texts import theft_and_scams as theft
from integrations.sandbox.history.texts.story import Story
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record

STORIES = (*theft.STORIES, *account_access.STORIES, *money.STORIES, *other_matters.STORIES)
WEIGHTS = [story.weight for story in STORIES]
ASSETS = ("USDT", "USDT", "USDT", "BTC", "ETH", "SOL")
SEVERITIES = {"urgent": "risk_s1", "high": "risk_s2", "normal": "risk_s3", "low": "risk_s4"}
RAISED = {"low": "normal", "normal": "high", "high": "urgent", "urgent": "urgent"}


@dataclass(frozen=True, slots=True)
class Telling:
    """One complaint in the words of one customer."""

    story: Story
    subject: str
    text: str
    facts: list[dict[str, Any]]  # custom fields that the form asks for
    more_facts: list[dict[str, Any]]  # custom fields that the desk fills
    priority: str


class Teller:
    """Tells stories with numbers, amounts and addresses of their own."""

    def __init__(self, account: Account, random: Random) -> None:
        self._random = random
        self._fields = {field["title"]: field["id"] for field in account.custom_ticket_fields()}

    def complaint(self, customer: Customer) -> Telling:
        """Return what a customer complains about."""
        story = self._random.choices(STORIES, WEIGHTS)[0]
        return self._told(story, customer)

    def advertisement(self, customer: Customer) -> Telling:
        """Return what somebody writes who has no complaint but something to sell."""
        return self._told(self._random.choice(other_matters.SPAM), customer)

    def repetition(self, first: Telling, customer: Customer) -> Telling:
        """Return how a customer asks the same thing again."""
        text = self._random.choice(talk.DUPLICATES[customer.language])
        filled = text.format(subject=first.subject, uid=customer.uid)
        return Telling(
            first.story, first.subject, filled, first.facts, first.more_facts, first.priority
        )

    def classification(self, told: Telling) -> dict[str, Any]:
        """Return the fields that an agent sets when taking the ticket."""
        return {
            "priority": told.priority,
            "additional_tags": [
                "complaint",
                *(["vip"] if told.priority != told.story.priority else []),
            ],
            "custom_fields": [
                {"id": self._fields["Risk reason"], "value": f"risk_{told.story.reason}"},
                {"id": self._fields["Risk severity"], "value": SEVERITIES[told.priority]},
                *told.more_facts,
            ],
        }

    def _told(self, story: Story, customer: Customer) -> Telling:
        random = self._random
        facts = {
            "uid": customer.uid,
            "amount": f"{random.randrange(20, 90_000) / 10:.1f}",
            "asset": random.choice(ASSETS),
            "txid": f"{random.getrandbits(256):064x}",
            "address": f"0x{random.getrandbits(160):040x}",
            "order": f"P2P{random.randrange(10**7, 10**8)}",
        }
        subject, text = story.english if customer.language == "en" else story.chinese
        opener = random.choice(talk.OPENERS[customer.language])
        plea = random.choice(talk.PLEAS[customer.language])
        more = [("Amount", facts["amount"])] if "{amount}" in text else []
        more += [("Transaction ID", facts["txid"])] if "{txid}" in text else []
        return Telling(
            story,
            subject.format(**facts),
            opener + text.format(**facts) + plea,
            [{"id": self._fields["Exchange UID"], "value": customer.uid}],
            [{"id": self._fields[title], "value": value} for title, value in more],
            RAISED[story.priority] if customer.is_important else story.priority,
        )


def rating(account: Account, ticket: Record, score: str) -> Record:
    """Keep what a customer says about a solved ticket, and return it as the ticket shows it."""
    stamp = account.clock.stamp()
    kept = account.satisfaction_ratings.add(
        {
            "id": account.ids.record(),
            "assignee_id": ticket["assignee_id"],
            "group_id": ticket["group_id"],
            "requester_id": ticket["requester_id"],
            "ticket_id": ticket["id"],
            "score": score,
            "created_at": stamp,
            "updated_at": stamp,
            "comment": None,
            "reason": "No reason provided",
            "reason_id": None,
        }
    )
    return {name: kept[name] for name in ("id", "score", "comment", "reason", "reason_id")}
