"""Writes a believable past: complaints in English and Chinese, answered, reopened, solved."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from integrations.sandbox.history.texts import (
    CLOSINGS,
    FOLLOW_UPS,
    NAMES,
    NOTES,
    REPLIES,
    STORIES,
    Story,
)
from integrations.sandbox.population import ADMIN_EMAIL, QUEUES
from integrations.sandbox.state import tickets
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticket_case import TicketCase

SPAN = timedelta(days=45)
QUIET = timedelta(hours=2)  # the past ends this long before the present
Step = Callable[[], None]


def write_history(account: Account, how_many: int, *, seed: int, until: datetime) -> None:
    """Let `how_many` tickets happen before `until`, through the same rules as live ones."""
    writer = _Writer(account, Random(seed), until - QUIET)  # noqa: S311 - repeatable
    start = until - SPAN
    for _ in range(how_many):
        writer.at(start + writer.random.random() * (SPAN - QUIET), writer.open_ticket)
    writer.play()


class _Writer:
    """Plays what happened in the order in which it happened."""

    def __init__(self, account: Account, random: Random, end: datetime) -> None:
        self.account = account
        self.random = random
        self._end = end
        self._order = count()
        self._steps: list[tuple[datetime, int, Step]] = []
        admin = account.user_by_email(ADMIN_EMAIL)
        if admin is None:
            raise LookupError("the standing population is missing")
        self._admin = admin
        self._groups = {group["name"]: group["id"] for group in account.groups.all()}
        self._fields = {field["title"]: field["id"] for field in account.custom_ticket_fields()}

    def at(self, moment: datetime, step: Step) -> None:
        """Plan a step; what would lie after the end never happens."""
        if moment <= self._end:
            heapq.heappush(self._steps, (moment, next(self._order), step))

    def play(self) -> None:
        """Do every step at its time."""
        while self._steps:
            moment, _, step = heapq.heappop(self._steps)
            self._now = moment
            self.account.clock.rewind_for_history(moment)
            step()

    def later(self, low: float, high: float, step: Step) -> None:
        """Plan a step some minutes from now."""
        self.at(self._now + timedelta(minutes=self.random.uniform(low, high)), step)

    def open_ticket(self) -> None:
        """Let a customer complain."""
        story, language = self.random.choice(STORIES), self.random.choice(("en", "zh"))
        subject, text = story.english if language == "en" else story.chinese
        uid = str(self.random.randrange(10_000_000, 99_999_999))
        facts = {
            "uid": uid,
            "amount": f"{self.random.randrange(20, 90_000) / 10:.1f}",
            "asset": self.random.choice(("USDT", "BTC", "ETH", "SOL")),
            "txid": f"{self.random.getrandbits(256):064x}",
        }
        customer = self._customer(language)
        case = tickets.create(
            self.account,
            {
                "subject": subject.format(**facts),
                "comment": {"body": text.format(**facts)},
                "requester_id": customer["id"],
                "submitter_id": customer["id"],
                "custom_fields": [{"id": self._fields["Exchange UID"], "value": uid}],
            },
            self._admin,
        )
        self.later(2, 240, lambda: self._take(case, story, language, customer))

    def _customer(self, language: str) -> Record:
        number = self.random.randrange(1, 10_000)
        email = f"customer{number}@example.com"
        known = self.account.user_by_email(email)
        name = self.random.choice(NAMES[language])
        if known is not None:
            return known
        customer = self.account.add_user({"name": name, "email": email})
        if language == "zh":
            customer |= {"locale_id": 10, "locale": "zh-CN"}
        return customer

    def _take(self, case: TicketCase, story: Story, language: str, customer: Record) -> None:
        """Let the owning department take the ticket and answer."""
        name, agents = QUEUES[story.queue]
        address = f"{self.random.choice(agents).lower().replace(' ', '.')}@example.com"
        agent = self.account.user_by_email(address) or self._admin
        self._change(
            case,
            agent,
            group_id=self._groups[name],
            assignee_id=agent["id"],
            priority=story.priority,
            additional_tags=["complaint", language],
            custom_fields=[
                {"id": self._fields["Risk reason"], "value": f"risk_{story.reason}"},
            ],
        )
        if self.random.random() < 0.4:  # noqa: PLR2004
            note = {"body": self.random.choice(NOTES), "public": False}
            self.later(1, 90, lambda: self._change(case, agent, comment=note))
        self.later(3, 600, lambda: self._answer(case, agent, language, customer))

    def _answer(self, case: TicketCase, agent: Record, language: str, customer: Record) -> None:
        said = {"body": self.random.choice(REPLIES[language])}
        status = self.random.choice(("pending", "pending", "open", "hold"))
        self._change(case, agent, comment=said, status=status)
        if self.random.random() < 0.5:  # noqa: PLR2004
            self.later(20, 2000, lambda: self._follow_up(case, agent, language, customer))
        else:
            self.later(60, 4000, lambda: self._solve(case, agent, language))

    def _follow_up(self, case: TicketCase, agent: Record, language: str, customer: Record) -> None:
        said = {"body": self.random.choice(FOLLOW_UPS[language])}
        self._change(case, customer, comment=said)
        if self.random.random() < 0.3:  # noqa: PLR2004
            self.later(10, 900, lambda: self._answer(case, agent, language, customer))
        else:
            self.later(30, 2000, lambda: self._solve(case, agent, language))

    def _solve(self, case: TicketCase, agent: Record, language: str) -> None:
        self._change(case, agent, comment={"body": CLOSINGS[language]}, status="solved")
        if self.random.random() < 0.6:  # noqa: PLR2004
            self.later(4 * 1440, 5 * 1440, lambda: self._close(case))
        if self.random.random() < 0.3:  # noqa: PLR2004
            self.later(30, 1000, lambda: self._rate(case))

    def _rate(self, case: TicketCase) -> None:
        """Let the customer say how it was."""
        record, stamp = case.record, self.account.clock.stamp()
        rating = self.account.satisfaction_ratings.add(
            {
                "id": self.account.ids.record(),
                "assignee_id": record["assignee_id"],
                "group_id": record["group_id"],
                "requester_id": record["requester_id"],
                "ticket_id": case.id,
                "score": self.random.choice(("good", "good", "bad")),
                "created_at": stamp,
                "updated_at": stamp,
                "comment": None,
                "reason": "No reason provided",
                "reason_id": None,
            }
        )
        shown = {name: rating[name] for name in ("id", "score", "comment", "reason", "reason_id")}
        record["satisfaction_rating"] = shown
        self.account.touch(case, self._now)

    def _close(self, case: TicketCase) -> None:
        if case.record["status"] == "solved":
            self._change(case, self._admin, status="closed")

    def _change(self, case: TicketCase, actor: Record, **asked: Any) -> None:
        if case.record["status"] != "closed":
            tickets.update(self.account, case, asked, actor)
