"""Who works when: shifts of the departments, and when customers write."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from integrations.sandbox.population import QUEUES, WORKDAY
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.store import Record

LOCAL = timedelta(hours=8)  # the desk sits in Singapore
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROUND_THE_CLOCK = ("RC", "SEC", "P2P", "PAY", "CS")
SHIFT = timedelta(hours=9)
LONG_SHIFT = timedelta(hours=12)  # where two people share the day
FIRST_SHIFT = timedelta(hours=8)
WEEK, WEEKEND = range(7), (5, 6)
# how many customers write in each hour of the day at the desk; most live in Asia and Europe
BUSY_HOURS = (4, 3, 2, 2, 2, 3, 4, 6, 8, 10, 11, 11, 10, 9, 10, 11, 11, 10, 9, 9, 9, 8, 7, 5)
WEEKEND_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers, with the working days and the start and length of a shift."""

    user: Record
    group_id: int
    days: frozenset[int]  # Monday is 0
    starts: timedelta
    lasts: timedelta

    def present(self, moment: datetime) -> datetime:
        """Return the first instant from `moment` on at which this agent works."""
        return next(max(moment, begins) for begins, ends in self._shifts(moment) if ends > moment)

    def _shifts(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        local = moment + LOCAL
        day = local.replace(hour=0, minute=0, second=0, microsecond=0) - DAY
        while True:
            if day.weekday() in self.days:
                begins = day + self.starts - LOCAL
                yield begins, begins + self.lasts
            day += DAY


class Rota:
    """The agents of every department."""

    def __init__(self, account: Account) -> None:
        self._account = account
        groups = {group["name"]: group["id"] for group in account.groups.all()}
        self._agents = {
            code: [
                self._agent(code, place, name, groups[group]) for place, name in enumerate(names)
            ]
            for code, (group, names) in QUEUES.items()
        }

    def first_present(self, queue: str, moment: datetime, random: Random) -> Agent:
        """Return who of a department can take a ticket first; among several, any of them."""
        since = {agent.user["id"]: agent.present(moment) for agent in self._agents[queue]}
        earliest = min(since.values())
        waiting = [one for one in self._agents[queue] if since[one.user["id"]] == earliest]
        return random.choice(waiting)

    def _agent(self, code: str, place: int, name: str, group_id: int) -> Agent:
        address = f"{name.lower().replace(' ', '.')}@example.com"
        user = self._account.user_by_email(address)
        if user is None:
            raise LookupError(f"{address} is missing from the standing population")
        if code not in ROUND_THE_CLOCK:
            opens, closes = (timedelta(minutes=minutes) for minutes in WORKDAY)
            return Agent(user, group_id, frozenset(WEEK) - {*WEEKEND}, opens, closes - opens)
        people = len(QUEUES[code][1])
        days_off = {(5 + 2 * place) % 7, (6 + 2 * place) % 7}
        lasts = SHIFT if people > 2 else LONG_SHIFT  # noqa: PLR2004 - a pair shares the day
        starts = FIRST_SHIFT + place * DAY / people
        return Agent(user, group_id, frozenset(WEEK) - days_off, starts, lasts)


def arrivals(random: Random, start: datetime, end: datetime, how_many: int) -> list[datetime]:
    """Return when customers write between two instants, oldest first."""
    hours = int((end - start) / HOUR) or 1
    slots = [start + number * HOUR for number in range(hours)]
    weights = list(accumulate(map(_busyness, slots)))
    chosen = random.choices(slots, cum_weights=weights, k=how_many)
    return sorted(min(slot + random.random() * HOUR, end) for slot in chosen)


def _busyness(moment: datetime) -> float:
    local = moment.astimezone(UTC) + LOCAL
    return BUSY_HOURS[local.hour] * (WEEKEND_SHARE if local.weekday() in WEEKEND else 1.0)
