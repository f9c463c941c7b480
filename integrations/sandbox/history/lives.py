"""The lives of tickets: opened, taken, answered, held, handed on, solved, reopened, closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from integrations.sandbox.history.customers import Customer, Customers
from integrations.sandbox.history.rota import Agent, Rota
from integrations.sandbox.history.telling import Teller, Telling, rating
from integrations.sandbox.history.texts import talk
from integrations.sandbox.history.timetable import Timetable
from integrations.sandbox.population import ADMIN_EMAIL, LIGHT_AGENT_EMAIL, QUEUES
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import bin as ticket_bin
from integrations.sandbox.state.ticketing import merging, tickets
from integrations.sandbox.state.ticketing.merging import Words
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

FRONT_DESK = "CS"
REPLY_MINUTES = {"urgent": 7.0, "high": 30.0, "normal": 120.0, "low": 260.0}  # medians
CLOSING_AFTER = timedelta(days=4)
PATIENCE = timedelta(days=11)  # after that a ticket is brought to its end
LAST_REOPENING = timedelta(days=14)
MOST_ROUNDS, MOST_REOPENINGS = 4, 2
SCORES = ("good", "good", "good", "bad")
SHARE = {
    "given a priority by the form": 0.5,
    "first read by the front desk": 0.25,
    "sent twice": 0.03,
    "noted": 0.3,
    "noted by a light agent": 0.1,
    "deleted by mistake": 0.004,
    "answered by the customer": 0.72,
    "goes on": 0.35,
    "rated": 0.25,
    "reopened": 0.09,
}


@dataclass(slots=True, kw_only=True)
class Life:
    """A ticket on its way, and who is at work on it."""

    case: TicketCase
    told: Telling
    customer: Customer
    queue: str
    agent: Agent
    opened: datetime
    rounds: int = 0
    reopenings: int = 0
    solved: datetime | None = None


Act = Callable[[Life], None]


class Lives:
    """Lets things happen to tickets, through the same rules as to live ones."""

    def __init__(
        self, account: Account, timetable: Timetable, customers: Customers, how_many: int
    ) -> None:
        self._account = account
        self._timetable = timetable
        self._random = timetable.random
        self._customers = customers
        self._left = how_many  # complaints that are still to come
        self._teller = Teller(account, self._random)
        self._rota = Rota(account)
        self._automation = account.user_by_email(ADMIN_EMAIL)
        self._light_agent = account.user_by_email(LIGHT_AGENT_EMAIL)

    # how a ticket begins

    def complain(self) -> None:
        """Let a customer complain, unless one has complained twice instead."""
        if not self._left:
            return
        self._left -= 1
        customer = self._customers.next()
        told = self._teller.complaint(customer)
        passes_front_desk = self._chance("first read by the front desk")
        life = self._opened(customer, told, FRONT_DESK if passes_front_desk else told.story.queue)
        first = self._take if life.queue == told.story.queue else self._hand_over
        self._agent_acts(life, REPLY_MINUTES[told.priority] / 3, first)
        again = self._timetable.within(12, 180)
        if self._left and again < self._timetable.end and self._chance("sent twice"):
            self._left -= 1
            self._plan(life, again, self._repeat)

    def advertise(self) -> None:
        """Let somebody advertise; the front desk throws it away."""
        customer = self._customers.next()
        life = self._opened(customer, self._teller.advertisement(customer), FRONT_DESK)
        self._agent_acts(life, 40, self._delete)

    def _repeat(self, first: Life) -> None:
        """Let the customer write the same a second time; an agent notices."""
        told = self._teller.repetition(first.told, first.customer)
        second = self._opened(first.customer, told, first.queue)
        self._agent_acts(second, 60, partial(self._notice_repetition, first=first))

    def _opened(self, customer: Customer, told: Telling, queue: str) -> Life:
        asked = {
            "subject": told.subject,
            "comment": {"body": told.text},
            "requester_id": customer.user["id"],
            "submitter_id": customer.user["id"],
            "custom_fields": told.facts,
        }
        if self._chance("given a priority by the form"):
            asked["priority"] = told.priority
        case = tickets.create(self._account, asked, customer.user)
        now = self._timetable.now
        agent = self._rota.first_present(queue, now, self._random)
        return Life(case=case, told=told, customer=customer, queue=queue, agent=agent, opened=now)

    # what the desk does

    def _hand_over(self, life: Life) -> None:
        """Let the front desk read a ticket that belongs to another department."""
        self._update(life, **self._ownership(life))
        self._agent_acts(life, 8, self._pass_on)

    def _pass_on(self, life: Life) -> None:
        front_desk, life.queue = life.agent.user, life.told.story.queue
        life.agent = self._rota.first_present(life.queue, self._timetable.now, self._random)
        note = self._random.choice(talk.HANDOVERS).format(group=QUEUES[life.queue][0])
        self._update(
            life,
            front_desk,
            group_id=life.agent.group_id,
            assignee_id=None,
            comment={"body": note, "public": False},
        )
        self._agent_acts(life, REPLY_MINUTES[life.told.priority] / 2, self._take)

    def _take(self, life: Life) -> None:
        """Let an agent of the department take the ticket."""
        self._update(life, **self._ownership(life), **self._teller.classification(life.told))
        if self._chance("noted"):
            self._agent_acts(life, 25, self._note)
        if self._chance("deleted by mistake"):
            self._agent_acts(life, 90, self._delete)
            self._plan(life, self._timetable.within(600, 700), self._bring_back)
        self._agent_acts(life, REPLY_MINUTES[life.told.priority] / 2, self._answer)

    def _notice_repetition(self, life: Life, first: Life) -> None:
        """Let an agent merge a repetition into the first ticket, or solve it when that is over."""
        note = talk.DUPLICATE_NOTE.format(number=first.case.id)
        self._update(life, comment={"body": note, "public": False}, **self._ownership(life))
        if first.case.is_deleted or first.case.record["status"] == "closed":
            self._agent_acts(life, 5, self._solve)
            return
        account, actor = self._account, life.agent.user
        merged_in = talk.MERGED_IN.format(number=life.case.id, subject=life.told.subject)
        words = Words(text=merged_in, public=False)
        merging.absorb(account, first.case, [life.case], words, actor)
        words = Words(text=talk.MERGED_AWAY.format(number=first.case.id), public=True)
        merging.close(account, first.case, life.case, words, actor)

    def _note(self, life: Life) -> None:
        note = {"body": self._random.choice(talk.NOTES), "public": False}
        if self._light_agent and self._chance("noted by a light agent"):
            note["author_id"] = self._light_agent["id"]
        self._update(life, comment=note)

    def _answer(self, life: Life) -> None:
        going_on = (
            ("pending", self._await_customer),
            ("hold", lambda one: self._agent_acts(one, 900, self._resume)),
            ("open", lambda one: self._agent_acts(one, 60, self._ask_colleague)),
            ("open", lambda one: self._agent_acts(one, 300, self._solve)),
        )
        status, go_on = self._random.choices(going_on, (62, 16, 6, 16))[0]
        self._update(life, comment=self._says(life, talk.REPLIES), status=status)
        go_on(life)

    def _remind(self, life: Life) -> None:
        self._update(life, comment=self._says(life, talk.REMINDERS))
        self._agent_acts(life, 1500, self._solve)

    def _resume(self, life: Life) -> None:
        """Take a ticket off hold."""
        note = {"body": self._random.choice(talk.HOLDING_NOTES), "public": False}
        self._update(life, comment=note, status="open")
        self._agent_acts(life, 240, self._solve)

    def _ask_colleague(self, life: Life) -> None:
        """Give the ticket to whoever of the department works now."""
        former = life.agent.user
        life.agent = self._rota.first_present(life.queue, self._timetable.now, self._random)
        self._update(life, former, assignee_id=life.agent.user["id"])
        self._agent_acts(life, 400, self._solve)

    def _solve(self, life: Life) -> None:
        self._update(life, comment=self._says(life, talk.CLOSINGS), status="solved")
        now = life.solved = self._timetable.now
        self._plan(life, now + CLOSING_AFTER, partial(self._close, solved=now))
        if self._chance("rated"):
            self._plan(life, self._timetable.within(30, 1500), self._rate)
        may_reopen = life.reopenings < MOST_REOPENINGS and now - life.opened < LAST_REOPENING
        if may_reopen and self._chance("reopened"):
            self._plan(life, self._timetable.within(30, 4000), self._reopen)

    def _close(self, life: Life, solved: datetime) -> None:
        if life.solved == solved and life.case.record["status"] == "solved":
            self._update(life, self._automation, status="closed")

    def _delete(self, life: Life) -> None:
        ticket_bin.delete(self._account, life.case, life.agent.user)

    def _bring_back(self, life: Life) -> None:
        if life.case.is_deleted:
            ticket_bin.restore(self._account, life.case, life.agent.user)

    # what the customer does

    def _await_customer(self, life: Life) -> None:
        life.rounds += 1
        if self._chance("answered by the customer"):
            self._plan(life, self._timetable.around(240), self._follow_up)
        else:
            self._plan(life, self._timetable.within(1440, 2880), self._remind)

    def _follow_up(self, life: Life) -> None:
        self._update(life, life.customer.user, comment=self._says(life, talk.FOLLOW_UPS))
        is_young = self._timetable.now - life.opened < PATIENCE and life.rounds < MOST_ROUNDS
        goes_on = is_young and self._chance("goes on")
        self._agent_acts(life, 150, self._answer if goes_on else self._solve)

    def _reopen(self, life: Life) -> None:
        if life.case.record["status"] != "solved":
            return
        life.reopenings += 1
        self._update(life, life.customer.user, comment=self._says(life, talk.REOPENINGS))
        self._agent_acts(life, 200, self._solve)

    def _rate(self, life: Life) -> None:
        if life.case.record["status"] == "solved":
            score = self._random.choice(SCORES)
            record = life.case.record
            record["satisfaction_rating"] = rating(self._account, record, score)
            self._account.touch(life.case, self._timetable.now)

    # how steps are planned

    def _plan(self, life: Life, moment: datetime, act: Act) -> None:
        self._timetable.at(moment, partial(self._do, life, act))

    def _agent_acts(self, life: Life, minutes: float, act: Act) -> None:
        """Plan what the agent does about so many minutes from now, inside a shift."""
        wanted = self._timetable.around(minutes)
        moment = life.agent.present(wanted)
        if moment > wanted:  # a shift begins with what was left over
            moment += timedelta(minutes=self._random.uniform(2, 50))
        self._plan(life, moment, act)

    def _do(self, life: Life, act: Act) -> None:
        """Act, or try later while the ticket lies in the bin."""
        if life.case.is_deleted and act != self._bring_back:
            self._plan(life, self._timetable.within(700, 1400), act)
        else:
            act(life)

    def _update(self, life: Life, user: Record | None = None, **asked: Any) -> None:
        if life.case.record["status"] != "closed":
            tickets.update(self._account, life.case, asked, user or life.agent.user)

    def _ownership(self, life: Life) -> dict[str, Any]:
        return {"group_id": life.agent.group_id, "assignee_id": life.agent.user["id"]}

    def _says(self, life: Life, sentences: talk.Sentences) -> Record:
        return {"body": self._random.choice(sentences[life.customer.language])}

    def _chance(self, what: str) -> bool:
        return self._timetable.chance(SHARE[what])
