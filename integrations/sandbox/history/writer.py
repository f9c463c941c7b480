"""Writes a believable past: the newest weeks are played, older ones are copies of a played period.

Every copy lies a whole number of weeks earlier, so shifts and opening hours stay right.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.sandbox.history.archive import Mould, stamp
from integrations.sandbox.history.customers import Customer, Customers, welcome_companies
from integrations.sandbox.history.lives import Lives
from integrations.sandbox.history.rota import arrivals
from integrations.sandbox.history.shift import (
    FIRST_CUSTOMER,
    FIRST_RECORD,
    FIRST_TICKET,
    Place,
    Shift,
    exchange_uid,
)
from integrations.sandbox.history.timetable import Timetable
from integrations.sandbox.state.account import Account

PERIOD = timedelta(weeks=4)  # longer than any life, so that a copied period has ended
ALONE = timedelta(days=45)  # how far back a history goes of which nothing is a copy
MOST_IN_A_PERIOD = 2_000
QUIET = timedelta(hours=2)  # the past ends this long before the present
SHARE_OF_SPAM = 0.012


@dataclass(frozen=True, slots=True)
class Plan:
    """How a number of tickets is spread over time."""

    copies: int
    in_a_copy: int
    in_the_present: int
    present_from: datetime
    until: datetime

    @property
    def start(self) -> datetime:
        """When the first ticket may be opened."""
        return self.present_from - self.copies * PERIOD


def plan_history(how_many: int, until: datetime) -> Plan:
    """Spread tickets over periods; up to a few thousand of them all have a life of their own."""
    end = until.replace(microsecond=0) - QUIET
    if how_many <= 2 * MOST_IN_A_PERIOD:
        return Plan(0, 0, how_many, end - ALONE, end)
    periods = -(-how_many // MOST_IN_A_PERIOD)
    in_a_copy = how_many // periods
    copies = periods - 1
    return Plan(copies, in_a_copy, how_many - copies * in_a_copy, end - PERIOD, end)


def write_history(
    account: Account, plan: Plan, *, seed: int, another: Callable[[], Account]
) -> None:
    """Let the planned tickets happen; `another` gives an account with the same population."""
    was_collecting = gc.isenabled()
    gc.disable()  # everything that is made here stays; looking for garbage would take half the time
    try:
        _write(account, plan, seed, another)
    finally:
        if was_collecting:
            gc.enable()


def _write(account: Account, plan: Plan, seed: int, another: Callable[[], Account]) -> None:
    important = _welcome(account, plan)
    customers = 0
    if plan.copies:
        mould = _played_mould(another(), plan, seed)
        shifts = _shifts(mould, plan, first_record=account.ids.record())
        stamp(account, mould, shifts)
        customers = mould.customers * len(shifts)
        ticket, record = FIRST_TICKET + mould.tickets, FIRST_RECORD + mould.records
        account.ids.start_at(ticket=shifts[-1].number(ticket), record=shifts[-1].number(record))
    _play(
        account,
        important,
        Random(f"{seed} present"),  # noqa: S311 - repeatable
        lambda one: exchange_uid(customers + one),
        Weeks(plan.present_from, plan.until, plan.in_the_present, plan.until),
    )


def _welcome(account: Account, plan: Plan) -> list[Customer]:
    account.clock.rewind_for_history(plan.start)
    return welcome_companies(account)


def _played_mould(account: Account, plan: Plan, seed: int) -> Mould:
    """Play the period that is copied, with numbers that are known wherever they stand."""
    important = _welcome(account, plan)
    account.ids.start_at(ticket=FIRST_TICKET, record=FIRST_RECORD)
    start = plan.present_from - PERIOD
    customers = _play(
        account,
        important,
        Random(f"{seed} mould"),  # noqa: S311 - repeatable
        lambda one: str(FIRST_CUSTOMER + one),
        Weeks(start, plan.present_from, plan.in_a_copy, plan.until),
    )
    return Mould(
        account=account,
        start=start,
        tickets=account.ids.ticket() - FIRST_TICKET,
        records=account.ids.record() - FIRST_RECORD,
        customers=customers,
    )


@dataclass(frozen=True, slots=True)
class Weeks:
    """When how many customers write, and the instant after which nothing happens."""

    first: datetime
    last: datetime
    tickets: int
    end: datetime


def _play(
    account: Account,
    important: list[Customer],
    random: Random,
    uid_of: Callable[[int], str],
    weeks: Weeks,
) -> int:
    """Let everything happen, and return how many new customers came."""
    timetable = Timetable(account.clock, random, weeks.end)
    customers = Customers(account, random, important, uid_of)
    lives = Lives(account, timetable, customers, weeks.tickets)
    for moment in arrivals(random, weeks.first, weeks.last, weeks.tickets):
        timetable.at(moment, lives.complain)
    spam = int(weeks.tickets * SHARE_OF_SPAM)
    for moment in arrivals(random, weeks.first, weeks.last, spam):
        timetable.at(moment, lives.advertise)
    timetable.play()
    return len(customers)


def _shifts(mould: Mould, plan: Plan, *, first_record: int) -> list[Shift]:
    places = (
        Place(
            ticket=1 + number * mould.tickets,
            record=first_record + number * mould.records,
            customer=number * mould.customers,
            start=plan.start + number * PERIOD,
        )
        for number in range(plan.copies)
    )
    return [Shift(mould.start, place) for place in places]
