"""A month of a busy desk in which everything happens; between two steps others may act, too."""

from collections import Counter
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from integrations.sandbox.history.customers import Customer, Customers, welcome_companies
from integrations.sandbox.history.lives import Life, Lives
from integrations.sandbox.history.openings import OPENINGS, Beginning, by_messaging
from integrations.sandbox.history.rota import arrivals
from integrations.sandbox.history.shift import exchange_uid
from integrations.sandbox.history.telling import Telling
from integrations.sandbox.history.texts import talk
from integrations.sandbox.history.timetable import Timetable
from integrations.sandbox.history.twists import TWISTS, Surroundings
from integrations.sandbox.state.account import Account

if TYPE_CHECKING:
    from integrations.sandbox.state.ticketing.ticket_case import TicketCase

MOST_TWISTS = 7
SHARE_OPENED_OTHERWISE = 0.3
SHARE_DELETED, SHARE_BROUGHT_BACK = 0.01, 0.6
SHARE_OF_SPAM = 0.012
SHARE_AT_ONCE = 0.02
SHARE_CHATTING_ON = 0.6


class Month:
    """The traffic of a month, on an account that is served meanwhile."""

    def __init__(
        self, account: Account, *, seed: int, tickets: int, start: datetime, end: datetime
    ) -> None:
        random = Random(f"{seed} month")  # noqa: S311 - repeatable
        self._clock = account.clock
        self._timetable = Timetable(account.clock, random, end, move=self._step)
        customers = Customers(account, random, welcome_companies(account), exchange_uid)
        self._lives = EventfulLives(account, self._timetable, customers, tickets)
        for moment in arrivals(random, start, end, tickets):
            self._timetable.at(moment, self._lives.complain)
        for moment in arrivals(random, start, end, int(tickets * SHARE_OF_SPAM)):
            self._timetable.at(moment, self._lives.advertise)

    @property
    def acts(self) -> Counter[str]:
        """How often everything unusual was done."""
        return self._lives.acts

    def play(self, until: datetime) -> None:
        """Let everything happen until a moment, and the clock stand there."""
        self._timetable.play(until)
        self._step(until)

    def _step(self, moment: datetime) -> None:
        """Set the clock; it may stand later already, because somebody waited for something."""
        self._clock.step_to(max(moment, self._clock.now()))


class EventfulLives(Lives):
    """Lives of tickets that begin in every way, and to which anything happens at any time."""

    def __init__(
        self, account: Account, timetable: Timetable, customers: Customers, how_many: int
    ) -> None:
        super().__init__(account, timetable, customers, how_many)
        self.acts: Counter[str] = Counter()
        self._newest: TicketCase | None = None

    def _opened(self, customer: Customer, told: Telling, queue: str) -> Life:
        """Open a ticket in one of many ways, and plan what will happen to it besides."""
        if self._timetable.chance(SHARE_OPENED_OTHERWISE):
            life = self._opened_otherwise(customer, told, queue)
        else:
            life = super()._opened(customer, told, queue)
        if not life.case.is_deleted:
            self._newest = life.case
        for _ in range(self._random.randrange(MOST_TWISTS)):
            self._plan(life, self._timetable.around(900), self._twist)
        if self._timetable.chance(SHARE_DELETED):
            self._plan(life, self._timetable.around(600), self._delete)
            if self._timetable.chance(SHARE_BROUGHT_BACK):
                self._plan(life, self._timetable.within(2000, 5000), self._bring_back)
        return life

    def _opened_otherwise(self, customer: Customer, told: Telling, queue: str) -> Life:
        now = self._timetable.now
        agent = self._rota.first_present(queue, now, self._random)
        newest = self._newest
        has_parent = newest is not None and not newest.is_deleted
        open_ = self._random.choices(*zip(*OPENINGS, strict=True))[0]
        case = open_(
            Beginning(
                account=self._account,
                customer=customer,
                told=told,
                agent=agent,
                light_agent=self._light_agent or {},
                parent=newest if has_parent else None,
            )
        )
        self.acts[open_.__name__] += 1
        life = Life(case=case, told=told, customer=customer, queue=queue, agent=agent, opened=now)
        if open_ is by_messaging:
            self._agent_chats(life)
        return life

    def _twist(self, life: Life) -> None:
        """Let something happen that nobody planned, sometimes twice within a second."""
        if life.case.record["status"] == "closed":
            return
        twist = self._random.choices(*zip(*TWISTS, strict=True))[0]
        around = Surroundings(self._account, self._random, life.case.record, life.agent.user)
        user, asked = twist(around)
        self._update(life, user, **asked)
        self.acts[twist.__name__] += 1
        if self._timetable.chance(SHARE_AT_ONCE):
            self.acts["in_the_same_second"] += 1
            self._twist(life)

    def _agent_chats(self, life: Life) -> None:
        """Plan an answer in a messenger, for which a policy gives seconds."""
        self._plan(life, self._timetable.within(0.1, 4), self._chat_answer)

    def _chat_answer(self, life: Life) -> None:
        self._update(life, comment=self._says(life, talk.REPLIES), **self._ownership(life))
        if self._timetable.chance(SHARE_CHATTING_ON):
            self._plan(life, self._timetable.within(0.1, 6), self._chat_on)

    def _chat_on(self, life: Life) -> None:
        self._update(life, life.customer.user, comment=self._says(life, talk.FOLLOW_UPS))
        self._agent_chats(life)
