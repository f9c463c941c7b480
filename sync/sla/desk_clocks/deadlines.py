"""Until when a rule must be met: the end of a day, counted as the rule and the place count."""

from datetime import time

import msgspec

from integrations.runtime.errors import BadRecord
from sync.sla.desk_clocks.book import Place, Rule
from sync.sla.desk_clocks.entries import RuleEntry
from sync.sla.desk_clocks.limits import Limit, Unit

MOST_KEPT = 50_000


class Deadline(msgspec.Struct, frozen=True, gc=False):
    """The last second of an answer in time, and that after a timely holding reply.

    `doubt` says why nobody can tell.
    """

    title: str
    due: int = 0
    put_off: int | None = None  # None: a holding reply moves nothing
    doubt: str | None = None


class Deadlines:
    """Computes deadlines; complaints of the same day and place are counted once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int], Deadline] = {}

    def find(self, rule: Rule, place: Place, received: int) -> Deadline:
        """Return the deadline of a complaint received at this second."""
        try:
            day = _day_of_receipt(rule.entry, place, received)
        except BadRecord as error:
            return _unknown(rule, place, error)
        key = (rule.policy_id, place.code, day)
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            known = self._kept[key] = _deadline(rule, place, day, received)
        return known


def _deadline(rule: Rule, place: Place, day: int, received: int) -> Deadline:
    limit, extended = rule.limits.at(received).limit, rule.extended
    if not place.calendar.counts_business_days and any(
        each is not None and each.unit is Unit.BUSINESS_DAYS for each in (limit, extended)
    ):
        said = f"the rules name no public holidays of {place.title}"
        return Deadline(_title(rule, place), doubt=said)
    try:
        return Deadline(
            _title(rule, place),
            _end(limit, place, day),
            None if extended is None else _end(extended, place, day),
        )
    except BadRecord as error:
        return _unknown(rule, place, error)


def _end(limit: Limit, place: Place, day: int) -> int:
    return place.calendar.end_of(place.calendar.last_day(limit, day))


def _day_of_receipt(entry: RuleEntry, place: Place, received: int) -> int:
    """Return the day that counts as that of receipt; the day after it is day one."""
    calendar = place.calendar
    day = calendar.day_of(received)
    if entry.receipt == "as_it_is":
        return day
    if entry.closes_at and calendar.time_of(received) >= time.fromisoformat(entry.closes_at):
        day += 1
    return calendar.next_business_day(day)


def _unknown(rule: Rule, place: Place, error: BadRecord) -> Deadline:
    return Deadline(_title(rule, place), doubt=error.message.rstrip("."))


def _title(rule: Rule, place: Place) -> str:
    return f"{rule.entry.title} ({place.title})"
